/** Deletes everything that is stored of a tenant, in all tables and containers. */
import { odata } from '@azure/data-tables';
import type { ContainerClient } from '@azure/storage-blob';
import pMap from 'p-map';
import { ownerOfSet } from '../access/owner.ts';
import type { StorageSettings } from '../config.ts';
import { tablePrefix } from '../index/keys.ts';
import type { DeletedCounts, DeletedPlace, TenantData } from '../offboarding/removal.ts';
import { hasErrorCode } from './storage.ts';
import { containerNames } from './blobs/container-names.ts';
import { blobService, containerOf } from './blobs/containers.ts';
import { deleteBlob } from './blobs/delete-blob.ts';
import { consentTable, consentsOf } from './tables/consent-store.ts';
import { deleteArrivals } from './tables/delete-arrivals.ts';
import { deleteFindings } from './tables/delete-findings.ts';
import { deleteRows } from './tables/delete-rows.ts';
import { findingTable } from './tables/finding-keys.ts';
import { operationsOf, operationTable } from './tables/operation-store.ts';
import { tablesByOwner, tablesByTenant, type FixedTable } from './tables/table-names.ts';
import type { Tables } from './tables/tables.ts';

const deletesAtOnce = 16;
/** As many as the service lists at once. */
const blobsAPage = 5000;

/** @param blobsListed at once: this many attempts are wasted on blobs that an immutability policy keeps */
export function createTenantData(
  settings: StorageSettings,
  tables: Tables,
  blobsListed = blobsAPage,
): TenantData {
  const service = blobService(settings);
  return {
    async purge(tenantId, budget) {
      const deleted = { blobs: 0, tables: 0, rows: 0 };
      const places: DeletedPlace[] = [];
      let retainedBlobs = 0;
      const blobs = { tenantId, blobsListed, retain: (count: number) => void (retainedBlobs += count) };
      const rowsIn = (...all: readonly RowsOfTable[]) =>
        all.map(([table, filter]) => ['rows', table, deleteRows(tables, table, filter)] as const);
      /** Each deletes piece by piece as it is read, and yields the number of each piece. */
      const purges: readonly (readonly [keyof DeletedCounts, place: string, AsyncIterable<number>])[] = [
        // First: a purge that is called back leaves none that names files which do not exist.
        ...rowsIn(['MonthLayouts', partitionsOf(tenantId)]),
        // Then blobs: deleted ones can no longer be indexed.
        ...containerNames.map(
          (name) => ['blobs', name, purgeBlobs(containerOf(service, name), blobs)] as const,
        ),
        // The files of what its callers made: without the rows below, nothing would delete them when they expire.
        [
          'blobs',
          'exports',
          purgeBlobs(containerOf(service, 'exports'), { ...blobs, tenantId: ownerOfSet(tenantId) }),
        ],
        ['tables', 'index', purgeTables(tables, tenantId)],
        // Before the newest number of its landings: if the purge is called back, whatever number is next is announced, and
        // as blobs and claims are gone, nothing is delivered again.
        ['rows', 'Arrivals', deleteArrivals(tables, tenantId)],
        ['rows', findingTable, deleteFindings(tables, tenantId)],
        ...rowsIn(...rowsOf(tenantId)),
      ];
      for (const [kind, place, pieces] of purges) {
        for await (const count of pieces) {
          deleted[kind] += count;
          if (count > 0) places.push({ kind, place, count });
          // Only after a deletion, so that every call makes progress.
          if (count > 0 && budget.aborted) return { deleted, places, retainedBlobs, finished: false };
        }
      }
      return { deleted, places, retainedBlobs, finished: true };
    },
  };
}

type RowsOfTable = readonly [table: FixedTable, filter: string];

function partitionsOf(tenantId: string): string {
  return odata`PartitionKey ge ${tenantId} and PartitionKey lt ${`${tenantId}~`}`;
}

/** Evidence stays: the access log, the removals, legal holds. */
function rowsOf(tenantId: string): readonly RowsOfTable[] {
  // Of what belongs to several tenants, that which belongs to callers of this tenant alone: no other caller finds it.
  const owners = [tenantId, ownerOfSet(tenantId)];
  return [
    ...tablesByTenant.map((table) => [table, partitionsOf(tenantId)] as const),
    ...tablesByOwner.map((table) => [table, partitionsOf(ownerOfSet(tenantId))] as const),
    // In partitions of channels: what waits there, and what was sent.
    ['ChannelDeliveries', odata`tenantId eq ${tenantId}`],
    // In tables that tenants share: consent links, keys for this tenant alone, and operations.
    [consentTable, consentsOf(tenantId)],
    ['ApiKeys', odata`PartitionKey eq 'key' and tenants eq ${tenantId}`],
    ...owners.flatMap(operationsOf).map((filter) => [operationTable, filter] as const),
  ];
}

interface BlobPurge {
  readonly tenantId: string;
  /** Receives the number of blobs that cannot be deleted yet. */
  readonly retain: (count: number) => void;
  readonly blobsListed: number;
}

async function* purgeBlobs(
  container: ContainerClient,
  { tenantId, retain, blobsListed: maxPageSize }: BlobPurge,
): AsyncGenerator<number> {
  const pages = container.listBlobsFlat({ prefix: `tenant=${tenantId}/` }).byPage({ maxPageSize });
  let areKept = false;
  try {
    for await (const { segment } of pages) {
      const { blobItems } = segment;
      if (areKept) {
        retain(blobItems.length);
        continue;
      }
      const concurrency = deletesAtOnce;
      const gone = await pMap(blobItems, ({ name }) => deleteBlob(container, name), { concurrency });
      const deleted = gone.filter(Boolean).length;
      retain(blobItems.length - deleted);
      // Oldest first: where a policy keeps a whole page, it keeps all that follow.
      areKept = blobItems.length > 0 && deleted === 0;
      yield deleted;
    }
  } catch (error) {
    if (!hasErrorCode(error, 'ContainerNotFound')) throw error;
  }
}

async function* purgeTables(tables: Tables, tenantId: string): AsyncGenerator<number> {
  const prefix = tablePrefix(tenantId);
  for (const name of await tables.names(prefix, `${prefix}z`)) {
    await tables.drop(name);
    yield 1;
  }
}

/** Everything that is stored of a tenant, in all tables and containers, for the one who has to delete it. */
import { odata } from '@azure/data-tables';
import { RestError as BlobError, type BlobServiceClient, type ContainerClient } from '@azure/storage-blob';
import pMap from 'p-map';
import type { StorageSettings } from '../config.ts';
import { tablePrefix } from '../index/keys.ts';
import type { DeletedCounts, TenantData } from '../tenants/removal.ts';
import { blobService } from './blobs/containers.ts';
import { consentTable, consentsOf } from './tables/consent-store.ts';
import { isMissing, type StoredEntity, type Tables } from './tables/tables.ts';

/** Tables whose partition key begins with the tenant's id. What callers did stays: the access log, the removals. */
const tenantTables = [
  'Checkpoints',
  'Enablements',
  'Exports',
  'Gaps',
  'Landings',
  'Ledger',
  'Postures',
  'RoleHolders',
  'Searches',
  'WebhookSubscriptions',
] as const;

const containers = ['raw', 'rejected', 'exports'] as const;
const deletesAtOnce = 16;

export function createTenantData(settings: StorageSettings, tables: Tables): TenantData {
  const blobs = blobService(settings);
  return {
    async purge(tenantId, mayGoOn) {
      const deleted = { blobs: 0, tables: 0, rows: 0 };
      for (const [what, pieces] of piecesOf({ blobs, tables }, tenantId)) {
        for await (const count of pieces) {
          deleted[what] += count;
          // Only after a deletion: however short the time, each call gets somewhere.
          if (count > 0 && !mayGoOn()) return { deleted, finished: false };
        }
      }
      return { deleted, finished: true };
    },
  };
}

interface Storage {
  readonly blobs: BlobServiceClient;
  readonly tables: Tables;
}

/** Deletes piece by piece as it is read, and says how many of what each piece was. */
function piecesOf(
  { blobs, tables }: Storage,
  tenantId: string,
): readonly (readonly [keyof DeletedCounts, AsyncIterable<number>])[] {
  // Blobs first: what is gone cannot be indexed any more.
  return [
    ...containers.map((name) => ['blobs', purgeBlobs(blobs.getContainerClient(name), tenantId)] as const),
    ['tables', purgeTables(tables, tenantId)],
    ...rowsOf(tenantId).map(([table, filter]) => ['rows', purgeRows(tables, table, filter)] as const),
  ];
}

function rowsOf(tenantId: string): readonly (readonly [table: string, filter: string])[] {
  const filter = odata`PartitionKey ge ${tenantId} and PartitionKey lt ${`${tenantId}~`}`;
  return [...tenantTables.map((table) => [table, filter] as const), ...rowsElsewhere(tenantId)];
}

/** Rows that name the tenant in a column: links that were sent, and keys that open nothing else. */
function rowsElsewhere(tenantId: string): readonly (readonly [string, string])[] {
  return [
    [consentTable, consentsOf(tenantId)],
    ['ApiKeys', odata`PartitionKey eq 'key' and tenants eq ${tenantId}`],
  ];
}

async function* purgeBlobs(container: ContainerClient, tenantId: string): AsyncGenerator<number> {
  const pages = container.listBlobsFlat({ prefix: `tenant=${tenantId}/` }).byPage();
  try {
    for await (const { segment } of pages) {
      await pMap(segment.blobItems, ({ name }) => deleteBlob(container, name), {
        concurrency: deletesAtOnce,
      });
      yield segment.blobItems.length;
    }
  } catch (error) {
    if (!(error instanceof BlobError) || error.code !== 'ContainerNotFound') throw error;
  }
}

async function deleteBlob(container: ContainerClient, name: string): Promise<void> {
  await container.getBlobClient(name).deleteIfExists({ deleteSnapshots: 'include' });
}

async function* purgeTables(tables: Tables, tenantId: string): AsyncGenerator<number> {
  const prefix = tablePrefix(tenantId);
  for (const name of await tables.names(prefix, `${prefix}z`)) {
    await tables.drop(name);
    yield 1;
  }
}

async function* purgeRows(tables: Tables, table: string, filter: string): AsyncGenerator<number> {
  const select = ['PartitionKey', 'RowKey'];
  let token: string | undefined;
  do {
    const page = await tables.page(table, { filter, select, token });
    for (const actions of deletionsOf(page.entities)) await deleteRows(tables, table, actions);
    yield page.entities.length;
    token = page.token;
  } while (token !== undefined);
}

type Deletion = ['delete', { partitionKey: string; rowKey: string }];

async function deleteRows(tables: Tables, table: string, actions: Deletion[]): Promise<void> {
  try {
    await tables.transact(table, actions);
  } catch (error) {
    if (!isMissing(error)) throw error;
    // Somebody else has deleted one of them: none was deleted here.
    for (const [, { partitionKey, rowKey }] of actions) await tables.remove(table, partitionKey, rowKey);
  }
}

/** Transactions of at most 100 rows of one partition; rows come in order of their keys. */
function deletionsOf(entities: readonly StoredEntity[]): readonly Deletion[][] {
  const transactions: Deletion[][] = [];
  let last: string | undefined;
  for (const { partitionKey, rowKey } of entities) {
    const current = transactions.at(-1);
    const action: Deletion = ['delete', { partitionKey, rowKey }];
    if (current !== undefined && partitionKey === last && current.length < 100) current.push(action);
    else transactions.push([action]);
    last = partitionKey;
  }
  return transactions;
}

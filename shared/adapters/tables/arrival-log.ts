/**
 * Table `Arrivals`: one partition, so that numbers are assigned one after the other. `newest` holds the newest number,
 * `entry_{number}` is an arrival, `tenant_{tid}` says how far a tenant is announced, and `of_{tid}_{number}` finds the
 * arrivals of a tenant when it is purged.
 */
import { odata, type TransactionAction } from '@azure/data-tables';
import * as z from 'zod';
import type { AppendedArrivals, ArrivalLog, NewArrival } from '../../feed/arrival-log.ts';
import { sequenceColumn } from './landing-keys.ts';
import { openRows } from './rows.ts';
import { deleteOldArrivals } from './delete-arrivals.ts';
import { ifUnchanged, pagesOf, type StoredEntity, type Tables } from './tables.ts';
import {
  arrivalKey,
  arrivalPartition as partitionKey,
  arrivalPrefix,
  arrivalTable as table,
  afterArrivals,
  afterAnnounced,
  announcedKey,
  announcedTenant,
  arrivalOfTenantKey,
  newestArrivalKey,
} from './arrival-keys.ts';

const counterRow = z.object({ etag: z.string(), number: sequenceColumn });
const announcedRow = z.object({ etag: z.string(), through: sequenceColumn });

export function createArrivalLog(tables: Tables): ArrivalLog {
  const rows = openRows(tables, {
    table,
    columns: z.object({ tenantId: z.string(), after: sequenceColumn, through: sequenceColumn }),
    toRow: (arrival, { rowKey }) => ({ number: numberIn(rowKey), ...arrival }),
  });
  const readCounter = async () => {
    const found = counterRow.optional().parse(await tables.get(table, partitionKey, newestArrivalKey));
    return found && { number: found.number, version: found.etag };
  };
  return {
    newest: readCounter,
    lastArrival: async () => (await readCounter())?.number ?? 0,
    arrivals: (from, limit) =>
      rows.all(
        odata`PartitionKey eq ${partitionKey} and RowKey ge ${arrivalKey(from)} and RowKey lt ${afterArrivals}`,
        limit,
      ),
    async announced(tenantId) {
      const row = await tables.get(table, partitionKey, announcedKey(tenantId));
      const found = announcedRow.optional().parse(row);
      return found && { through: found.through, version: found.etag };
    },
    async *announcedAll() {
      const filter = odata`PartitionKey eq ${partitionKey} and RowKey ge ${announcedKey('')} and RowKey lt ${afterAnnounced}`;
      for await (const page of pagesOf(tables, table, { filter }))
        yield page.map((row) => ({
          tenantId: announcedTenant(row.rowKey),
          through: announcedRow.parse(row).through,
        }));
    },
    append: (newest, arrivals) => append(tables, newest?.version, arrivals),
    expire: (before) => deleteOldArrivals(tables, before),
  };
}

async function append(
  tables: Tables,
  version: string | undefined,
  arrivals: readonly NewArrival[],
): Promise<AppendedArrivals | undefined> {
  const number = arrivals.at(-1)?.arrival.number ?? 0;
  const counter = written(newestArrivalKey, { number: BigInt(number) }, version);
  const actions = [counter, ...arrivals.flatMap(actionsOf)];
  const etags = await ifUnchanged(() => tables.transact(table, actions));
  if (etags === undefined) return undefined;
  const tenants = arrivals.map(({ arrival }, at) => ({
    through: arrival.through,
    version: etags[1 + at * rowsPerArrival] ?? '',
  }));
  return { newest: { number, version: etags[0] ?? '' }, tenants };
}

const rowsPerArrival = 3;

/** The first is the one whose version is remembered. */
function actionsOf({ arrival, before }: NewArrival): readonly TransactionAction[] {
  const { number, tenantId } = arrival;
  const [after, through] = [BigInt(arrival.after), BigInt(arrival.through)];
  return [
    written(announcedKey(tenantId), { through }, before?.version),
    ['create', { partitionKey, rowKey: arrivalKey(number), tenantId, after, through }],
    ['create', { partitionKey, rowKey: arrivalOfTenantKey(tenantId, number) }],
  ];
}

/** @param version undefined if it does not exist */
function written(rowKey: string, columns: object, version: string | undefined): TransactionAction {
  const row = { partitionKey, rowKey, ...columns };
  return version === undefined ? ['create', row] : ['update', row, 'Replace', { etag: version }];
}

function numberIn(rowKey: StoredEntity['rowKey']): number {
  return Number(rowKey.slice(arrivalPrefix.length));
}

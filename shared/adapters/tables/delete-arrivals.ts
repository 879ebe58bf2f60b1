/** Deletes rows of the table `Arrivals`: those of a tenant, and old ones. */
import { odata } from '@azure/data-tables';
import * as z from 'zod';
import {
  announcedKey,
  arrivalKey,
  arrivalOfTenantPrefix,
  arrivalPartition as partitionKey,
  arrivalPrefix,
  arrivalTable as table,
} from './arrival-keys.ts';
import { deleteEntities, keyColumns } from './delete-rows.ts';
import { isWritten, pagesOf, type StoredEntity, type Tables } from './tables.ts';

/**
 * Yields the number of rows of each page. What is announced meanwhile stays whole, for the next round: the counter of
 * all tenants is not touched, and the tenant's own row goes last, unless it changed since.
 */
export async function* deleteArrivals(tables: Tables, tenantId: string): AsyncGenerator<number> {
  const rowKey = announcedKey(tenantId);
  const announced = await tables.get(table, partitionKey, rowKey);
  const prefix = arrivalOfTenantPrefix(tenantId);
  const filter = odata`PartitionKey eq ${partitionKey} and RowKey ge ${prefix} and RowKey lt ${`${prefix}~`}`;
  for await (const page of pagesOf(tables, table, { filter, select: keyColumns })) {
    const rows = page.flatMap((row) => [arrivalFoundBy(row, prefix), row]);
    await deleteEntities(tables, table, rows);
    yield rows.length;
  }
  const etag = announced?.etag;
  if (etag === undefined) return;
  if (
    await isWritten(() =>
      tables.write(table, (client) => client.deleteEntity(partitionKey, rowKey, { etag })),
    )
  )
    yield 1;
}

const oldRow = z.object({ tenantId: z.string() });
/** Others announce in the same partition meanwhile, which takes 2,000 rows a second. */
const oneTransaction = 1;

/** @see ArrivalLog.expire */
export async function* deleteOldArrivals(tables: Tables, before: number): AsyncGenerator<number> {
  const filter = odata`PartitionKey eq ${partitionKey} and RowKey ge ${arrivalPrefix} and RowKey lt ${arrivalKey(before)}`;
  for await (const page of pagesOf(tables, table, { filter, select: [...keyColumns, 'tenantId'] })) {
    // Pairs that fit into transactions. The entry goes last: it finds the other one.
    const rows = page.flatMap((row) => [ofTenantFoundBy(row), row]);
    await deleteEntities(tables, table, rows, oneTransaction);
    yield rows.length;
  }
}

function ofTenantFoundBy(row: StoredEntity): StoredEntity {
  const prefix = arrivalOfTenantPrefix(oldRow.parse(row).tenantId);
  return { ...row, rowKey: prefix + row.rowKey.slice(arrivalPrefix.length) };
}

/** Deleted first: if only one of both is, it is the one that the other one finds. */
function arrivalFoundBy(row: StoredEntity, prefix: string): StoredEntity {
  return { ...row, rowKey: arrivalPrefix + row.rowKey.slice(prefix.length) };
}

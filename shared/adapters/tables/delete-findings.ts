/** Deletes rows of the table `Findings`: those of a tenant, or its old ones. */
import { odata } from '@azure/data-tables';
import { deleteEntities, keyColumns } from './delete-rows.ts';
import {
  findingKeyAt,
  findingKeyFoundBy,
  findingPartition,
  findingPrefix,
  findingTable,
} from './finding-keys.ts';
import { pagesOf, type StoredEntity, type Tables } from './tables.ts';

/**
 * Yields the number of rows of each page; each finding has two.
 * @param before those only that were made before, and whose last record is older, too
 */
export async function* deleteFindings(
  tables: Tables,
  tenantId: string,
  before?: Date,
): AsyncGenerator<number> {
  const filter = before === undefined ? filterOf(tenantId) : oldFilter(tenantId, before);
  for await (const page of pagesOf(tables, findingTable, { filter, select: keyColumns })) {
    // The row among those of the tenant goes last: it finds the other one.
    const rows = page.flatMap((row) => [inAll(row, tenantId), row]);
    await deleteEntities(tables, findingTable, rows);
    yield rows.length;
  }
}

function filterOf(tenantId: string, from = findingPrefix(tenantId)): string {
  const prefix = findingPrefix(tenantId);
  return odata`PartitionKey eq ${findingPartition} and RowKey ge ${from} and RowKey lt ${`${prefix}~`}`;
}

function oldFilter(tenantId: string, before: Date): string {
  const later = new Date(before.getTime() - 1);
  const made = filterOf(tenantId, findingKeyAt(tenantId, later));
  return `${made} and ${odata`lastDateTime lt ${before.toISOString()}`}`;
}

function inAll(row: StoredEntity, tenantId: string): StoredEntity {
  return { ...row, rowKey: findingKeyFoundBy(row.rowKey, tenantId) };
}

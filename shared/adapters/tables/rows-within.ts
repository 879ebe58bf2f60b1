/** Rows whose keys are known. */
import { odata } from '@azure/data-tables';
import type { FixedTable } from './table-names.ts';
import type { StoredEntity, Tables } from './tables.ts';

/** Those of the rows that exist: keys begin with a time, so one query finds the rows of one listing. */
export async function rowsWithin(
  tables: Tables,
  table: FixedTable,
  partition: string,
  { keys, select }: { readonly keys: readonly string[]; readonly select?: string[] },
): Promise<readonly StoredEntity[]> {
  const [first = '', ...others] = keys.toSorted();
  const filter = odata`PartitionKey eq ${partition} and RowKey ge ${first} and RowKey le ${others.at(-1) ?? first}`;
  const wanted = new Set(keys);
  return (await tables.all(table, { filter, select })).filter(({ rowKey }) => wanted.has(rowKey));
}

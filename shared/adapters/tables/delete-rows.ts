/** Deletes all rows that match, page by page, a hundred of a partition at a time. */
import pMap from 'p-map';
import type { FixedTable, TableName } from './table-names.ts';
import { isWritten, pagesOf, type StoredEntity, type Tables } from './tables.ts';

const rowsPerTransaction = 100;
const transactionsAtOnce = 8;

/** Yields the number of rows of each page. Rows that are deleted concurrently are ignored. */
export async function* deleteRows(tables: Tables, table: FixedTable, filter: string): AsyncGenerator<number> {
  for await (const page of pagesOf(tables, table, { filter, select: keyColumns })) {
    await deleteEntities(tables, table, page);
    yield page.length;
  }
}

/** What a query has to select so that its entities can be deleted. */
export const keyColumns = ['PartitionKey', 'RowKey'];

/** Deletes entities that were read in order of their keys; those that are deleted concurrently are ignored. */
export async function deleteEntities(
  tables: Tables,
  table: TableName,
  entities: readonly StoredEntity[],
  concurrency: number = transactionsAtOnce,
): Promise<void> {
  await pMap(deletionsOf(entities), (actions) => deleteAll(tables, table, actions), { concurrency });
}

type Deletion = ['delete', { partitionKey: string; rowKey: string }];

/** Transactions of rows of one partition; rows come in order of their keys. */
function deletionsOf(entities: readonly StoredEntity[]): readonly Deletion[][] {
  const transactions: Deletion[][] = [];
  for (const { partitionKey, rowKey } of entities) {
    const current = transactions.at(-1);
    const action: Deletion = ['delete', { partitionKey, rowKey }];
    const isNext = current?.[0]?.[1].partitionKey === partitionKey && current.length < rowsPerTransaction;
    if (isNext) current.push(action);
    else transactions.push([action]);
  }
  return transactions;
}

async function deleteAll(tables: Tables, table: TableName, actions: Deletion[]): Promise<void> {
  if (await isWritten(() => tables.transact(table, actions))) return;
  // One of them was deleted concurrently, so the transaction deleted none.
  for (const [, { partitionKey, rowKey }] of actions) await tables.remove(table, partitionKey, rowKey);
}

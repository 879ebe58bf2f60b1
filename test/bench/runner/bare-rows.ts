/** What indexing is held against: the rows it would write, made ready beforehand, in bare transactions. */
import { TableClient, type TransactionAction } from '@azure/data-tables';
import pMap from 'p-map';
import { createRecordIndex } from '../../../shared/adapters/tables/record-index.ts';
import type { Tables } from '../../../shared/adapters/tables/tables.ts';
import type { Config } from '../../../shared/config.ts';
import { indexLanding } from '../../../shared/index/index-landing.ts';
import type { IndexRequest } from '../../../shared/landing/work-queues.ts';
import type { InputOf, ResultOf, writeBare } from '../tasks.ts';
import { timed } from './clock.ts';
import { connectionStringOf, type Product } from './product.ts';

const maxActions = 100;

interface Transaction {
  readonly table: string;
  readonly actions: TransactionAction[];
}

export async function writeBareRows(
  config: Config,
  product: Product,
  { landings }: InputOf<typeof writeBare>,
): Promise<ResultOf<typeof writeBare>> {
  const transactions = fill(await rehearse(product, landings));
  const clients = await openTables(config, new Set(transactions.map(({ table }) => table)));
  const { seconds } = await timed(() =>
    pMap(transactions, ({ table, actions }) => clients.get(table)?.submitTransaction(actions), {
      concurrency: product.concurrency,
    }),
  );
  const rows = transactions.reduce((sum, { actions }) => sum + actions.length, 0);
  return { seconds, rows, transactions: transactions.length };
}

/** Indexes without writing: returns every transaction the indexer would have sent. */
async function rehearse(
  product: Product,
  landings: readonly IndexRequest[],
): Promise<readonly Transaction[]> {
  const sent: Transaction[] = [];
  const tables: Tables = {
    ...product.tables,
    transact: (table, actions) => {
      sent.push({ table, actions });
      return Promise.resolve([]);
    },
  };
  const silent = { ...product.landings, close: () => Promise.resolve(undefined) };
  const rehearsing = { ...product, index: createRecordIndex(tables), landings: silent };
  for (const landing of landings) await indexLanding(rehearsing, landing);
  return sent;
}

/** The same rows in full transactions, in the order in which these fill. */
function fill(sent: readonly Transaction[]): readonly Transaction[] {
  const filling = new Map<string, Transaction>();
  const full: Transaction[] = [];
  for (const { table, actions } of sent) {
    for (const action of actions) {
      const key = `${table} ${action[1].partitionKey}`;
      const transaction = filling.get(key) ?? { table, actions: [] };
      transaction.actions.push(action);
      filling.set(key, transaction);
      if (transaction.actions.length < maxActions) continue;
      full.push(transaction);
      filling.delete(key);
    }
  }
  return [...full, ...filling.values()];
}

async function openTables(
  config: Config,
  names: ReadonlySet<string>,
): Promise<ReadonlyMap<string, TableClient>> {
  const options = { allowInsecureConnection: true };
  const clients = [...names].map((name) =>
    TableClient.fromConnectionString(connectionStringOf(config), name, options),
  );
  await Promise.all(clients.map((client) => client.createTable()));
  return new Map(clients.map((client) => [client.tableName, client]));
}

/** Rows of settled content in table `Ledger`. */
import { odata } from '@azure/data-tables';
import * as z from 'zod';
import { contentBlobSchema } from '../../activity/activity-feed.ts';
import {
  settledStates,
  type ContentKey,
  type SettledContent,
  type SettledRange,
  type SettledState,
} from '../../landing/ledger.ts';
import { groupBy } from '../../group-by.ts';
import { dayPartition, rowKeyOf, timePrefix } from './ledger-keys.ts';
import { receiptColumns, splitReceipt } from './receipt-columns.ts';
import { rowsWithin } from './rows-within.ts';
import { pagesOf, type StoredEntity, type Tables } from './tables.ts';

const table = 'Ledger';
const stateSchema = z.enum(settledStates);
const columns = z.object({
  ...contentBlobSchema.shape,
  ...receiptColumns,
  state: stateSchema,
  attempts: z.number(),
  landingId: z.string().optional(),
  code: z.string().optional(),
});

export async function readKnown(
  tables: Tables,
  tenantId: string,
  contents: readonly ContentKey[],
): Promise<ReadonlyMap<string, SettledState>> {
  const known = new Map<string, SettledState>();
  for (const [partition, group] of groupBy(contents, (content) => dayPartition(tenantId, content))) {
    const byKey = new Map(group.map((content) => [rowKeyOf(content), content.contentId]));
    const [keys, select] = [[...byKey.keys()], ['PartitionKey', 'RowKey', 'state']];
    for (const { rowKey, state } of await rowsWithin(tables, table, partition, { keys, select })) {
      const contentId = byKey.get(rowKey);
      if (contentId !== undefined) known.set(contentId, stateSchema.parse(state));
    }
  }
  return known;
}

/** Partitions of days are in order, and so are their rows: one query reads any number of days. */
export async function* readSettled(
  tables: Tables,
  tenantId: string,
  { contentType, from = firstMoment, to = lastMoment, batch }: SettledRange,
): AsyncGenerator<readonly SettledContent[]> {
  const partition = (contentCreated: Date) => dayPartition(tenantId, { contentType, contentCreated });
  const [first, last] = [partition(from), partition(to)];
  const filter = odata`PartitionKey ge ${first} and PartitionKey le ${last} and RowKey ge ${timePrefix(from)} and RowKey lt ${timePrefix(to)}`;
  const query = { filter, ...(batch === undefined ? {} : { pageSize: batch }) };
  for await (const entities of pagesOf(tables, table, query)) yield entities.map(toSettled);
}

const firstMoment = new Date(0);
const lastMoment = new Date('9999-12-31T23:59:59.999Z');

function toSettled(entity: StoredEntity): SettledContent {
  const { receipt, rest } = splitReceipt(columns.parse(entity));
  const { state, attempts, landingId, code, ...content } = rest;
  return { content, state, attempts, landingId, receipt, code };
}

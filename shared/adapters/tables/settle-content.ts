/** Settles content in table `Ledger`: what landed stays landed, whichever of two hosts is faster. */
import type { TableEntity, TransactionAction } from '@azure/data-tables';
import * as z from 'zod';
import type { ContentBlob } from '../../activity/activity-feed.ts';
import { settledStates, type Ledger, type SettledContent } from '../../landing/ledger.ts';
import { groupBy } from '../../group-by.ts';
import { toEntity } from './columns.ts';
import { dayPartition, rowKeyOf } from './ledger-keys.ts';
import { rowsWithin } from './rows-within.ts';
import { isWritten, type Tables } from './tables.ts';

const table = 'Ledger';
/** The most that a transaction holds. */
const chunkSize = 100;
/** Each failed attempt was overtaken by another host that settles the same content. */
const maxAttempts = 10;

interface SettleDeps {
  readonly tables: Tables;
  readonly closeGaps: Ledger['closeGaps'];
}

/** One request per 100 content blobs of a day that are settled for the first time. @see Ledger.settle */
export async function settle(
  deps: SettleDeps,
  tenantId: string,
  contents: readonly SettledContent[],
): Promise<readonly ContentBlob[]> {
  const landed: ContentBlob[] = [];
  const days = groupBy(contents, ({ content }) => dayPartition(tenantId, content));
  for (const [partitionKey, all] of days) {
    // A transaction must not contain an entity twice: the last one counts.
    const day = [...new Map(all.map((row) => [rowKeyOf(row.content), row])).values()];
    for (let at = 0; at < day.length; at += chunkSize) {
      const chunk = { tenantId, partitionKey, rows: day.slice(at, at + chunkSize) };
      landed.push(...(await settleChunk(deps, chunk)));
    }
  }
  return landed;
}

interface Chunk {
  readonly tenantId: string;
  readonly partitionKey: string;
  readonly rows: readonly SettledContent[];
}

/** Nothing of it was settled before, except rarely: only a conflict makes it read what was. */
async function settleChunk(deps: SettleDeps, chunk: Chunk): Promise<readonly ContentBlob[]> {
  let before: ReadonlyMap<string, SettledRow> = new Map();
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const of = ({ content }: SettledContent) => before.get(rowKeyOf(content));
    const isLate = (row: SettledContent) => row.state !== 'landed' && of(row)?.state === 'landed';
    const found = chunk.rows.filter(
      (row) => row.state === 'landed' && (of(row)?.state ?? 'landed') !== 'landed',
    );
    if (found.length > 0) await deps.closeGaps(chunk.tenantId, found.map(contentOf));
    const actions = chunk.rows
      .filter((row) => !isLate(row))
      .map((row) => actionOf(entityOf(chunk.partitionKey, row), of(row)));
    if (await isWritten(() => deps.tables.transact(table, actions)))
      return chunk.rows.filter(isLate).map(contentOf);
    before = await readSettledRows(deps.tables, chunk);
  }
  throw new Error('Could not settle content: other hosts settled it each time.');
}

function contentOf({ content }: SettledContent): ContentBlob {
  return content;
}

function entityOf(
  partitionKey: string,
  { content, receipt, state, attempts, landingId, code }: SettledContent,
): TableEntity {
  const settled = { state, attempts, landingId, code };
  return toEntity({ partitionKey, rowKey: rowKeyOf(content) }, { ...content, ...settled, ...receipt });
}

function actionOf(entity: TableEntity, before: SettledRow | undefined): TransactionAction {
  return before === undefined ? ['create', entity] : ['update', entity, 'Replace', { etag: before.etag }];
}

const settledRow = z.object({ etag: z.string(), state: z.enum(settledStates) });
type SettledRow = z.infer<typeof settledRow>;

async function readSettledRows(
  tables: Tables,
  { partitionKey, rows }: Chunk,
): Promise<ReadonlyMap<string, SettledRow>> {
  // Whole rows, as their etags are needed.
  const keys = rows.map(({ content }) => rowKeyOf(content));
  const found = await rowsWithin(tables, table, partitionKey, { keys });
  return new Map(found.map((entity) => [entity.rowKey, settledRow.parse(entity)]));
}

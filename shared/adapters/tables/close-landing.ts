/** The transaction that marks a landing as indexed, and gives it its number in the feed and its link in the chain, once. */
import { odata, type TransactionAction } from '@azure/data-tables';
import * as z from 'zod';
import { nextSequence } from '../../feed/landing-sequence.ts';
import {
  landingSchema,
  type IndexedCounts,
  type Landing,
  type RecordedLanding,
} from '../../landing/landing.ts';
import { toEntity } from './columns.ts';
import { chainHeadRow, linking, newestLinkKey, type StoredChainHead } from './landing-chain.ts';
import {
  landingColumns,
  landingTable as table,
  markerKey,
  sequenceColumn,
  sequenceKey,
} from './landing-keys.ts';
import { entityOf } from './rows.ts';
import { isWritten, type Tables } from './tables.ts';

/** Holds the newest number. */
const newestKey = 'newest';

export interface Closing {
  readonly landing: Landing;
  readonly counts: IndexedCounts;
  /** Its row, as read before; absent: it is read. */
  readonly known: RecordedLanding | undefined;
  readonly traceId: string | undefined;
  readonly now: Date;
}

const recordedRow = landingSchema.pick({ textSha256: true, hashedAt: true, contentsSha256: true }).extend({
  etag: z.string(),
  state: z.string(),
  sequence: sequenceColumn.optional(),
  link: z.number().optional(),
});

export async function readRecorded(
  tables: Tables,
  tenantId: string,
  landingId: string,
): Promise<RecordedLanding | undefined> {
  const row = recordedRow.optional().parse(await tables.get(table, tenantId, landingId));
  if (row === undefined) return undefined;
  const { etag: version, state, ...rest } = row;
  return { ...rest, version, isIndexed: state === 'indexed' };
}

/**
 * Its number in the feed, if it has one.
 * @returns undefined when the row, or the newest number or link, is no longer what it was when it was read
 */
export async function closeOnce(
  tables: Tables,
  tenantId: string,
  closing: Closing,
): Promise<Pick<RecordedLanding, 'sequence'> | undefined> {
  const { landing, counts, traceId, known } = closing;
  const { landingId } = landing;
  const [before, newest] = await Promise.all([
    known ?? readRecorded(tables, tenantId, landingId),
    readNewest(tables, tenantId),
  ]);
  const places = placesOf(tenantId, closing, before, newest);
  const { indexed, duplicates, notUnderstood, rows, pastRetention = 0 } = counts;
  const counted = { indexed, duplicates, notUnderstood, rows, pastRetention, state: 'indexed' };
  const closed = {
    ...entityOf(landingColumns, { partitionKey: tenantId, rowKey: landingId }, landing),
    ...counted,
    ...places.columns,
  };
  const actions: TransactionAction[] = [
    before?.version === undefined
      ? ['create', { ...closed, traceId }]
      : ['update', closed, 'Merge', { etag: before.version }],
    ...places.actions,
  ];
  if (before?.isIndexed === false) actions.push(['delete', markerKey(tenantId, landingId)]);
  const isClosed = await isWritten(() => tables.transact(table, actions));
  return isClosed ? { sequence: before?.sequence ?? places.sequence } : undefined;
}

/** A place in an order, as columns of the landing's row, and what else assigns it. */
interface Place {
  /** The number in the feed. */
  readonly sequence?: number | undefined;
  readonly columns: Readonly<Record<string, bigint | number>>;
  readonly actions: readonly TransactionAction[];
}

/** Its number in the feed and its link: assigned once, however often it is indexed. */
function placesOf(
  tenantId: string,
  closing: Closing,
  before: RecordedLanding | undefined,
  { number, head }: Newest,
): Place {
  const { landing, now } = closing;
  // What was imported is not new to readers of the feed.
  const isNew = landing.importId === undefined && before?.sequence === undefined;
  const inFeed = isNew ? numbering(tenantId, closing, number) : noPlace;
  const inChain = before?.link === undefined ? linking(tenantId, { landing, head, now }) : noPlace;
  return {
    sequence: inFeed.sequence,
    columns: { ...inFeed.columns, ...inChain.columns },
    actions: [...inFeed.actions, ...inChain.actions],
  };
}

/** What it has stays as it is. */
const noPlace: Place = { columns: {}, actions: [] };

/** Fails as a whole when another landing was numbered meanwhile: the clocks of two hosts may differ. */
function numbering(
  partitionKey: string,
  { landing, counts, now }: Closing,
  newest: NewestNumber | undefined,
): Place {
  const { landingId, blobName, oldestContent } = landing;
  const { indexed, allOwn } = counts;
  const members = { landingId, blobName, indexed, oldestContent, allOwn: allOwn === true ? true : undefined };
  const number = nextSequence(newest?.sequence, now);
  const sequence = BigInt(number);
  const next = { partitionKey, rowKey: newestKey, sequence };
  return {
    sequence: number,
    columns: { sequence },
    actions: [
      ['create', toEntity({ partitionKey, rowKey: sequenceKey(number) }, members)],
      newest === undefined ? ['create', next] : ['update', next, 'Replace', { etag: newest.etag }],
    ],
  };
}

const newestRow = z.object({ etag: z.string(), sequence: sequenceColumn });
type NewestNumber = z.infer<typeof newestRow>;

interface Newest {
  readonly number: NewestNumber | undefined;
  readonly head: StoredChainHead | undefined;
}

/** The newest number and the newest link, with one request. */
async function readNewest(tables: Tables, tenantId: string): Promise<Newest> {
  const filter = odata`PartitionKey eq ${tenantId} and RowKey ge ${newestKey} and RowKey le ${newestLinkKey}`;
  const found = new Map((await tables.all(table, { filter })).map((row) => [row.rowKey, row]));
  return {
    number: newestRow.optional().parse(found.get(newestKey)),
    head: chainHeadRow.optional().parse(found.get(newestLinkKey)),
  };
}

export async function readLastSequence(tables: Tables, tenantId: string): Promise<number> {
  return newestRow.optional().parse(await tables.get(table, tenantId, newestKey))?.sequence ?? 0;
}

/**
 * Table `Landings`: a row per landing, a marker row while it is not indexed, and a number once it is. One partition a
 * tenant, so that a landing and its number are written together or not at all.
 */
import { odata, type TransactionAction } from '@azure/data-tables';
import * as z from 'zod';
import { nextSequence, type LandingSequence, type SequencedLanding } from '../../feed/landing-sequence.ts';
import { landingStamp, type IndexedCounts, type Landing, type LandingStore } from '../../landing/landing.ts';
import type { CurrentTrace } from '../../telemetry/invocation-scope.ts';
import { dateColumn } from './columns.ts';
import { firstOf, ifUnchanged, type StoredEntity, type Tables } from './tables.ts';

const table = 'Landings';
/** Landing ids begin with a digit: all of them sort before this, and everything else after it. */
const afterLandings = ':';
const markerPrefix = 'unindexed_';
const sequencePrefix = 'sequence_';
/** Milliseconds since 1970, for the next thirty thousand years. */
const sequenceDigits = 15;
/** Holds the newest number. */
const newestKey = 'newest';
/** Each failed attempt was overtaken by another landing of the tenant. */
const maxAttempts = 100;

/** Edm.Int64: in Azure a plain whole number is an Edm.Int32, which is too small; the emulator accepts it. */
const sequenceColumn = z.bigint().transform(Number);

const row = z.object({
  rowKey: z.string(),
  blobName: z.string(),
  landedAt: dateColumn,
  contentBlobs: z.number(),
  records: z.number(),
  bytes: z.number(),
  oldestContent: dateColumn,
});

const counted = z.object({
  contentBlobs: z.number(),
  records: z.number(),
  indexed: z.number().default(0),
  duplicates: z.number().default(0),
  notUnderstood: z.number().default(0),
});

export interface LandingStoreOptions {
  /** Of the running code: a landing's row keeps the trace in which it was first written. @default none */
  readonly trace?: CurrentTrace;
  /** @default the clock of this machine */
  readonly now?: () => Date;
}

export function createLandingStore(
  tables: Tables,
  { trace = () => undefined, now = () => new Date() }: LandingStoreOptions = {},
): LandingStore & LandingSequence {
  const traceColumn = () => ({ traceId: trace()?.traceId });
  return {
    async open(tenantId, landing) {
      const entity = landingEntity(tenantId, landing);
      const marker = { ...entity, rowKey: markerPrefix + landing.landingId };
      // If it exists, an earlier attempt wrote it, or the indexer was faster and needs no marker.
      await ifUnchanged(() =>
        tables.transact(table, [
          ['create', { ...entity, ...traceColumn(), state: 'landed' }],
          ['upsert', marker, 'Replace'],
        ]),
      );
    },
    async close(tenantId, landing, counts) {
      for (let attempt = 0; attempt < maxAttempts; attempt++) {
        if (await closeOnce(tables, tenantId, { landing, counts, traceColumn: traceColumn(), now: now() }))
          return;
      }
      throw new Error('Could not number a landing: other landings were faster each time.');
    },
    async unindexed(tenantId) {
      const filter = odata`PartitionKey eq ${tenantId} and RowKey ge ${markerPrefix}`;
      return (await tables.all(table, { filter })).map(toLanding);
    },
    async totals(tenantId, since) {
      const filter = odata`PartitionKey eq ${tenantId} and RowKey ge ${landingStamp(since)} and RowKey lt ${afterLandings}`;
      const select = ['contentBlobs', 'records', 'indexed', 'duplicates', 'notUnderstood'];
      const rows = (await tables.all(table, { filter, select })).map((entity) => counted.parse(entity));
      const sum = (pick: (row: z.infer<typeof counted>) => number) =>
        rows.reduce((total, row) => total + pick(row), 0);
      return {
        contentBlobs: sum((landing) => landing.contentBlobs),
        recordsLanded: sum((landing) => landing.records),
        recordsIndexed: sum((landing) => landing.indexed),
        duplicates: sum((landing) => landing.duplicates),
        notUnderstood: sum((landing) => landing.notUnderstood),
      };
    },
    async sequenced(tenantId, from, limit) {
      const filter = odata`PartitionKey eq ${tenantId} and RowKey ge ${sequenceKey(from)} and RowKey lt ${markerPrefix}`;
      return (await firstOf(tables, table, filter, limit)).map(toSequenced);
    },
    lastSequence: async (tenantId) => (await readNewest(tables, tenantId))?.sequence ?? 0,
  };
}

interface Closing {
  readonly landing: Landing;
  readonly counts: IndexedCounts;
  readonly traceColumn: { readonly traceId: string | undefined };
  readonly now: Date;
}

const closable = z.object({ etag: z.string(), state: z.string(), sequence: sequenceColumn.optional() });

/** False when the row, or the newest number, is no longer what it was when it was read. */
async function closeOnce(tables: Tables, tenantId: string, closing: Closing): Promise<boolean> {
  const { landing, counts, traceColumn, now } = closing;
  const { landingId } = landing;
  const [stored, newest] = await Promise.all([
    tables.get(table, tenantId, landingId),
    readNewest(tables, tenantId),
  ]);
  const before = stored === undefined ? undefined : closable.parse(stored);
  const assigned = before?.sequence;
  const sequence = assigned ?? nextSequence(newest?.sequence, now);
  const entity = {
    ...landingEntity(tenantId, landing),
    ...countColumns(counts),
    state: 'indexed',
    sequence: BigInt(sequence),
  };
  const actions: TransactionAction[] = [
    before === undefined
      ? ['create', { ...entity, ...traceColumn }]
      : ['update', entity, 'Merge', { etag: before.etag }],
    // Only the first time: a number is assigned once, however often a landing is indexed.
    ...(assigned === undefined ? numbering(tenantId, closing, { sequence, newest }) : []),
    ...(before?.state === 'landed' ? [markerRemoval(tenantId, landingId)] : []),
  ];
  return (await ifUnchanged(() => tables.transact(table, actions))) !== undefined;
}

interface Numbering {
  readonly sequence: number;
  /** The newest before. */
  readonly newest: Newest | undefined;
}

/** Fails as a whole when another landing was numbered meanwhile: the clocks of two hosts may differ. */
function numbering(
  tenantId: string,
  { landing, counts }: Closing,
  { sequence, newest }: Numbering,
): readonly TransactionAction[] {
  const { landingId, blobName } = landing;
  const { indexed } = counts;
  const numbered = { partitionKey: tenantId, rowKey: sequenceKey(sequence), landingId, blobName, indexed };
  const next = { partitionKey: tenantId, rowKey: newestKey, sequence: BigInt(sequence) };
  return [
    ['create', numbered],
    newest === undefined ? ['create', next] : ['update', next, 'Replace', { etag: newest.etag }],
  ];
}

function markerRemoval(tenantId: string, landingId: string): TransactionAction {
  return ['delete', { partitionKey: tenantId, rowKey: markerPrefix + landingId }];
}

function sequenceKey(sequence: number): string {
  return sequencePrefix + String(sequence).padStart(sequenceDigits, '0');
}

const newestRow = z.object({ etag: z.string(), sequence: sequenceColumn });
type Newest = z.infer<typeof newestRow>;

async function readNewest(tables: Tables, tenantId: string): Promise<Newest | undefined> {
  const newest = await tables.get(table, tenantId, newestKey);
  return newest === undefined ? undefined : newestRow.parse(newest);
}

const sequencedRow = z.object({
  rowKey: z.string(),
  landingId: z.string(),
  blobName: z.string(),
  indexed: z.number(),
});

function toSequenced(entity: StoredEntity): SequencedLanding {
  const { rowKey, ...landing } = sequencedRow.parse(entity);
  return { ...landing, sequence: Number(rowKey.slice(sequencePrefix.length)) };
}

function landingEntity(tenantId: string, landing: Landing) {
  const { landingId, blobName, landedAt, contentBlobs, records, bytes, oldestContent } = landing;
  return {
    partitionKey: tenantId,
    rowKey: landingId,
    blobName,
    contentBlobs,
    records,
    bytes,
    landedAt: landedAt.toISOString(),
    oldestContent: oldestContent.toISOString(),
  };
}

function countColumns({ indexed, duplicates, notUnderstood, rows }: IndexedCounts) {
  return { indexed, duplicates, notUnderstood, rows };
}

function toLanding(entity: StoredEntity): Landing {
  const { rowKey, ...landing } = row.parse(entity);
  return { ...landing, landingId: rowKey.slice(markerPrefix.length) };
}

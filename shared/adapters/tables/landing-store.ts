/**
 * Table `Landings`: a row per landing, a marker row while it is not indexed, and a number once it is. One partition a
 * tenant, so that a landing and its number are written together or not at all.
 */
import { odata, type TransactionAction } from '@azure/data-tables';
import * as z from 'zod';
import { nextSequence, type LandingSequence } from '../../feed/landing-sequence.ts';
import {
  landingSchema,
  landingStamp,
  type ImportTotals,
  type IndexedCounts,
  type Landing,
  type LandingStore,
  type OpenLanding,
} from '../../landing/landing.ts';
import type { CurrentTrace } from '../../telemetry/invocation-scope.ts';
import { entityOf, openRows } from './rows.ts';
import { ifUnchanged, isWritten, type Tables } from './tables.ts';

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

const landingColumns = landingSchema.omit({ landingId: true });
const markerColumns = landingColumns.extend({ processed: z.number().optional() });

const counted = z.object({
  contentBlobs: z.number(),
  records: z.number(),
  indexed: z.number().default(0),
  duplicates: z.number().default(0),
  notUnderstood: z.number().default(0),
  importId: z.string().optional(),
});

const ofImport = z.object({ state: z.string(), indexed: z.number().default(0) });

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
  const { unindexed, numbered } = readers(tables);
  const traceId = () => trace()?.traceId;
  return {
    async open(tenantId, landing) {
      const { landingId } = landing;
      const marker = entityOf(landingColumns, markerKey(tenantId, landingId), landing);
      const row = { ...marker, rowKey: landingId, traceId: traceId(), state: 'landed' };
      // If it exists, an earlier attempt wrote it, or the indexer was faster and needs no marker.
      await ifUnchanged(() =>
        tables.transact(table, [
          ['create', row],
          ['upsert', marker, 'Replace'],
        ]),
      );
    },
    async close(tenantId, landing, counts) {
      for (let attempt = 0; attempt < maxAttempts; attempt++) {
        if (await closeOnce(tables, tenantId, { landing, counts, traceId: traceId(), now: now() })) return;
      }
      throw new Error('Could not number a landing: other landings were faster each time.');
    },
    async progress(tenantId, landingId, processed) {
      // Only the marker, which the end of indexing deletes: a late report cannot change the final counts.
      await ifUnchanged(() => unindexed.merge(markerKey(tenantId, landingId), { processed }));
    },
    isIndexed: async (tenantId, landingId) =>
      (await readClosable(tables, tenantId, landingId))?.state === 'indexed',
    unindexed: (tenantId) => unindexed.all(odata`PartitionKey eq ${tenantId} and RowKey ge ${markerPrefix}`),
    async totals(tenantId, since) {
      const filter = landedSince(tenantId, since);
      const select = Object.keys(counted.shape);
      const rows = (await tables.all(table, { filter, select })).map((entity) => counted.parse(entity));
      const ofFeed = rows.filter(({ importId }) => importId === undefined);
      const sum = (name: Exclude<keyof z.infer<typeof counted>, 'importId'>) =>
        ofFeed.reduce((total, row) => total + row[name], 0);
      return {
        contentBlobs: sum('contentBlobs'),
        recordsLanded: sum('records'),
        recordsIndexed: sum('indexed'),
        duplicates: sum('duplicates'),
        notUnderstood: sum('notUnderstood'),
      };
    },
    importTotals: (tenantId, importId, since) => sumOfImport(tables, { tenantId, importId, since }),
    sequenced: (tenantId, from, limit) =>
      numbered.all(
        odata`PartitionKey eq ${tenantId} and RowKey ge ${sequenceKey(from)} and RowKey lt ${markerPrefix}`,
        limit,
      ),
    lastSequence: async (tenantId) => (await readNewest(tables, tenantId))?.sequence ?? 0,
  };
}

function landedSince(tenantId: string, since: Date): string {
  return odata`PartitionKey eq ${tenantId} and RowKey ge ${landingStamp(since)} and RowKey lt ${afterLandings}`;
}

async function sumOfImport(
  tables: Tables,
  { tenantId, importId, since }: { tenantId: string; importId: string; since: Date },
): Promise<ImportTotals> {
  const filter = `${landedSince(tenantId, since)} and ${odata`importId eq ${importId}`}`;
  const select = Object.keys(ofImport.shape);
  const rows = (await tables.all(table, { filter, select })).map((entity) => ofImport.parse(entity));
  const indexed = rows.filter(({ state }) => state === 'indexed');
  const recordsIndexed = indexed.reduce((total, row) => total + row.indexed, 0);
  return { landings: rows.length, indexedLandings: indexed.length, recordsIndexed };
}

/** Markers of landings that are not indexed, and landings by their number. */
function readers(tables: Tables) {
  const unindexed = openRows(tables, {
    table,
    columns: markerColumns,
    toRow: (landing, { rowKey }): OpenLanding => ({
      ...landing,
      landingId: rowKey.slice(markerPrefix.length),
    }),
  });
  const numbered = openRows(tables, {
    table,
    columns: z.object({ landingId: z.string(), blobName: z.string(), indexed: z.number() }),
    toRow: (landing, { rowKey }) => ({ ...landing, sequence: Number(rowKey.slice(sequencePrefix.length)) }),
  });
  return { unindexed, numbered };
}

interface Closing {
  readonly landing: Landing;
  readonly counts: IndexedCounts;
  readonly traceId: string | undefined;
  readonly now: Date;
}

const closable = z.object({ etag: z.string(), state: z.string(), sequence: sequenceColumn.optional() });

async function readClosable(tables: Tables, tenantId: string, landingId: string) {
  return closable.optional().parse(await tables.get(table, tenantId, landingId));
}

/** False when the row, or the newest number, is no longer what it was when it was read. */
async function closeOnce(tables: Tables, tenantId: string, closing: Closing): Promise<boolean> {
  const { landing, counts, traceId, now } = closing;
  const { landingId, importId } = landing;
  const [before, newest] = await Promise.all([
    readClosable(tables, tenantId, landingId),
    readNewest(tables, tenantId),
  ]);
  // What was imported is not new to readers of the feed.
  const isNumbered = importId === undefined;
  const sequence = before?.sequence ?? nextSequence(newest?.sequence, now);
  const { indexed, duplicates, notUnderstood, rows } = counts;
  const numbered = isNumbered ? { sequence: BigInt(sequence) } : {};
  const counted = { indexed, duplicates, notUnderstood, rows, state: 'indexed', ...numbered };
  const closed = {
    ...entityOf(landingColumns, { partitionKey: tenantId, rowKey: landingId }, landing),
    ...counted,
  };
  const actions: TransactionAction[] = [
    before === undefined
      ? ['create', { ...closed, traceId }]
      : ['update', closed, 'Merge', { etag: before.etag }],
    // Only the first time: a number is assigned once, however often a landing is indexed.
    ...(isNumbered && before?.sequence === undefined ? numbering(tenantId, closing, sequence, newest) : []),
  ];
  if (before?.state === 'landed') actions.push(['delete', markerKey(tenantId, landingId)]);
  return await isWritten(() => tables.transact(table, actions));
}

/** Fails as a whole when another landing was numbered meanwhile: the clocks of two hosts may differ. */
function numbering(
  partitionKey: string,
  { landing, counts }: Closing,
  sequence: number,
  newest: Newest | undefined,
): readonly TransactionAction[] {
  const { landingId, blobName } = landing;
  const { indexed } = counts;
  const next = { partitionKey, rowKey: newestKey, sequence: BigInt(sequence) };
  return [
    ['create', { partitionKey, rowKey: sequenceKey(sequence), landingId, blobName, indexed }],
    newest === undefined ? ['create', next] : ['update', next, 'Replace', { etag: newest.etag }],
  ];
}

function markerKey(partitionKey: string, landingId: string) {
  return { partitionKey, rowKey: markerPrefix + landingId };
}

function sequenceKey(sequence: number): string {
  return sequencePrefix + String(sequence).padStart(sequenceDigits, '0');
}

const newestRow = z.object({ etag: z.string(), sequence: sequenceColumn });
type Newest = z.infer<typeof newestRow>;

async function readNewest(tables: Tables, tenantId: string): Promise<Newest | undefined> {
  return newestRow.optional().parse(await tables.get(table, tenantId, newestKey));
}

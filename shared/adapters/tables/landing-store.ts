/**
 * Table `Landings`: a row per landing, a marker row while it is not indexed, and a number and a link of the chain once it
 * is. One partition a tenant, so that these are written together or not at all.
 */
import { odata, type TransactionAction } from '@azure/data-tables';
import * as z from 'zod';
import type { LandingChain } from '../../evidence/chain.ts';
import { nextSequence, type LandingSequence } from '../../feed/landing-sequence.ts';
import {
  givenUpLandingSchema,
  landingSchema,
  landingStamp,
  type ImportTotals,
  type IndexedCounts,
  type GivenUpLanding,
  type Landing,
  type LandingStore,
  type NotIndexed,
  type OpenLanding,
  type RecordedLanding,
} from '../../landing/landing.ts';
import type { CurrentTrace } from '../../telemetry/invocation-scope.ts';
import { binaryColumn, jsonColumn, type EntityKey } from './columns.ts';
import {
  chainHeadRow,
  createLandingChain,
  linking,
  newestLinkKey,
  type StoredChainHead,
} from './landing-chain.ts';
import { entityOf, openRows, type Rows } from './rows.ts';
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
const markerColumns = landingColumns.extend({
  processed: z.number().optional(),
  /** Absent unless it was given up. */
  givenUp: jsonColumn(givenUpLandingSchema).optional(),
});

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
): LandingStore & LandingSequence & LandingChain {
  const { markers, numbered } = readers(tables);
  const traceId = () => trace()?.traceId;
  return {
    async open(tenantId, landing, contentHashes) {
      const { landingId } = landing;
      const marker = entityOf(landingColumns, markerKey(tenantId, landingId), landing);
      const contents = contentHashes === undefined ? {} : { contents: packHashes(contentHashes) };
      const row = { ...marker, rowKey: landingId, ...contents, traceId: traceId(), state: 'landed' };
      // If it exists, an earlier attempt wrote it, or the indexer was faster and needs no marker.
      await ifUnchanged(() =>
        tables.transact(table, [
          ['create', row],
          ['upsert', marker, 'Replace'],
        ]),
      );
    },
    async close(tenantId, landing, counts, recorded) {
      for (let attempt = 0; attempt < maxAttempts; attempt++) {
        const known = attempt === 0 ? recorded : undefined;
        const closing = { landing, counts, known, traceId: traceId(), now: now() };
        if (await closeOnce(tables, tenantId, closing)) return;
      }
      throw new Error('Could not number a landing: other landings were faster each time.');
    },
    async progress(tenantId, landingId, processed) {
      // Only the marker, which the end of indexing deletes: a late report cannot change the final counts.
      await ifUnchanged(() => markers.merge(markerKey(tenantId, landingId), { processed }));
    },
    recorded: (tenantId, landingId) => readRecorded(tables, tenantId, landingId),
    contentHashes: (tenantId, landingId) => readContentHashes(tables, tenantId, landingId),
    ...waitingLandings(markers),
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
    lastSequence: async (tenantId) =>
      newestRow.optional().parse(await tables.get(table, tenantId, newestKey))?.sequence ?? 0,
    ...createLandingChain(tables),
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
  const markers = openRows(tables, {
    table,
    columns: markerColumns,
    toRow: (landing, { rowKey, etag }): Marker => ({
      landing: { ...landing, landingId: rowKey.slice(markerPrefix.length) },
      etag,
    }),
  });
  const numbered = openRows(tables, {
    table,
    columns: z.object({ landingId: z.string(), blobName: z.string(), indexed: z.number() }),
    toRow: (landing, { rowKey }) => ({ ...landing, sequence: Number(rowKey.slice(sequencePrefix.length)) }),
  });
  return { markers, numbered };
}

interface Marker {
  readonly landing: OpenLanding;
  readonly etag: string;
}

type Markers = Rows<typeof markerColumns, Marker>;

/** Landings that are not indexed, and what is decided about them. */
function waitingLandings(
  markers: Markers,
): Pick<LandingStore, 'notIndexed' | 'unindexed' | 'giveUp' | 'takeBack'> {
  const notIndexed = async (tenantId: string): Promise<NotIndexed> => {
    const filter = odata`PartitionKey eq ${tenantId} and RowKey ge ${markerPrefix}`;
    const all = (await markers.all(filter)).map(({ landing }) => landing);
    return {
      unindexed: all.filter(({ givenUp }) => givenUp === undefined),
      givenUp: all.filter(({ givenUp }) => givenUp !== undefined),
    };
  };
  const decide = (tenantId: string, landingId: string, givenUp: GivenUpLanding | undefined) =>
    decideOn(markers, markerKey(tenantId, landingId), givenUp);
  return {
    notIndexed,
    unindexed: async (tenantId) => (await notIndexed(tenantId)).unindexed,
    giveUp: async (tenantId, landingId, givenUp) =>
      (await decide(tenantId, landingId, givenUp)) !== undefined,
    takeBack: (tenantId, landingId) => decide(tenantId, landingId, undefined),
  };
}

/** Undefined when there is no marker: the landing is indexed, or was not opened. */
async function decideOn(
  markers: Markers,
  key: EntityKey,
  givenUp: GivenUpLanding | undefined,
): Promise<OpenLanding | undefined> {
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const found = await markers.get(key);
    if (found === undefined) return undefined;
    const landing = { ...found.landing, givenUp };
    if (found.landing.givenUp === givenUp) return landing;
    if (await isWritten(() => markers.replace(key, landing, found.etag))) return landing;
  }
  throw new Error('Could not record a decision on a landing: the indexer reported progress each time.');
}

/** 32 bytes a content blob: up to 16 KB a landing, in its row only. */
const contentsRow = z.object({ contents: binaryColumn.optional() });

function packHashes(hashes: readonly string[]): Uint8Array {
  return Buffer.from(hashes.join(''), 'hex');
}

async function readContentHashes(
  tables: Tables,
  tenantId: string,
  landingId: string,
): Promise<readonly string[] | undefined> {
  const { contents } = contentsRow.parse((await tables.get(table, tenantId, landingId)) ?? {});
  return contents && (Buffer.from(contents).toString('hex').match(/.{64}/g) ?? []);
}

interface Closing {
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

async function readRecorded(
  tables: Tables,
  tenantId: string,
  landingId: string,
): Promise<RecordedLanding | undefined> {
  const row = recordedRow.optional().parse(await tables.get(table, tenantId, landingId));
  if (row === undefined) return undefined;
  const { etag: version, state, ...rest } = row;
  return { ...rest, version, isIndexed: state === 'indexed' };
}

/** False when the row, or the newest number or link, is no longer what it was when it was read. */
async function closeOnce(tables: Tables, tenantId: string, closing: Closing): Promise<boolean> {
  const { landing, counts, traceId, known } = closing;
  const { landingId } = landing;
  const [before, newest] = await Promise.all([
    known ?? readRecorded(tables, tenantId, landingId),
    readNewest(tables, tenantId),
  ]);
  const places = placesOf(tenantId, closing, before, newest);
  const { indexed, duplicates, notUnderstood, rows } = counts;
  const counted = { indexed, duplicates, notUnderstood, rows, state: 'indexed' };
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
  return await isWritten(() => tables.transact(table, actions));
}

/** A place in an order, as columns of the landing's row, and what else assigns it. */
interface Place {
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
  const { landingId, blobName } = landing;
  const { indexed } = counts;
  const number = nextSequence(newest?.sequence, now);
  const sequence = BigInt(number);
  const next = { partitionKey, rowKey: newestKey, sequence };
  return {
    columns: { sequence },
    actions: [
      ['create', { partitionKey, rowKey: sequenceKey(number), landingId, blobName, indexed }],
      newest === undefined ? ['create', next] : ['update', next, 'Replace', { etag: newest.etag }],
    ],
  };
}

function markerKey(partitionKey: string, landingId: string) {
  return { partitionKey, rowKey: markerPrefix + landingId };
}

function sequenceKey(sequence: number): string {
  return sequencePrefix + String(sequence).padStart(sequenceDigits, '0');
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

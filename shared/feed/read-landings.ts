/** Reads the records of a tenant's landings in the order of ingestion, within what one batch may find and spend. */
import { deliveredRecords, indexedRecord, type DeliveredRecord } from '../index/delivered-records.ts';
import type { RawStore } from '../landing/raw-store.ts';
import type { RecordFilters } from '../query/filters.ts';
import type { FoundRecord } from '../query/found-record.ts';
import { createRecordText } from '../query/matching/free-text.ts';
import { createMatcher } from '../query/matching/match.ts';
import { defaultLimits } from '../query/reading/budget.ts';
import type { Telemetry } from '../telemetry.ts';
import { keptByAll } from '../retention/retention.ts';
import type { NameDirectory } from '../tenants/name-directory.ts';
import { startTurn as startTurnOfProcess, type StartTurn, type Turn } from '../turns.ts';
import {
  isBefore,
  type FeedPosition,
  type LandingSequence,
  type SequencedLanding,
} from './landing-sequence.ts';
import { ownedRecords, type ClaimReader } from './owned-records.ts';

export interface FeedDeps {
  readonly landings: LandingSequence;
  readonly raw: Pick<RawStore, 'read'>;
  readonly index: ClaimReader;
  readonly names: NameDirectory;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
  /** By default the turns of the process. */
  readonly startTurn?: StartTurn | undefined;
  /** See PageLimits; by default as many as a page of a query. */
  readonly maxComparisons?: number | undefined;
}

/**
 * A batch without an end of its own returns after this time, or when its comparisons are spent, with what it has; it
 * always advances by a line.
 */
const maxMs = 8_000;
const landingsAtOnce = 20;
/** Claims read at once; each is a request. */
const maxCandidates = 100;

/** A reader that wants more than what was found. */
export interface BatchObserver {
  /** Called for each record, in order. @param place of the record in the feed */
  readonly onFound?:
    ((found: FoundRecord, delivered: DeliveredRecord, place: FeedPosition) => void) | undefined;
  /** True when the batch should end, although it may have more records. */
  readonly isFull?: (() => boolean) | undefined;
}

/** What the landings of one batch share. */
export interface Batch {
  /** In order. */
  readonly found: FoundRecord[];
  readonly onFound: BatchObserver['onFound'];
  /** Maximum number of records. */
  readonly limit: number;
  readonly spend: (comparisons: number) => void;
  /** It is full, or it has no given end and has spent its time or its comparisons. */
  readonly shouldEnd: () => boolean;
  readonly turn: Turn;
}

/** @param until any given end: such a batch must be the same whenever it is read */
export function startBatch(
  { now, startTurn = startTurnOfProcess, maxComparisons = defaultLimits.comparisons }: FeedDeps,
  {
    limit,
    until,
    onFound,
    isFull,
  }: BatchObserver & {
    readonly limit: number;
    readonly until?: object | undefined;
  },
): Batch {
  let comparisons = 0;
  const deadline = now().getTime() + maxMs;
  const found: FoundRecord[] = [];
  const isSpent = () => now().getTime() >= deadline || comparisons >= maxComparisons;
  return {
    found,
    onFound,
    limit,
    spend: (more) => (comparisons += more),
    shouldEnd: () => found.length >= limit || isFull?.() === true || (until === undefined && isSpent()),
    turn: startTurn(),
  };
}

/** One tenant's part of a batch: what matches there. */
export interface TenantReading extends Batch {
  readonly tenantId: string;
  readonly mayMatch: (record: DeliveredRecord) => boolean;
  /** For a record with the id it is found by, which is known only from its claim. */
  readonly matchesId: (record: FoundRecord) => boolean;
}

/** @param asked with the names that are known in the tenant */
export function readingOfTenant(batch: Batch, tenantId: string, asked: RecordFilters): TenantReading {
  const { ids, ...filters } = asked;
  const matches = createMatcher(filters, batch.spend);
  const byId = createMatcher({ ids });
  return {
    ...batch,
    tenantId,
    mayMatch: (delivered) =>
      matches(
        foundRecord(delivered, tenantId),
        createRecordText(delivered.record.bytes, delivered.record.truncated),
      ) === true,
    matchesId: (record) => byId(record) === true,
  };
}

/** Where to begin in a tenant's landings, and where to end. */
export interface Stretch {
  readonly position: FeedPosition;
  /** Exclusive end; absent: everything. */
  readonly until?: FeedPosition | undefined;
}

export interface StretchRead {
  /** After everything that was read. */
  readonly position: FeedPosition;
  /** False when everything available has been read. */
  readonly more: boolean;
}

/** @throws when storage fails, or a raw blob is damaged */
export async function readLandings(
  deps: FeedDeps,
  reading: TenantReading,
  stretch: Stretch,
): Promise<StretchRead> {
  const cursor: Cursor = { ...reading, ...stretch };
  for (;;) {
    const { sequence } = cursor.position;
    const landings = await deps.landings.sequenced(reading.tenantId, sequence, landingsAtOnce);
    for (const landing of landings) {
      if (isAtEnd(cursor, cursor.position)) return toRead(cursor, true);
      if (!(await readLanding(deps, landing, cursor))) return toRead(cursor, true);
    }
    if (landings.length < landingsAtOnce) return toRead(cursor, false);
  }
}

interface Cursor extends TenantReading {
  position: FeedPosition;
  readonly until?: FeedPosition | undefined;
}

function foundRecord(delivered: DeliveredRecord, tenantId: string): FoundRecord {
  return { ...indexedRecord(delivered), tenantId, isLegacy: false };
}

function isAtEnd({ until }: Cursor, position: FeedPosition): boolean {
  return until !== undefined && !isBefore(position, until);
}

function toRead({ position, until }: Cursor, more: boolean): StretchRead {
  // The end of a landing and the start of the next one are the same position.
  const isPast = until !== undefined && isBefore(until, position);
  return { position: isPast ? until : position, more };
}

/** False when the batch has to end before or at the end of the landing. */
async function readLanding(deps: FeedDeps, landing: SequencedLanding, cursor: Cursor): Promise<boolean> {
  const { sequence, landingId, blobName, indexed } = landing;
  // If this is not the expected number, those in between were purged with their records, or never assigned.
  const line = cursor.position.sequence === sequence ? cursor.position.line : 0;
  cursor.position = { sequence, line };
  const blob = indexed === 0 ? undefined : await deps.raw.read(blobName);
  if (blob === undefined && indexed > 0) {
    deps.telemetry('feed.landing.missing', { tenantId: cursor.tenantId, landingId });
  }
  if (blob !== undefined) {
    const records = deliveredRecords(blob, line);
    if (!(await readRecords(deps, landing, records, cursor))) return false;
  }
  cursor.position = { sequence: sequence + 1, line: 0 };
  return !cursor.shouldEnd();
}

/** False when the batch has to end, or has reached its given end. */
async function readRecords(
  deps: FeedDeps,
  landing: SequencedLanding,
  records: AsyncIterable<DeliveredRecord>,
  cursor: Cursor,
): Promise<boolean> {
  const { sequence } = landing;
  let candidates: DeliveredRecord[] = [];
  let next = cursor.position.line;
  const settle = async () => {
    const owned = await ownedOf(deps, landing, cursor.tenantId, candidates);
    for (const delivered of owned) {
      const found = foundRecord(delivered, cursor.tenantId);
      if (!cursor.matchesId(found)) continue;
      cursor.found.push(found);
      cursor.onFound?.(found, delivered, { sequence, line: delivered.line });
    }
    cursor.position = { sequence, line: next };
    candidates = [];
  };
  for await (const record of records) {
    if (isAtEnd(cursor, { sequence, line: record.line })) {
      await settle();
      return false;
    }
    if (cursor.turn.isOver()) await cursor.turn.next();
    next = record.line + 1;
    if (cursor.mayMatch(record)) candidates.push(record);
    const room = Math.min(maxCandidates, cursor.limit - cursor.found.length);
    if (candidates.length < room && !cursor.shouldEnd()) continue;
    await settle();
    if (cursor.shouldEnd()) return false;
  }
  await settle();
  return true;
}

/** Of a landing that has nothing of others, all: only what retention may have deleted since costs a request each. */
async function ownedOf(
  { index, now }: FeedDeps,
  { landingId, allOwn }: SequencedLanding,
  tenantId: string,
  candidates: readonly DeliveredRecord[],
): Promise<readonly DeliveredRecord[]> {
  const kept = keptByAll(now());
  const isCertain = allOwn === true && candidates.every(({ time }) => time >= kept);
  return isCertain ? candidates : await ownedRecords(index, { tenantId, landingId }, candidates);
}

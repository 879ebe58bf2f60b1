/** Reads records in the order of ingestion: each once, however late it arrives and however often it is delivered. */
import { deliveredRecords, indexedRecord, type DeliveredRecord } from '../index/delivered-records.ts';
import type { RawStore } from '../landing/raw-store.ts';
import type { RecordFilters } from '../query/filters.ts';
import type { FoundRecord } from '../query/found-record.ts';
import { createRecordText } from '../query/matching/free-text.ts';
import { createMatcher } from '../query/matching/match.ts';
import { withKnownNames } from '../query/known-names.ts';
import { defaultLimits } from '../query/reading/budget.ts';
import type { Telemetry } from '../telemetry.ts';
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

export interface FeedQuestion {
  readonly tenantId: string;
  readonly filters: RecordFilters;
  readonly position: FeedPosition;
  /** Maximum number of records. */
  readonly limit: number;
  /** Exclusive end; absent: everything. */
  readonly until?: FeedPosition | undefined;
}

export interface FeedBatch {
  /** In the order of ingestion. */
  readonly records: readonly FoundRecord[];
  /** After everything that was read. */
  readonly position: FeedPosition;
  /** False when everything available has been read. */
  readonly more: boolean;
}

/**
 * A batch without an end of its own returns after this time, or when its comparisons are spent, with what it has; it
 * always advances by a line.
 */
const maxMs = 8_000;
const landingsAtOnce = 20;
/** Claims read at once; each is a request. */
const maxCandidates = 100;

/** @throws when storage fails, or a raw blob is damaged */
export async function readFeed(deps: FeedDeps, question: FeedQuestion): Promise<FeedBatch> {
  const filters = await withKnownNames(deps.names, [question.tenantId], question.filters);
  const reading = startReading(deps, { ...question, filters });
  for (;;) {
    const { sequence } = reading.position;
    const landings = await deps.landings.sequenced(question.tenantId, sequence, landingsAtOnce);
    for (const landing of landings) {
      if (isAtEnd(question, reading.position)) return toBatch(reading, true);
      if (!(await readLanding(deps, landing, reading))) return toBatch(reading, true);
    }
    if (landings.length < landingsAtOnce) return toBatch(reading, false);
  }
}

interface Reading extends FeedQuestion {
  position: FeedPosition;
  readonly found: FoundRecord[];
  readonly mayMatch: (record: DeliveredRecord) => boolean;
  /** For a record with the id it is found by, which is known only from its claim. */
  readonly matchesId: (record: FoundRecord) => boolean;
  readonly shouldEnd: () => boolean;
  readonly turn: Turn;
}

function startReading(deps: FeedDeps, question: FeedQuestion): Reading {
  const { now, startTurn = startTurnOfProcess, maxComparisons = defaultLimits.comparisons } = deps;
  const { tenantId, limit, until } = question;
  const { ids, ...filters } = question.filters;
  let comparisons = 0;
  const matches = createMatcher(filters, (more) => (comparisons += more));
  const byId = createMatcher({ ids });
  const deadline = now().getTime() + maxMs;
  const found: FoundRecord[] = [];
  const isSpent = () => now().getTime() >= deadline || comparisons >= maxComparisons;
  return {
    ...question,
    found,
    turn: startTurn(),
    mayMatch: (delivered) =>
      matches(
        foundRecord(delivered, tenantId),
        createRecordText(delivered.record.bytes, delivered.record.truncated),
      ) === true,
    matchesId: (record) => byId(record) === true,
    // A batch with a given end must be the same whenever it is read.
    shouldEnd: () => found.length >= limit || (until === undefined && isSpent()),
  };
}

function foundRecord(delivered: DeliveredRecord, tenantId: string): FoundRecord {
  return { ...indexedRecord(delivered), tenantId, isLegacy: false };
}

function isAtEnd({ until }: FeedQuestion, position: FeedPosition): boolean {
  return until !== undefined && !isBefore(position, until);
}

function toBatch({ found, position, until }: Reading, more: boolean): FeedBatch {
  // The end of a landing and the start of the next one are the same position.
  const isPast = until !== undefined && isBefore(until, position);
  return { records: found, position: isPast ? until : position, more };
}

/** False when the batch has to end before or at the end of the landing. */
async function readLanding(deps: FeedDeps, landing: SequencedLanding, reading: Reading): Promise<boolean> {
  const { sequence, landingId, blobName, indexed } = landing;
  // If this is not the expected number, those in between were purged with their records, or never assigned.
  const line = reading.position.sequence === sequence ? reading.position.line : 0;
  reading.position = { sequence, line };
  const blob = indexed === 0 ? undefined : await deps.raw.read(blobName);
  if (blob === undefined && indexed > 0) {
    deps.telemetry('feed.landing.missing', { tenantId: reading.tenantId, landingId });
  }
  if (blob !== undefined) {
    const records = deliveredRecords(blob, line);
    if (!(await readRecords(deps.index, landing, records, reading))) return false;
  }
  reading.position = { sequence: sequence + 1, line: 0 };
  return !reading.shouldEnd();
}

/** False when the batch has to end, or has reached its given end. */
async function readRecords(
  index: ClaimReader,
  { sequence, landingId }: SequencedLanding,
  records: AsyncIterable<DeliveredRecord>,
  reading: Reading,
): Promise<boolean> {
  const { tenantId } = reading;
  let candidates: DeliveredRecord[] = [];
  let next = reading.position.line;
  const settle = async () => {
    const owned = await ownedRecords(index, { tenantId, landingId }, candidates);
    const found = owned.map((delivered) => foundRecord(delivered, tenantId));
    reading.found.push(...found.filter(reading.matchesId));
    reading.position = { sequence, line: next };
    candidates = [];
  };
  for await (const record of records) {
    if (isAtEnd(reading, { sequence, line: record.line })) {
      await settle();
      return false;
    }
    if (reading.turn.isOver()) await reading.turn.next();
    next = record.line + 1;
    if (reading.mayMatch(record)) candidates.push(record);
    const room = Math.min(maxCandidates, reading.limit - reading.found.length);
    if (candidates.length < room && !reading.shouldEnd()) continue;
    await settle();
    if (reading.shouldEnd()) return false;
  }
  await settle();
  return true;
}

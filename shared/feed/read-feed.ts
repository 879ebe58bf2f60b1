/** Reads on in the order of ingestion: each record once, however late it came and however often it was delivered. */
import type { RawStore } from '../landing/landing.ts';
import type { RecordFilters } from '../query/filters.ts';
import type { FoundRecord } from '../query/found-record.ts';
import { createRecordText } from '../query/matching/free-text.ts';
import { createMatcher } from '../query/matching/match.ts';
import type { Telemetry } from '../telemetry.ts';
import { deliveredLines, type DeliveredLine } from './delivered-lines.ts';
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
  readonly telemetry: Telemetry;
  readonly now: () => Date;
}

export interface FeedQuestion {
  readonly tenantId: string;
  readonly filters: RecordFilters;
  readonly position: FeedPosition;
  /** Records at most. */
  readonly limit: number;
  /** Nothing from here on is looked at; absent: to the end. */
  readonly until?: FeedPosition | undefined;
}

export interface FeedBatch {
  /** In the order of ingestion. */
  readonly records: readonly FoundRecord[];
  /** Behind everything that was looked at. */
  readonly position: FeedPosition;
  /** False when all there is has been looked at. */
  readonly more: boolean;
}

/** A batch without an end of its own ends here with what it has. It has then got ahead by a line at least. */
const maxMs = 8_000;
const landingsAtOnce = 20;
/** Claims asked for at once; each is a read of its own. */
const maxCandidates = 100;

/** @throws when storage fails, or a raw blob is damaged */
export async function readFeed(deps: FeedDeps, question: FeedQuestion): Promise<FeedBatch> {
  const reading = startReading(deps, question);
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
  readonly mayBeWanted: (line: DeliveredLine) => boolean;
  readonly isWanted: (record: FoundRecord) => boolean;
  /** Tells whether the batch has to end. */
  readonly isOver: () => boolean;
}

function startReading({ now }: FeedDeps, question: FeedQuestion): Reading {
  const { ids, ...filters } = question.filters;
  const matches = createMatcher(filters);
  const byId = createMatcher({ ids });
  const deadline = now().getTime() + maxMs;
  const found: FoundRecord[] = [];
  return {
    ...question,
    found,
    mayBeWanted: ({ record, bytes }) => matches(record, createRecordText(bytes)) === true,
    // The id that a record is found by is known only when its claim is.
    isWanted: (record) => byId(record) === true,
    // What ends where it was told to is to be the same whenever it is read.
    isOver: () =>
      found.length >= question.limit || (question.until === undefined && now().getTime() >= deadline),
  };
}

function isAtEnd({ until }: FeedQuestion, position: FeedPosition): boolean {
  return until !== undefined && !isBefore(position, until);
}

function toBatch({ found, position, until }: Reading, more: boolean): FeedBatch {
  // Behind the last line of a landing and before the first one of the next is the same place.
  const isPast = until !== undefined && isBefore(until, position);
  return { records: found, position: isPast ? until : position, more };
}

/** False when the batch had to end before or with the end of the landing. */
async function readLanding(deps: FeedDeps, landing: SequencedLanding, reading: Reading): Promise<boolean> {
  const { sequence, landingId, blobName, indexed } = landing;
  // A number that is not the next one: those between were deleted with all that was in them, or never given.
  const line = reading.position.sequence === sequence ? reading.position.line : 0;
  reading.position = { sequence, line };
  const blob = indexed === 0 ? undefined : await deps.raw.read(blobName);
  if (blob === undefined && indexed > 0) {
    deps.telemetry('feed.landing.missing', { tenantId: reading.tenantId, landingId });
  }
  if (blob !== undefined) {
    const lines = deliveredLines(blob, reading.tenantId, line);
    if (!(await readRecords(deps.index, { landing, lines }, reading))) return false;
  }
  reading.position = { sequence: sequence + 1, line: 0 };
  return !reading.isOver();
}

interface LandingLines {
  readonly landing: SequencedLanding;
  readonly lines: AsyncIterable<DeliveredLine>;
}

/** False when the batch had to end, or the lines that were asked for have. */
async function readRecords(
  index: ClaimReader,
  { landing: { sequence, landingId }, lines }: LandingLines,
  reading: Reading,
): Promise<boolean> {
  const { tenantId } = reading;
  let candidates: DeliveredLine[] = [];
  let next = reading.position.line;
  const settle = async () => {
    const owned = await ownedRecords(index, { tenantId, landingId }, candidates);
    reading.found.push(...owned.filter(reading.isWanted));
    reading.position = { sequence, line: next };
    candidates = [];
  };
  for await (const line of lines) {
    if (isAtEnd(reading, { sequence, line: line.line })) {
      await settle();
      return false;
    }
    next = line.line + 1;
    if (reading.mayBeWanted(line)) candidates.push(line);
    const room = Math.min(maxCandidates, reading.limit - reading.found.length);
    if (candidates.length < room && !reading.isOver()) continue;
    await settle();
    if (reading.isOver()) return false;
  }
  await settle();
  return true;
}

/** Decides what the answer to a batch means for the cursor: a pure function of both. */
import type { FeedPosition } from '../feed/landing-sequence.ts';
import type { Failure } from './circuit.ts';
import type { PlannedBatch } from './batch.ts';
import type { CursorState, StoredCursor, Suspect } from './cursor.ts';
import type { DeadLetter } from './dead-letter.ts';
import type { SendResult } from './kind.ts';
import type { OutgoingRecord } from './outgoing.ts';
import { after } from './read-ahead.ts';

export interface Settled {
  readonly changes: Partial<CursorState>;
  /** To be stored before the changes are. */
  readonly letters: readonly DeadLetter[];
  /** Absent: sending continues at once. */
  readonly failure?: Failure | undefined;
  /** What follows instead if the destination accepts records of other tenants meanwhile. */
  readonly ifOthersAccepted?: Omit<Settled, 'ifOthersAccepted'> | undefined;
}

export interface Answered {
  readonly cursor: StoredCursor;
  /** Begins at the position of the cursor. */
  readonly batch: PlannedBatch;
  readonly result: SendResult;
}

interface SettleDeps {
  readonly now: () => Date;
}

/**
 * A record becomes a dead letter only if the receiver names it, or if it is refused or too large on its own and one of
 * the next ones is accepted. If so many in a row are, the receiver refuses everything, unless it accepts records of other
 * tenants meanwhile.
 */
export const maxSuspects = 20;

export function settle({ now }: SettleDeps, answered: Answered): Settled {
  const { batch, result } = answered;
  switch (result.outcome) {
    case 'accepted':
      return isAnyIn(batch, result)
        ? accepted(answered, result, now())
        : refused(answered, firstCause(result), now());
    case 'retry':
      return retried(answered, result, now());
    case 'misconfigured':
      return { changes: {}, letters: [], failure: result };
    case 'tooLarge':
      return refused(answered, 'The record is too large.', now());
    case 'refused':
      return refused(answered, result.cause, now());
  }
}

type Accepted = Extract<SendResult, { readonly outcome: 'accepted' }>;

/** A receiver that refuses each record may refuse everything: naming them all says nothing of any of them. */
function isAnyIn({ records }: PlannedBatch, { rejects = [] }: Accepted): boolean {
  return rejects.length < records.length;
}

function firstCause({ rejects = [] }: Accepted): string {
  return rejects[0]?.cause ?? '';
}

function refused({ cursor, batch }: Answered, cause: string, at: Date): Settled {
  const [only, ...more] = batch.records;
  if (only === undefined || more.length > 0) return halved(batch);
  return suspected({ cursor, batch }, { ...placeOf(only.record), cause }, at);
}

function accepted(
  { cursor, batch }: Answered,
  { rejects = [], duplicates = 0 }: Accepted,
  at: Date,
): Settled {
  const named = rejects.flatMap(({ index, cause }) => {
    const encoded = batch.records[index];
    return encoded === undefined ? [] : [letterOf(cursor, { ...placeOf(encoded.record), cause }, at)];
  });
  const letters = [...(cursor.suspects ?? []).map((suspect) => letterOf(cursor, suspect, at)), ...named];
  return {
    letters,
    changes: {
      position: batch.to,
      pendingTo: undefined,
      atMost: grown(cursor),
      suspects: undefined,
      refusedSince: undefined,
      lastSentDateTime: at,
      counts: {
        sent: cursor.counts.sent + batch.records.length - named.length,
        duplicates: cursor.counts.duplicates + duplicates,
        rejected: cursor.counts.rejected + letters.length,
      },
    },
  };
}

/** Twice as many records next time, until it is known that more than the kind allows would fit. */
function grown({ atMost }: StoredCursor): number | undefined {
  return atMost === undefined || atMost >= mostRecords ? undefined : atMost * 2;
}

/** More than any kind takes at once. */
const mostRecords = 5_000;

function halved({ records }: PlannedBatch): Settled {
  return {
    changes: { pendingTo: undefined, atMost: Math.max(1, Math.floor(records.length / 2)) },
    letters: [],
  };
}

/** The next records show whether it is this one that the receiver refuses, or everything. */
function suspected(
  { cursor, batch }: Pick<Answered, 'cursor' | 'batch'>,
  suspect: Suspect,
  at: Date,
): Settled {
  const suspects = [...(cursor.suspects ?? []), suspect];
  const refusedSince = cursor.refusedSince ?? at;
  const passed = { position: batch.to, pendingTo: undefined, atMost: 1, refusedSince };
  const [first] = suspects;
  if (suspects.length < maxSuspects || first === undefined)
    return { changes: { ...passed, suspects }, letters: [] };
  const rejected = cursor.counts.rejected + suspects.length;
  return {
    changes: { ...passed, position: first.at, suspects: undefined },
    letters: [],
    failure: refusesAll(suspect),
    ifOthersAccepted: {
      changes: { ...passed, suspects: undefined, counts: { ...cursor.counts, rejected } },
      letters: suspects.map((each) => letterOf(cursor, each, at)),
    },
  };
}

function refusesAll({ cause }: Suspect): Failure {
  return {
    outcome: 'misconfigured',
    cause: `The destination refuses every record: ${cause}`,
    nextStep: 'Check the settings of the destination and what its receiver accepts.',
  };
}

/** What is in for certain is not sent again. */
function retried(
  { cursor, batch }: Answered,
  result: Extract<SendResult, { readonly outcome: 'retry' }>,
  at: Date,
): Settled {
  const { acceptedFirst = 0 } = result;
  const last = batch.records[acceptedFirst - 1];
  if (last === undefined) return { changes: {}, letters: [], failure: result };
  const counts = { ...cursor.counts, sent: cursor.counts.sent + acceptedFirst };
  const position = after(last.record);
  const changes = { position, pendingTo: undefined, counts, lastSentDateTime: at };
  return { changes, letters: [], failure: result };
}

function placeOf({ place, id }: OutgoingRecord): { readonly at: FeedPosition; readonly recordId: string } {
  return { at: place, recordId: id };
}

function letterOf(
  { tenantId, destinationId }: StoredCursor,
  { at: { sequence, line }, recordId, cause }: Suspect,
  refusedDateTime: Date,
): DeadLetter {
  return { tenantId, destinationId, sequence, line, recordId, cause, refusedDateTime };
}

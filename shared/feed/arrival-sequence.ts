/** The order of arrival at all tenants: which of them has new landings, numbered. */

/** A tenant has landings that are new with numbers in (after, through]. */
export interface Arrival {
  /** Greater than all numbers assigned before: reading on from a number misses nothing. */
  readonly number: number;
  readonly tenantId: string;
  /** Where the tenant's previous arrival ended; 0 for its first one, which covers everything before. */
  readonly after: number;
  readonly through: number;
}

export interface ArrivalSequence {
  /** The newest number; 0 before the first arrival. */
  lastArrival(): Promise<number>;
  /** Up to `limit` arrivals with this number or a later one, in order, with one request; fewer only if there are no more. */
  arrivals(from: number, limit: number): Promise<readonly Arrival[]>;
}

/** A position in the landings of all tenants. Everything before it has been read, or does not belong to the reader. */
export interface ArrivalPosition {
  /** The arrival to read next. */
  readonly arrival: number;
  /** Within this arrival: the landing and the line to read next. */
  readonly sequence: number;
  readonly line: number;
  /** Landings with lower numbers are not new to this reader, even if they are announced later. */
  readonly since: number;
}

/** Before all landings. */
export const arrivalsBeginning: ArrivalPosition = { arrival: 1, sequence: 1, line: 0, since: 1 };

/** Storage refuses requests of a host whose clock is wrong by more than 15 minutes; a write takes minutes at most. */
const clockMarginMs = 60 * 60_000;

/**
 * After everything that has arrived. A tenant's first arrival covers all its landings, however old: those that were
 * indexed an hour before now or earlier are not new. Numbers of landings are milliseconds.
 * @see nextSequence
 */
export async function arrivalsEnd(
  arrivals: Pick<ArrivalSequence, 'lastArrival'>,
  now: Date,
): Promise<ArrivalPosition> {
  const since = Math.max(1, now.getTime() - clockMarginMs);
  return movedUp({ ...atArrival((await arrivals.lastArrival()) + 1), since }, now);
}

/**
 * The same place, for a reader that has read everything that there was a moment ago: positions of readers that wait for long stay
 * young. What is announced later has a number that is not much less than the time.
 */
export function movedUp(position: ArrivalPosition, now: Date): ArrivalPosition {
  const arrival = now.getTime() - clockMarginMs;
  return position.arrival < arrival ? { ...atArrival(arrival), since: position.since } : position;
}

/** Where an arrival begins, for a reader of everything. */
export function atArrival(number: number): ArrivalPosition {
  return { ...arrivalsBeginning, arrival: number };
}

/** Whether the first position precedes the second. */
export function isEarlier(a: ArrivalPosition, b: ArrivalPosition): boolean {
  if (a.arrival !== b.arrival) return a.arrival < b.arrival;
  return a.sequence === b.sequence ? a.line < b.line : a.sequence < b.sequence;
}

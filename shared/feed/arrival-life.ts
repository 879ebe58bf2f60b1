/** How long arrivals are kept, and positions in them are valid. Numbers of arrivals are milliseconds. */
import { RequestError } from '../errors.ts';
import { atArrival, type ArrivalPosition } from './arrival-sequence.ts';

const dayMs = 24 * 60 * 60_000;
const validDays = 90;
/** A reader that begins here has a month to get further before its position is too old. */
const beginningDays = 60;
/** Longer than positions are valid: clocks of hosts differ, and a poll takes its time. */
const keptDays = validDays + 2;

/** Where readers of everything begin. */
export function oldestBeginning(now: Date): ArrivalPosition {
  return atArrival(daysAgo(now, beginningDays));
}

/** @throws RequestError 400 for a position that arrivals may be missing from */
export function ensureValid(position: ArrivalPosition, now: Date): ArrivalPosition {
  if (position.arrival >= daysAgo(now, validDays)) return position;
  const message = `This triggerState is older than ${validDays} days. Read what arrived since from /records, and start again without a triggerState.`;
  throw new RequestError(400, 'TriggerStateExpired', message, { target: 'triggerState' });
}

/** Arrivals with lower numbers belong to no valid position of a feed. */
export function keptFrom(now: Date): number {
  return daysAgo(now, keptDays);
}

function daysAgo(now: Date, days: number): number {
  return Math.max(1, now.getTime() - days * dayMs);
}

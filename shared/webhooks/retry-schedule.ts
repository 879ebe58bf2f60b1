/** When a delivery that failed is tried again: soon at first, then ever later, for three days in all. */

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;

/** Waits before the second and later attempts; 75 hours in all. */
const waitsMs: readonly number[] = [
  ...[5 * secondMs, 5 * minuteMs, 30 * minuteMs],
  ...[2 * hourMs, 5 * hourMs, 10 * hourMs, 14 * hourMs, 20 * hourMs, 24 * hourMs],
];
/** A receiver may ask for so much patience, and no more. */
const longestWaitMs = 24 * hourMs;
/** Receivers that came down together must not be called together again. */
const jitter = 0.2;

export interface FailedAttempt {
  /** Failures in a row, this one included: from 1. */
  readonly failures: number;
  /** The header `Retry-After`: seconds, or a date. */
  readonly retryAfter?: string | undefined;
  readonly now: Date;
  /** In [0, 1). */
  readonly random: number;
}

/** Milliseconds until the next attempt; undefined when there is none. */
export function nextWaitMs({ failures, retryAfter, now, random }: FailedAttempt): number | undefined {
  const waitMs = waitsMs[failures - 1];
  if (waitMs === undefined) return undefined;
  const spread = Math.round(waitMs * (1 - jitter + 2 * jitter * random));
  return Math.max(spread, Math.min(askedForMs(retryAfter, now), longestWaitMs));
}

function askedForMs(retryAfter: string | undefined, now: Date): number {
  if (retryAfter === undefined) return 0;
  const ms = /^\d+$/.test(retryAfter)
    ? Number(retryAfter) * secondMs
    : Date.parse(retryAfter) - now.getTime();
  return Number.isFinite(ms) ? Math.max(0, ms) : 0;
}

/** When a failed delivery is retried: soon at first, then at growing intervals, for three days in all. */
import { parseRetryAfter } from '../retry.ts';

const secondMs = 1000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;

/** Waits before the second and later attempts; 75 hours in all. */
const waitsMs: readonly number[] = [
  5 * secondMs,
  5 * minuteMs,
  30 * minuteMs,
  2 * hourMs,
  5 * hourMs,
  10 * hourMs,
  14 * hourMs,
  20 * hourMs,
  24 * hourMs,
];
/** Receivers that failed together must not all be retried at the same moment. */
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
  return Math.max(spread, parseRetryAfter(retryAfter, now) ?? 0);
}

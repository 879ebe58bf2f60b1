/** Counts calls, each key's by itself: a token bucket that is full after a minute's rest. */
import { LRUCache } from 'lru-cache';

export interface RateLimiter {
  /** Takes one call; 0 when it may go ahead, else how long to wait, in milliseconds, and nothing is taken. */
  take(key: string): number;
  /** What {@link RateLimiter.take} would give, without taking. */
  wait(key: string): number;
}

interface Bucket {
  readonly calls: number;
  /** When it held that many, epoch milliseconds. */
  readonly at: number;
}

const minuteMs = 60_000;
/** The least recently seen ones are forgotten, which only ever gives them a full bucket again. */
const bucketsHeld = 10_000;

/**
 * Limits calls in this process; other instances of the app count for themselves.
 * @param perMinute refilled evenly; as many may come at once after a minute without any
 */
export function createRateLimiter(perMinute: number, now: () => Date): RateLimiter {
  const buckets = new LRUCache<string, Bucket>({ max: bucketsHeld });
  const callMs = minuteMs / perMinute;
  const callsIn = (key: string, at: number): number => {
    const bucket = buckets.get(key);
    return bucket === undefined ? perMinute : Math.min(perMinute, bucket.calls + (at - bucket.at) / callMs);
  };
  const waitFor = (calls: number): number => (calls >= 1 ? 0 : Math.ceil((1 - calls) * callMs));
  return {
    take(key) {
      const at = now().getTime();
      const calls = callsIn(key, at);
      if (calls >= 1) buckets.set(key, { calls: calls - 1, at });
      return waitFor(calls);
    },
    wait: (key) => waitFor(callsIn(key, now().getTime())),
  };
}

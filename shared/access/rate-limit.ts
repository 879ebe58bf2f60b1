/** Limits calls per key with a token bucket that is full again after a minute without calls. */
import { LRUCache } from 'lru-cache';

export interface RateLimiter {
  /** Takes one call. Returns 0 when it may proceed; otherwise takes nothing and returns the wait in milliseconds. */
  take(key: string): number;
  /** What {@link RateLimiter.take} would return, without taking a call. */
  wait(key: string): number;
}

interface Bucket {
  readonly calls: number;
  /** When the bucket held that many, epoch milliseconds. */
  readonly at: number;
}

const minuteMs = 60_000;
/** The least recently used buckets are dropped, which only gives their keys a full bucket again. */
const bucketsHeld = 10_000;

/**
 * Limits calls in this process; other instances of the app count separately.
 * @param perMinute refilled evenly; after a minute without calls, this many may come at once
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

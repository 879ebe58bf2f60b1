/** Limits how often something is done, by a clock that no one can set. */
import { setTimeout } from 'node:timers/promises';

export interface RateLimit {
  /** So many in each interval. */
  readonly limit: number;
  readonly intervalMs: number;
  /** In milliseconds, and never less than before. @default the time since this process started */
  readonly elapsed?: () => number;
  /** For tests. */
  readonly sleep?: (ms: number) => Promise<unknown>;
}

/**
 * @returns a function that resolves when the next one may begin: at once, or in a later interval, in the order of the
 * calls
 */
export function createRateLimit(options: RateLimit): () => Promise<void> {
  const { limit, intervalMs, elapsed = () => performance.now(), sleep = setTimeout } = options;
  let [intervalAt, taken] = [-Infinity, 0];
  return async () => {
    const at = elapsed();
    if (at - intervalAt > intervalMs) [intervalAt, taken] = [at, 0];
    else if (taken >= limit) [intervalAt, taken] = [intervalAt + intervalMs, 0];
    taken++;
    if (intervalAt > at) await sleep(intervalAt - at);
  };
}

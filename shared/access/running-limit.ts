/** Limits how many pieces of work run at once for each key; a few more wait for their turn. */
import pLimit, { type LimitFunction } from 'p-limit';

export interface RunningLimit {
  /**
   * Runs the work as soon as fewer than the limit run for the key.
   * @param refuse called in place of running it when enough is waiting already; absent: the work waits in any case
   */
  run<T>(key: string, work: () => Promise<T>, refuse?: () => never): Promise<T>;
}

/** Work in this process; other instances of the app count separately. */
export function createRunningLimit(limits: {
  /** Per key. */
  readonly running: number;
  /** Per key, of work that can be refused. */
  readonly waiting: number;
}): RunningLimit {
  const all = new Map<string, { readonly limit: LimitFunction; held: number }>();
  return {
    async run(key, work, refuse) {
      const own = all.get(key) ?? { limit: pLimit(limits.running), held: 0 };
      if (own.held >= limits.running + limits.waiting && refuse !== undefined) return refuse();
      all.set(key, own);
      own.held++;
      try {
        return await own.limit(work);
      } finally {
        own.held--;
        if (own.held === 0) all.delete(key);
      }
    },
  };
}

/** How many requests the host holds at once, as host.json says. */

export interface HttpLimits {
  /** Handled at once; the others wait. */
  readonly maxConcurrentRequests: number;
  /** Handled or waiting; the rest are refused. */
  readonly maxOutstandingRequests: number;
}

/** Runs a call when it is its turn; false, without running it, if there are too many. */
export type HttpThrottle = (call: () => Promise<void>) => Promise<boolean>;

export function createHttpThrottle({
  maxConcurrentRequests,
  maxOutstandingRequests,
}: HttpLimits): HttpThrottle {
  const waiting: (() => void)[] = [];
  let running = 0;
  const acquire = async (): Promise<void> => {
    if (running < maxConcurrentRequests) running++;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const release = (): void => {
    const next = waiting.shift();
    if (next === undefined) running--;
    else next();
  };
  return async (call) => {
    if (running + waiting.length >= maxOutstandingRequests) return false;
    await acquire();
    try {
      await call();
    } finally {
      release();
    }
    return true;
  };
}

/** One retry loop for the commands' HTTP clients. */

export interface Retry {
  /** Milliseconds to wait before the next attempt; undefined to give up. @param failures from 1 */
  readonly waitMsAfter: (error: unknown, failures: number) => number | undefined;
  readonly pause: (ms: number) => Promise<void>;
}

/** Resolves with the first success. @throws the last error when a retry would not help */
export async function retrying<T>(attempt: () => Promise<T>, { waitMsAfter, pause }: Retry): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await attempt();
    } catch (error) {
      const waitMs = waitMsAfter(error, failures);
      if (waitMs === undefined) throw error;
      await pause(waitMs);
    }
  }
}

/**
 * Milliseconds to wait, from seconds or a date; undefined for anything else.
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function retryAfterOf(value: unknown, nowMs: number): number | undefined {
  if (typeof value !== 'string') return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - nowMs;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/** Further attempts: at a call that another service refused for a moment, or at a change that others made impossible. */
import { setTimeout } from 'node:timers/promises';
import type { Budget } from './budget.ts';
import { RequestError } from './errors.ts';

export interface RetryPolicy {
  /** Attempts in all. */
  readonly attempts: number;
  /** The wait before the second attempt, in milliseconds; doubled before each further one, plus up to a half of jitter. */
  readonly baseMs: number;
  /**
   * Says how a failure may pass: undefined when another attempt would not help. `retryAfterMs`, the wait that the
   * service requests, replaces the backoff.
   */
  readonly passing: (error: unknown) => { readonly retryAfterMs?: number | undefined } | undefined;
  /** Called before each wait. */
  readonly onRetry?: (error: unknown) => void;
  /** No wait outlasts it. */
  readonly budget?: Budget | undefined;
  /** For tests. */
  readonly sleep?: (ms: number, signal: AbortSignal | undefined) => Promise<unknown>;
}

/** @throws the last attempt's error, at once when the budget leaves no time for the next wait */
export async function withRetries<T>(attempt: () => Promise<T>, policy: RetryPolicy): Promise<T> {
  for (let failures = 1; ; failures++) {
    try {
      return await attempt();
    } catch (error) {
      const refusal = failures < policy.attempts ? policy.passing(error) : undefined;
      if (refusal === undefined) throw error;
      const waitMs = refusal.retryAfterMs ?? backoffMs(policy.baseMs, failures);
      if (!fits(waitMs, policy.budget)) throw error;
      policy.onRetry?.(error);
      if (!(await wait(waitMs, policy))) throw error;
    }
  }
}

function backoffMs(baseMs: number, failures: number): number {
  return baseMs * 2 ** (failures - 1) * (1 + Math.random() / 2);
}

function fits(waitMs: number, budget: Budget | undefined): boolean {
  return budget === undefined || (!budget.aborted && waitMs < budget.remainingMs());
}

/** False when the budget was spent first. */
async function wait(ms: number, { budget, sleep = sleepFor }: RetryPolicy): Promise<boolean> {
  try {
    await sleep(ms, budget);
  } catch (error) {
    if (budget?.aborted !== true) throw error;
  }
  return budget?.aborted !== true;
}

async function sleepFor(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await setTimeout(ms, undefined, signal === undefined ? {} : { signal });
}

/** Longer waits are a mistake of the sender. */
const longestRetryAfterMs = 24 * 60 * 60_000;

/**
 * Milliseconds to wait, at most a day, from the value of a Retry-After header: seconds, or a date. Undefined for
 * anything else.
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function parseRetryAfter(value: unknown, now: Date): number | undefined {
  if (typeof value !== 'string' || value === '') return undefined;
  const ms = /^\d+(\.\d+)?$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now.getTime();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms), longestRetryAfterMs);
}

const maxConflicts = 5;

/**
 * Repeats a change of a stored row that returns undefined when the row was changed concurrently.
 * @throws RequestError 409 when that happens every time
 */
export async function retryConflict<T>(noun: string, change: () => Promise<T | undefined>): Promise<T> {
  for (let count = 0; count < maxConflicts; count++) {
    const result = await change();
    if (result !== undefined) return result;
  }
  throw new RequestError(409, 'Conflict', `Another request is changing the ${noun}. Try again.`);
}

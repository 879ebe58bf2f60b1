/** Limits how often a caller may call, and how often authentication may fail. */
import { RequestError } from '../errors.ts';
import { parseApiKey } from './api-keys.ts';
import { keyOf, type Caller } from './caller.ts';
import { createRateLimiter } from './rate-limit.ts';
import { createRunningLimit } from './running-limit.ts';

/** Each instance of the app counts separately. */
export interface CallLimitSettings {
  /** Calls per caller. */
  readonly callsPerMinute: number;
  /** Failed attempts to authenticate, per client address, and per key and client address. */
  readonly failuresPerMinute: number;
  /** Queries per caller that run at once. */
  readonly queriesPerCaller: number;
}

/** What is known about a request before authentication. */
export interface Origin {
  readonly apiKey: string | null;
  readonly clientAddress: string;
  /** The credential is a signature of the body, which would have to be read to check it. */
  readonly isSigned?: boolean;
}

export interface CallLimits {
  /**
   * Runs an attempt to identify the caller. Once attempts with one key from one address have failed too often, its
   * secret is no longer checked there; other addresses can continue to use the key. Once attempts from one address have
   * failed too often, no signature is checked for it.
   * @throws RequestError 429 with Retry-After instead of 401
   */
  admit(origin: Origin, identify: () => Promise<Caller>): Promise<Caller>;
  /**
   * Counts a call that leads nowhere like a failed attempt to authenticate; nothing is looked up for it.
   * @throws RequestError 429 with Retry-After when the address sent too many of either
   */
  countStray(clientAddress: string): void;
  /** @throws RequestError 429 with Retry-After when the caller calls too often */
  count(caller: Caller): void;
  /**
   * Runs a query of records, which may keep the processor and memory busy for seconds. A caller's further queries wait.
   * @throws RequestError 429 with Retry-After when too many of the caller's queries are waiting
   */
  query<T>(caller: Caller, work: () => Promise<T>): Promise<T>;
  /** Runs the next part of a query whose answer has begun: it waits however many are waiting. */
  continueQuery<T>(caller: Caller, work: () => Promise<T>): Promise<T>;
}

/** Queries that may wait, for each that may run. They hold a connection each, of which the host has 32. */
const waitingPerRunning = 2;
/** Most pages take less. */
const retryAfterQueriesMs = 5_000;

export function createCallLimits(settings: CallLimitSettings, now: () => Date): CallLimits {
  const calls = createRateLimiter(settings.callsPerMinute, now);
  const failures = createRateLimiter(settings.failuresPerMinute, now);
  const { queriesPerCaller: running } = settings;
  const queries = createRunningLimit({ running, waiting: waitingPerRunning * running });
  const refuseQuery = () => refuse(`More than ${running} of your queries are running.`, retryAfterQueriesMs);
  const tooManyCalls = `You exceeded the limit of ${settings.callsPerMinute} calls per minute.`;
  return {
    async admit({ apiKey, clientAddress, isSigned = false }, identify) {
      const id = parseApiKey(apiKey ?? '')?.id;
      const guess = id === undefined ? [] : [`${id}@${clientAddress}`];
      const blocked = [...guess, ...(isSigned ? [clientAddress] : [])].map((key) => failures.wait(key));
      refuseWhileWaiting(tooManyFailures, blocked);
      try {
        return await identify();
      } catch (error) {
        if (!(error instanceof RequestError) || error.status !== 401) throw error;
        const waits = [clientAddress, ...guess].map((key) => failures.take(key));
        refuseWhileWaiting(tooManyFailures, waits);
        throw error;
      }
    },
    countStray(clientAddress) {
      refuseWhileWaiting(tooManyStrays, [failures.take(clientAddress)]);
    },
    count(caller) {
      refuseWhileWaiting(tooManyCalls, [calls.take(keyOf(caller))]);
    },
    query: (caller, work) => queries.run(keyOf(caller), work, refuseQuery),
    continueQuery: (caller, work) => queries.run(keyOf(caller), work),
  };
}

const tooManyStrays = 'Your address sent too many calls that no operation could answer.';
const tooManyFailures = 'Your address sent too many calls without a valid key, token or signature.';

function refuseWhileWaiting(why: string, waitsMs: readonly number[]): void {
  const waitMs = Math.max(0, ...waitsMs);
  if (waitMs > 0) refuse(why, waitMs);
}

function refuse(why: string, waitMs: number): never {
  const seconds = Math.ceil(waitMs / 1000);
  const message = `${why} Retry after ${seconds} seconds.`;
  throw new RequestError(429, 'TooManyRequests', message, { headers: { 'Retry-After': String(seconds) } });
}

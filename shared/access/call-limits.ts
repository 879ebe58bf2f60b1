/** Limits how often a caller may call, and how often authentication may fail. */
import { RequestError } from '../errors.ts';
import { parseApiKey } from './api-keys.ts';
import { keyOf, type Caller } from './caller.ts';
import { createRateLimiter } from './rate-limit.ts';

/** Each instance of the app counts separately. */
export interface CallLimitSettings {
  /** Calls per caller. */
  readonly callsPerMinute: number;
  /** Failed attempts to authenticate, per client address, and per key and client address. */
  readonly failuresPerMinute: number;
}

/** What is known about a request before authentication. */
export interface Origin {
  readonly apiKey: string | null;
  readonly clientAddress: string;
}

export interface CallLimits {
  /**
   * Runs an attempt to identify the caller. Once attempts with one key from one address have failed too often, its
   * secret is no longer checked there; other addresses can continue to use the key.
   * @throws RequestError 429 with Retry-After instead of 401
   */
  attempt(origin: Origin, identify: () => Promise<Caller>): Promise<Caller>;
  /** @throws RequestError 429 with Retry-After when the caller calls too often */
  count(caller: Caller): void;
}

export function createCallLimits(settings: CallLimitSettings, now: () => Date): CallLimits {
  const calls = createRateLimiter(settings.callsPerMinute, now);
  const failures = createRateLimiter(settings.failuresPerMinute, now);
  const fail = ({ clientAddress }: Origin, guess: string | undefined): number =>
    Math.max(failures.take(clientAddress), guess === undefined ? 0 : failures.take(guess));
  return {
    async attempt(origin, identify) {
      const id = parseApiKey(origin.apiKey ?? '')?.id;
      const guess = id === undefined ? undefined : `${id}@${origin.clientAddress}`;
      const blockedMs = guess === undefined ? 0 : failures.wait(guess);
      if (blockedMs > 0) throw tooManyFailures(blockedMs);
      try {
        return await identify();
      } catch (error) {
        if (!(error instanceof RequestError) || error.status !== 401) throw error;
        const waitMs = fail(origin, guess);
        throw waitMs > 0 ? tooManyFailures(waitMs) : error;
      }
    },
    count(caller) {
      const waitMs = calls.take(keyOf(caller));
      if (waitMs > 0) throw tooManyCalls(settings.callsPerMinute, waitMs);
    },
  };
}

function tooManyCalls(perMinute: number, waitMs: number): RequestError {
  return tooMany(`You exceeded the limit of ${perMinute} calls per minute.`, waitMs);
}

function tooManyFailures(waitMs: number): RequestError {
  return tooMany('Your address sent too many calls without a valid key, token or signature.', waitMs);
}

function tooMany(why: string, waitMs: number): RequestError {
  const seconds = Math.ceil(waitMs / 1000);
  const message = `${why} Retry after ${seconds} seconds.`;
  return new RequestError(429, 'TooManyRequests', message, { headers: { 'Retry-After': String(seconds) } });
}

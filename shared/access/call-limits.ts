/** How often somebody may call, and how often somebody may fail to prove who they are. */
import { RequestError } from '../errors.ts';
import { parseApiKey } from './api-keys.ts';
import { keyOf, type Caller } from './caller.ts';
import { createRateLimiter } from './rate-limit.ts';

/** Both are counted by each instance of the app for itself. */
export interface CallLimitSettings {
  /** Calls per caller. */
  readonly callsPerMinute: number;
  /** Failed attempts to authenticate, per client address, and per key and client address. */
  readonly failuresPerMinute: number;
}

/** What is known of a request before anybody is believed. */
export interface Origin {
  readonly apiKey: string | null;
  readonly clientAddress: string;
}

export interface CallLimits {
  /**
   * Runs an attempt to tell who calls. Once attempts with one key from one address have failed too often, its
   * secret is not even looked at; other addresses may go on using the key.
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
  return tooMany(`More than ${perMinute} calls a minute came from you.`, waitMs);
}

function tooManyFailures(waitMs: number): RequestError {
  return tooMany('Too many calls without a valid key, token or signature came from your address.', waitMs);
}

function tooMany(why: string, waitMs: number): RequestError {
  const seconds = Math.ceil(waitMs / 1000);
  const message = `${why} Wait ${seconds} seconds, as Retry-After says, then go on.`;
  return new RequestError(429, 'TooManyRequests', message, { headers: { 'Retry-After': String(seconds) } });
}

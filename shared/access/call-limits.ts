/** Limits how often a caller may call, and how often authentication may fail. */
import { RequestError } from '../errors.ts';
import { createAcceptedCredentials } from './accepted-credentials.ts';
import { keyOf, type Caller } from './caller.ts';
import { createRateLimiter } from './rate-limit.ts';
import { refuseWhileWaiting, tooManyRequests, WrongSecretError } from './refusals.ts';
import { createRunningLimit } from './running-limit.ts';

/** Each instance of the app counts separately. */
export interface CallLimitSettings {
  /** Calls per caller. */
  readonly callsPerMinute: number;
  /** Failed attempts to authenticate per client network, and wrong secrets per key. */
  readonly failuresPerMinute: number;
  /** Queries per caller that run at once. */
  readonly queriesPerCaller: number;
}

/** What is known about a request before authentication. */
export interface Origin {
  /** {@link clientNetwork} */
  readonly network: string;
  /** As sent; null where there is none that could be recognized, such as for a signature. */
  readonly credential: string | null;
  /** Whether a signature of ours proves it, without any look-up. */
  readonly isProven?: boolean | undefined;
}

export interface CallLimits {
  /**
   * Runs an attempt to identify the caller. Once attempts from one network have failed too often, it is not run for it
   * anymore, so that nothing is looked up, except for credentials that were accepted before and for links that we signed. Wrong secrets for a key that
   * exists do not count, so they do not affect others in the same network.
   * @throws RequestError 429 with Retry-After instead of 401
   */
  admit(origin: Origin, identify: () => Promise<Caller>): Promise<Caller>;
  /**
   * Counts a call that leads nowhere, for which nothing is looked up. As many are allowed as failed attempts, and they
   * keep no one else in the network from calling.
   * @throws RequestError 429 with Retry-After when the network sent too many of them
   */
  countStray(network: string): void;
  /**
   * As {@link CallLimits.admit}, for work that anyone may request who knows a secret.
   * @param isFailure whether the secret was wrong
   */
  attempt<T>(network: string, work: () => Promise<T>, isFailure: (done: T) => boolean): Promise<T>;
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
  const strays = createRateLimiter(settings.failuresPerMinute, now);
  const { queriesPerCaller: running } = settings;
  const queries = createRunningLimit({ running, waiting: waitingPerRunning * running });
  const refuseQuery = (): never => {
    throw tooManyRequests(`More than ${running} of your queries are running.`, retryAfterQueriesMs);
  };
  const tooManyCalls = `You exceeded the limit of ${settings.callsPerMinute} calls per minute.`;
  const accepted = createAcceptedCredentials();
  const fail = (network: string) => {
    refuseWhileWaiting(tooManyFailures, failures.take(network));
  };
  return {
    async admit({ network, credential, isProven = false }, identify) {
      if (!isProven && !accepted.has(credential)) refuseWhileWaiting(tooManyFailures, failures.wait(network));
      try {
        const caller = await identify();
        accepted.add(credential);
        return caller;
      } catch (error) {
        if (isRefusal(error)) accepted.remove(credential);
        if (isGuess(error)) fail(network);
        throw error;
      }
    },
    countStray(network) {
      refuseWhileWaiting(tooManyStrays, strays.take(network));
    },
    async attempt(network, work, isFailure) {
      refuseWhileWaiting(tooManyFailures, failures.wait(network));
      const done = await work();
      if (isFailure(done)) fail(network);
      return done;
    },
    count(caller) {
      refuseWhileWaiting(tooManyCalls, calls.take(keyOf(caller)));
    },
    query: (caller, work) => queries.run(keyOf(caller), work, refuseQuery),
    continueQuery: (caller, work) => queries.run(keyOf(caller), work),
  };
}

const tooManyStrays = 'Your address sent too many calls that no operation could answer.';
const tooManyFailures = 'Your address sent too many calls without a valid key, token or signature.';

/** The caller is at fault, not we. */
function isRefusal(error: unknown): error is RequestError {
  return error instanceof RequestError && error.status < 500;
}

/** Also a body that cannot be checked against its signature; not a wrong secret, of which each key has its own limit. */
function isGuess(error: unknown): boolean {
  return isRefusal(error) && error.status !== 429 && !(error instanceof WrongSecretError);
}

/** Why a caller is not let in. */
import { RequestError } from '../errors.ts';

/** The same for every reason, so that callers learn nothing by trying. */
export function unauthorized(): RequestError {
  return new RequestError(401, ...unauthorizedAnswer);
}

interface RefusalOptions {
  readonly headers?: Readonly<Record<string, string>>;
}

/** For callers the same as {@link unauthorized}. For us, a proof that no one is guessing which keys exist. */
export class WrongSecretError extends RequestError {
  /** @param options by default, a challenge to send other credentials */
  constructor(why: string = message, options: RefusalOptions = { headers }) {
    super(401, 'Unauthorized', why, options);
  }
}

const message = 'Send a valid client key in the header x-api-key, or a valid token as Authorization: Bearer.';
const headers = { 'WWW-Authenticate': 'ApiKey realm="auditkeep", Bearer realm="auditkeep"' };
const unauthorizedAnswer = ['Unauthorized', message, { headers }] as const;

/** @throws RequestError 429 with Retry-After, unless the wait is 0. @param why a sentence */
export function refuseWhileWaiting(why: string, waitMs: number): void {
  if (waitMs > 0) throw tooManyRequests(why, waitMs);
}

/** @param why a sentence */
export function tooManyRequests(why: string, waitMs: number): RequestError {
  const seconds = Math.ceil(waitMs / 1000);
  const text = `${why} Retry after ${seconds} seconds.`;
  return new RequestError(429, 'TooManyRequests', text, { headers: { 'Retry-After': String(seconds) } });
}

/** @param what by default that the tenant does not exist, or is not the caller's: callers must not find out which */
export function tenantNotFound(
  what = 'The tenant does not exist, or you have no access to it.',
): RequestError {
  return new RequestError(404, 'TenantNotFound', `${what} GET /tenants lists your tenants.`);
}

/** A refusal or a failed connection in one line, with what to do about it. */
import { errorSchema } from '../../shared/api/schemas/errors.ts';
import type { HttpAnswer } from '../command-line/http.ts';

/** The API's own message says what to do; an answer that is not the API's gets a message here. */
export function describeRefusal({ origin, pathname }: URL, answer: HttpAnswer): string {
  const { status, body, retryAfterMs = 0, header } = answer;
  if (status === 401) {
    return 'The key in AUDITKEEP_KEY is not valid: it is wrong, expired or revoked. npm run key creates a new one.';
  }
  const message = errorSchema.safeParse(body).data?.error.message;
  const reason = message ?? `${meaningOf(answer)} (${status} from ${origin}${pathname})`;
  const requestId = header('x-ms-request-id');
  const request = requestId === undefined || status < 500 ? '' : ` (x-ms-request-id ${requestId})`;
  const wait = retryAfterMs > 0 ? ` Retry after ${Math.ceil(retryAfterMs / 1000)} seconds.` : '';
  return `${reason}${request}${wait}`;
}

function meaningOf({ status, header }: HttpAnswer): string {
  if (status >= 300 && status < 400) {
    const location = header('location');
    return `The address redirects${location === undefined ? '' : ` to ${location}`}: set AUDITKEEP_URL to the final address.`;
  }
  if (status === 403)
    return 'Access is denied before the request reaches Auditkeep: check its network restrictions.';
  if (status === 404) return 'Auditkeep does not answer here, or is an old version: check AUDITKEEP_URL.';
  if (status === 408 || status === 429) return 'Auditkeep is too busy: retry later.';
  if (status >= 500) return 'Auditkeep is failing: retry in a few minutes, then check its logs.';
  return 'This is not an answer from Auditkeep: check AUDITKEEP_URL.';
}

const connectionFailures: Readonly<Record<string, string>> = {
  ENOTFOUND: 'the host does not exist: check AUDITKEEP_URL and the network',
  EAI_AGAIN: 'its name could not be resolved: check the network',
  ECONNREFUSED: 'nothing listens there: check AUDITKEEP_URL, and that Auditkeep is running',
  ECONNRESET: 'the connection was reset: retry',
  ECONNABORTED: 'it took too long: retry',
  ETIMEDOUT: 'it took too long: check AUDITKEEP_URL and the network, and retry',
};

/** The certificate is not trusted, which no retry can change. */
export function isUntrusted(code: string): boolean {
  return /CERT|SIGNATURE|SELF_SIGNED|ERR_TLS|EPROTO|ERR_SSL/.test(code);
}

export function describeConnectionFailure(url: URL, code: string): string {
  const reason = isUntrusted(code)
    ? 'its certificate is not trusted; NODE_EXTRA_CA_CERTS can name one to trust'
    : (connectionFailures[code] ?? 'check AUDITKEEP_URL and the network');
  return `${url.origin} could not be reached: ${reason} (${code}).`;
}

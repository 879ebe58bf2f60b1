/** What a refusal or a broken connection means to who reads it, in one line. */
import { errorSchema } from './answers.ts';

export interface Refused {
  readonly status: number;
  readonly body: unknown;
  /** Where it was asked. */
  readonly url: URL;
  readonly requestId: string | undefined;
  readonly location: string | undefined;
  readonly retryAfterMs: number | undefined;
}

/** The API's own message carries the cure; what is no answer of the API gets one here. */
export function describeRefusal(refused: Refused): string {
  const { status, body, url, requestId } = refused;
  if (status === 401) {
    return 'The key in AUDITKEEP_KEY is not accepted: it is wrong, has expired or was revoked. npm run key makes a new one.';
  }
  const told = errorSchema.safeParse(body).data?.error.message;
  const said = told ?? `${meaningOf(refused)} (${status} from ${url.origin}${url.pathname})`;
  const request = requestId === undefined || status < 500 ? '' : ` (x-ms-request-id ${requestId})`;
  return `${said}${request}${waitOf(refused)}`;
}

function waitOf({ retryAfterMs = 0 }: Refused): string {
  return retryAfterMs > 0 ? ` It asks to wait ${Math.ceil(retryAfterMs / 1000)} seconds.` : '';
}

function meaningOf({ status, location }: Refused): string {
  if (status >= 300 && status < 400) {
    return `It is elsewhere${location === undefined ? '' : `, at ${location}`}: set AUDITKEEP_URL to where it is.`;
  }
  if (status === 403)
    return 'Access is denied before Auditkeep is reached: look at its network restrictions.';
  if (status === 404) return 'There is no Auditkeep, or an old one: check AUDITKEEP_URL.';
  if (status === 408 || status === 429) return 'It has too much to do: try again later.';
  if (status >= 500) return 'It is not running well: try again in some minutes, then look at its logs.';
  return 'This is no answer of Auditkeep: check AUDITKEEP_URL.';
}

const connectionFailures: Readonly<Record<string, string>> = {
  ENOTFOUND: 'there is no such host: check AUDITKEEP_URL and the network',
  EAI_AGAIN: 'its name could not be looked up: check the network',
  ECONNREFUSED: 'nothing answers there: check AUDITKEEP_URL, and that it is running',
  ECONNRESET: 'the connection broke off: try again',
  ECONNABORTED: 'it took too long: try again',
  ETIMEDOUT: 'it took too long: check AUDITKEEP_URL and the network, and try again',
};

/** What of a connection no further try can mend: its certificate is not trusted. */
export function isUntrusted(code: string): boolean {
  return /CERT|SIGNATURE|SELF_SIGNED|ERR_TLS|EPROTO|ERR_SSL/.test(code);
}

export function describeConnectionFailure(url: URL, code: string): string {
  const reason = isUntrusted(code)
    ? 'its certificate is not trusted; NODE_EXTRA_CA_CERTS can name one to trust'
    : (connectionFailures[code] ?? 'check AUDITKEEP_URL and the network');
  return `${url.origin} could not be reached: ${reason} (${code}).`;
}

/** Sends requests to the API with the key. */
import { errorSchema } from '../../shared/api/schemas/errors.ts';
import type { Context } from '../command-line/context.ts';
import { HttpFailure, retrying, sendJson, type HttpAnswer, type HttpRequest } from '../command-line/http.ts';
import { describeConnectionFailure, describeRefusal, isUntrusted } from './describe-refusal.ts';
import type { Settings } from './settings.ts';

export interface ApiRequest extends Pick<HttpRequest, 'method' | 'body'> {
  /** Below `/api/`, or an absolute path from an answer. */
  readonly path: string;
}

export interface ApiAnswer {
  /** Undefined for 204 only. */
  readonly body: unknown;
  /** The path in Operation-Location. */
  readonly operationPath: string | undefined;
  readonly retryAfterMs: number | undefined;
}

/** Resolves with the 2xx answer. @throws HttpFailure saying what is wrong and what to do */
export type Send = (request: ApiRequest) => Promise<ApiAnswer>;

export interface SendOptions extends Settings, Pick<Context, 'pause' | 'retryBaseMs'> {
  /** Gets the reason for a retry. */
  readonly onRetry: (reason: string) => void;
}

const attempts = 5;
/** Registering a tenant sends several requests to Microsoft, each with retries of its own. */
const timeoutMs = 180_000;

export function createSend(options: SendOptions): Send {
  const onRetry = (error: unknown) => {
    options.onRetry(error instanceof Error ? error.message : '');
  };
  const policy = { attempts, baseMs: options.retryBaseMs, sleep: options.pause, onRetry };
  return (request) => retrying(() => sendOnce(options, request), policy);
}

async function sendOnce({ apiUrl, key }: Settings, { method, path, body }: ApiRequest): Promise<ApiAnswer> {
  const url = new URL(apiUrl);
  const [pathname = '', query = ''] = path.split('?');
  // Set, not resolved: whatever an answer names, the key goes to the host of the settings.
  url.pathname = pathname.startsWith('/') ? pathname : `${apiUrl.pathname}${pathname}`;
  url.search = query;
  const headers = { 'x-api-key': key, Accept: 'application/json' };
  const failureOf = (code: string) =>
    new HttpFailure(describeConnectionFailure(url, code), { isTransient: !isUntrusted(code) });
  const answer = await sendJson({ method, url: url.href, headers, body, timeoutMs, failureOf });
  const isDone = answer.status === 204 || (answer.status < 300 && answer.body !== undefined);
  if (!isDone) throw refusal(url, answer);
  const operationPath = pathOf(url, answer.header('operation-location'));
  return { body: answer.body, retryAfterMs: answer.retryAfterMs, operationPath };
}

function refusal(url: URL, answer: HttpAnswer): HttpFailure {
  const { status, body, retryAfterMs, header } = answer;
  return new HttpFailure(describeRefusal(url, answer), {
    code: errorSchema.safeParse(body).data?.error.code,
    retryAfterMs,
    locationPath: pathOf(url, header('location')),
    answer: body,
    isTransient: status === 408 || status === 429 || status >= 500,
  });
}

function pathOf(url: URL, location: string | undefined): string | undefined {
  if (location === undefined || !URL.canParse(location, url.href)) return undefined;
  const { pathname, search } = new URL(location, url);
  return `${pathname}${search}`;
}

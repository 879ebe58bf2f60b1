/** Sends requests to the API with the key, and retries where that may help. */
import axios, { AxiosError, type AxiosResponse } from 'axios';
import { errorSchema } from '../../shared/description/answers/errors.ts';
import type { Context } from '../command-line/context.ts';
import { Failure } from '../command-line/failure.ts';
import { retryAfterOf, retrying } from '../command-line/retry.ts';
import { describeConnectionFailure, describeRefusal, isUntrusted } from './describe-refusal.ts';
import type { Settings } from './settings.ts';

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `/api/`, or an absolute path from an answer. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: object;
}

export interface ApiAnswer {
  /** Undefined for 204 only. */
  readonly body: unknown;
  /** The path in Operation-Location. */
  readonly operationPath: string | undefined;
  readonly retryAfterMs: number | undefined;
}

interface Refusal {
  /** The API's own code. */
  readonly code?: string | undefined;
  readonly retryAfterMs?: number | undefined;
  /** The path in Location. */
  readonly locationPath?: string | undefined;
  /** What the API answered, if it was JSON. */
  readonly answer?: unknown;
  /** A retry may help. */
  readonly isTransient: boolean;
}

/** The API refused or did not answer. The message holds neither the key nor more than a line of the answer. */
export class ApiFailure extends Failure {
  override readonly name = 'ApiFailure';
  readonly refusal: Refusal;

  constructor(message: string, refusal: Refusal) {
    super(message, { answer: refusal.answer });
    this.refusal = refusal;
  }
}

export interface HttpClient {
  /** Resolves with the 2xx answer. @throws ApiFailure saying what is wrong and what to do */
  send(request: ApiRequest): Promise<ApiAnswer>;
}

export interface HttpClientOptions extends Settings, Pick<Context, 'pause' | 'retryBaseMs'> {
  /** Gets the reason for a retry. */
  readonly onRetry: (reason: string) => void;
}

const retries = 4;
/** Longer waits are left to the user. */
const longestWaitMs = 60_000;
/** Registering a tenant sends several requests to Microsoft, each with retries of its own. */
const timeoutMs = 180_000;

export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { pause, onRetry, retryBaseMs } = options;
  const waitMsAfter = (error: unknown, failures: number): number | undefined => {
    if (failures > retries || !(error instanceof ApiFailure && error.refusal.isTransient)) return undefined;
    const waitMs = error.refusal.retryAfterMs ?? retryBaseMs * 2 ** (failures - 1);
    if (waitMs > longestWaitMs) return undefined;
    onRetry(error.message);
    return waitMs;
  };
  return { send: (request) => retrying(() => sendOnce(options, request), { waitMsAfter, pause }) };
}

async function sendOnce({ apiUrl, key }: Settings, { method, path, body }: ApiRequest): Promise<ApiAnswer> {
  const url = new URL(apiUrl);
  const [pathname = '', query = ''] = path.split('?');
  // Set, not resolved: whatever an answer names, the key goes to the host of the settings.
  url.pathname = pathname.startsWith('/') ? pathname : `${apiUrl.pathname}${pathname}`;
  url.search = query;
  const response = await axios
    .request<unknown>({
      method,
      url: url.href,
      data: body,
      headers: { 'x-api-key': key, Accept: 'application/json' },
      timeout: timeoutMs,
      maxRedirects: 0,
      proxy: false,
      responseType: 'text',
      transformResponse: (text: unknown) => text,
      validateStatus: () => true,
    })
    .catch((error: unknown) => {
      throw connectionFailure(url, error);
    });
  return readAnswer(url, response);
}

/** The error's own message and request are left out: they hold the key. */
function connectionFailure(url: URL, error: unknown): ApiFailure {
  const code = error instanceof AxiosError ? (error.code ?? 'no code') : 'no code';
  return new ApiFailure(describeConnectionFailure(url, code), { isTransient: !isUntrusted(code) });
}

function readAnswer(url: URL, response: AxiosResponse<unknown>): ApiAnswer {
  const { status } = response;
  const body = parseJson(response.data);
  const retryAfterMs = retryAfterOf(header(response, 'retry-after'), Date.now());
  if (status === 204 || (status >= 200 && status < 300 && body !== undefined)) {
    return { body, retryAfterMs, operationPath: pathOf(url, header(response, 'operation-location')) };
  }
  const location = header(response, 'location');
  const requestId = header(response, 'x-ms-request-id');
  throw new ApiFailure(describeRefusal({ status, body, url, requestId, location, retryAfterMs }), {
    code: errorSchema.safeParse(body).data?.error.code,
    retryAfterMs,
    locationPath: pathOf(url, location),
    answer: body,
    isTransient: status === 408 || status === 429 || status >= 500,
  });
}

function header(response: AxiosResponse<unknown>, name: string): string | undefined {
  const value: unknown = response.headers[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function pathOf(url: URL, location: string | undefined): string | undefined {
  if (location === undefined || !URL.canParse(location, url.href)) return undefined;
  const { pathname, search } = new URL(location, url);
  return `${pathname}${search}`;
}

function parseJson(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

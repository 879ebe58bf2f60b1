/** Asks the API, with the key, and again where that may help. */
import axios, { AxiosError, type AxiosResponse } from 'axios';
import pRetry from 'p-retry';
import { errorSchema } from './answers.ts';
import { describeConnectionFailure, describeRefusal, isUntrusted } from './describe-refusal.ts';
import { ApiFailure } from './failure.ts';
import type { Settings } from './settings.ts';

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Below `/api/`, or a whole path as an answer named it. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: object;
}

export interface ApiAnswer {
  /** Undefined for 204 only. */
  readonly body: unknown;
  /** The path that Operation-Location names. */
  readonly operationPath: string | undefined;
  readonly retryAfterMs: number | undefined;
}

export interface HttpClient {
  /** Gives the 2xx answer. @throws ApiFailure saying what is wrong and what to do */
  send(request: ApiRequest): Promise<ApiAnswer>;
}

export interface HttpClientOptions extends Settings {
  readonly pause: (ms: number) => Promise<void>;
  /** Hears why it is tried again. */
  readonly onRetry: (reason: string) => void;
  /** First wait between attempts, doubled each time. */
  readonly retryBaseMs: number;
}

const retries = 4;
/** Longer waits are left to the user. */
const longestWaitMs = 60_000;
/** Registering asks Microsoft several things, each with retries of its own. */
const timeoutMs = 180_000;

export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { pause, onRetry, retryBaseMs } = options;
  return {
    send: (request) =>
      pRetry(() => sendOnce(options, request), {
        ...{ retries, minTimeout: retryBaseMs },
        shouldRetry: ({ error }) => mayHelp(error),
        onFailedAttempt: async ({ error, retriesLeft }) => {
          if (retriesLeft === 0 || !mayHelp(error)) return;
          onRetry(error.message);
          await pause(error instanceof ApiFailure ? (error.refusal.retryAfterMs ?? 0) : 0);
        },
      }),
  };
}

function mayHelp(error: Error): boolean {
  return (
    error instanceof ApiFailure && error.refusal.mayPass && (error.refusal.retryAfterMs ?? 0) <= longestWaitMs
  );
}

async function sendOnce({ apiUrl, key }: Settings, { method, path, body }: ApiRequest): Promise<ApiAnswer> {
  const url = new URL(apiUrl);
  const [pathname = '', query = ''] = path.split('?');
  // Set, not resolved: whatever an answer names, the key goes to the host of the settings.
  url.pathname = pathname.startsWith('/') ? pathname : `${apiUrl.pathname}${pathname}`;
  url.search = query;
  const response = await axios
    .request<unknown>({
      ...{ method, url: url.href, timeout: timeoutMs, responseType: 'text', maxRedirects: 0, proxy: false },
      headers: { 'x-api-key': key, Accept: 'application/json' },
      ...(body === undefined ? {} : { data: body }),
      transformResponse: (text: unknown) => text,
      validateStatus: () => true,
    })
    .catch((error: unknown) => {
      throw connectionFailure(url, error);
    });
  return readAnswer(url, response);
}

/** The error's own message and request are left behind: they hold the key. */
function connectionFailure(url: URL, error: unknown): ApiFailure {
  const code = error instanceof AxiosError ? (error.code ?? 'no code') : 'no code';
  return new ApiFailure(describeConnectionFailure(url, code), { mayPass: !isUntrusted(code) });
}

function readAnswer(url: URL, response: AxiosResponse<unknown>): ApiAnswer {
  const { status } = response;
  const body = parseJson(response.data);
  const retryAfterMs = retryAfterOf(header(response, 'retry-after'), Date.now());
  const isGood = status === 204 || (status >= 200 && status < 300 && body !== undefined);
  if (isGood) {
    return { body, retryAfterMs, operationPath: pathOf(url, header(response, 'operation-location')) };
  }
  const location = header(response, 'location');
  const requestId = header(response, 'x-ms-request-id');
  throw new ApiFailure(describeRefusal({ status, body, url, requestId, location, retryAfterMs }), {
    ...{ status, body, retryAfterMs, locationPath: pathOf(url, location) },
    code: errorSchema.safeParse(body).data?.error.code,
    mayPass: status === 408 || status === 429 || status >= 500,
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

/**
 * Milliseconds to wait, from seconds or a date; undefined for anything else.
 * @see https://www.rfc-editor.org/rfc/rfc9110#field.retry-after
 */
export function retryAfterOf(value: string | undefined, nowMs: number): number | undefined {
  if (value === undefined) return undefined;
  const ms = /^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value) - nowMs;
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

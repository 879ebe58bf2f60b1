/** JSON over HTTP: one attempt, and the failure that the retries of both clients read. */
import type { Agent } from 'node:https';
import axios, { AxiosError } from 'axios';
import type { Method } from '../../shared/api/operation.ts';
import { parseRetryAfter, withRetries, type RetryPolicy } from '../../shared/retry.ts';
import { Failure } from './failure.ts';

export interface HttpRequest {
  readonly method: Method;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: object | undefined;
  readonly timeoutMs: number;
  readonly httpsAgent?: Agent | undefined;
  /** The failure to throw when the connection fails, from its code, e.g. `ECONNRESET`. */
  readonly failureOf: (code: string) => HttpFailure;
}

export interface HttpAnswer {
  readonly status: number;
  /** Undefined when it is not JSON. */
  readonly body: unknown;
  readonly retryAfterMs: number | undefined;
  readonly header: (name: string) => string | undefined;
}

const client = axios.create({
  maxRedirects: 0,
  proxy: false,
  responseType: 'text',
  transformResponse: (text: unknown) => text,
  validateStatus: () => true,
});

/** Resolves with the answer, whatever its status; redirects are not followed. @throws HttpFailure */
export async function sendJson({ failureOf, body, timeoutMs, ...rest }: HttpRequest): Promise<HttpAnswer> {
  const request = { ...rest, data: body, timeout: timeoutMs };
  const response = await client.request<unknown>(request).catch((error: unknown) => {
    if (!(error instanceof AxiosError)) throw error;
    // Not the cause: it holds the request's headers with their secrets.
    throw failureOf(error.code ?? 'no code');
  });
  const header = (name: string): string | undefined => {
    const value: unknown = response.headers[name];
    return typeof value === 'string' && value !== '' ? value : undefined;
  };
  const retryAfterMs = parseRetryAfter(header('retry-after'), new Date());
  return { status: response.status, body: parseJson(response.data), retryAfterMs, header };
}

function parseJson(text: unknown): unknown {
  try {
    return typeof text === 'string' ? JSON.parse(text) : undefined;
  } catch {
    return undefined;
  }
}

interface Refusal {
  /** A retry may help. */
  readonly isTransient: boolean;
  /** Milliseconds that the service asked to wait. */
  readonly retryAfterMs?: number | undefined;
  /** The body, if it was JSON. */
  readonly answer?: unknown;
  /** The service's own code. */
  readonly code?: string | undefined;
  /** The path in Location. */
  readonly locationPath?: string | undefined;
}

/** A request was refused or got no answer. The message holds no secret. */
export class HttpFailure extends Failure {
  override readonly name = 'HttpFailure';
  readonly refusal: Refusal;

  constructor(message: string, refusal: Refusal) {
    super(message, { answer: refusal.answer });
    this.refusal = refusal;
  }
}

const longestWaitMs = 60_000;

/** Retries transient HttpFailures. One that asks to wait longer than a minute is left to the user. */
export function retrying<T>(attempt: () => Promise<T>, policy: Omit<RetryPolicy, 'passing'>): Promise<T> {
  const passing = (error: unknown) => {
    const refusal = error instanceof HttpFailure ? error.refusal : undefined;
    const mayPass = refusal?.isTransient === true && (refusal.retryAfterMs ?? 0) <= longestWaitMs;
    return mayPass ? refusal : undefined;
  };
  return withRetries(attempt, { ...policy, passing });
}

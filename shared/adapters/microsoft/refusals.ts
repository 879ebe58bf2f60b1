/** Answers of Microsoft that are errors, and calls without an answer. */
import { AxiosError, type AxiosResponse } from 'axios';
import type * as z from 'zod';
import { budgetSpent, UpstreamError } from '../../errors.ts';
import { parseJson } from '../../json.ts';
import { parseRetryAfter } from '../../retry.ts';

const maxErrorBodyBytes = 64 * 1024;

/** An answer that is not 2xx. */
export interface Refusal {
  readonly status: number;
  /** Cut off where no error message is that long. */
  readonly body: string;
  /** What the header Retry-After requests. */
  readonly retryAfterMs: number | undefined;
}

/** A broken connection, a name that does not resolve, a timeout, the cutoff of a budget: all may pass. */
export function toNetworkError(error: unknown): UpstreamError {
  if (isTooLarge(error)) {
    return new UpstreamError('retry', 'AnswerTooLarge', 'Microsoft returned more data than any answer has.');
  }
  const code = error instanceof AxiosError || isErrnoException(error) ? (error.code ?? 'Network') : 'Network';
  // The cause would carry the request with its token into logs.
  return code === 'ERR_CANCELED'
    ? budgetSpent('Microsoft did not answer')
    : new UpstreamError('retry', code, `Could not reach Microsoft (${code}).`);
}

/** axios has no code of its own for it. */
function isTooLarge(error: unknown): boolean {
  return error instanceof AxiosError && error.message.startsWith('maxContentLength size of');
}

function isErrnoException(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'code' in error;
}

/** @throws UpstreamError always: {@link toNetworkError} */
export function failAsNetworkError(error: unknown): never {
  throw toNetworkError(error);
}

/** Microsoft requests minutes. A proxy that requests days must not stop collection for longer than this. */
const longestRetryAfterMs = 60 * 60_000;

/** What the header Retry-After requests, in milliseconds; an hour at most. */
export function retryAfterMs(response: AxiosResponse): number | undefined {
  const requestedMs = parseRetryAfter(response.headers['retry-after'], new Date());
  return requestedMs === undefined ? undefined : Math.min(requestedMs, longestRetryAfterMs);
}

/** Undefined for a proxy's page or an empty body: the status alone decides. */
export function parseRefusal<T extends z.ZodType>(schema: T, body: string): z.output<T> | undefined {
  return schema.safeParse(parseJson(body)).data;
}

/** Text of an answer that is an error, cut off where no error message is that long. @throws UpstreamError */
export async function bodyText(data: unknown): Promise<string> {
  if (typeof data === 'string') return data.slice(0, maxErrorBodyBytes);
  if (!isStream(data)) return JSON.stringify(data ?? '').slice(0, maxErrorBodyBytes);
  const chunks: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const chunk of data) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > maxErrorBodyBytes) break;
    }
  } catch (error) {
    failAsNetworkError(error);
  }
  return Buffer.concat(chunks).toString('utf8').slice(0, maxErrorBodyBytes);
}

function isStream(data: unknown): data is AsyncIterable<Buffer> {
  return typeof data === 'object' && data !== null && Symbol.asyncIterator in data;
}

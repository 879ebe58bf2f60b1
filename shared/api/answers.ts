/** Ways to declare what an operation answers. */
import * as z from 'zod';
import type { Answer } from './operation.ts';
import type { HeaderName } from './headers.ts';
import { errorSchema } from './schemas/errors.ts';

interface JsonAnswer<S extends z.ZodType, H extends readonly HeaderName[]> {
  readonly description: string;
  readonly schema: S;
  readonly headers: H;
}

/** A JSON object or list that fits the schema. */
export function json<S extends z.ZodType>(description: string, schema: S): JsonAnswer<S, readonly []>;
export function json<S extends z.ZodType, const H extends readonly HeaderName[]>(
  description: string,
  schema: S,
  headers: H,
): JsonAnswer<S, H>;
export function json<S extends z.ZodType>(
  description: string,
  schema: S,
  headers: readonly HeaderName[] = [],
): JsonAnswer<S, readonly HeaderName[]> {
  return { description, schema, headers };
}

/** Content that is serialized already: a file, a page, or one of several formats. */
export function content<const H extends readonly HeaderName[]>(
  description: string,
  mediaTypes: readonly string[],
  headers: H,
  schema: z.ZodType = z.string(),
) {
  return { description, schema, mediaTypes, headers };
}

/** JSON with parts exactly as delivered, serialized already. */
export function deliveredJson<S extends z.ZodType, const H extends readonly HeaderName[]>(
  description: string,
  schema: S,
  headers: H,
) {
  return { description, schema, mediaTypes: ['application/json'], headers };
}

/** The media type of files: nothing on their way may read them as text, which could change their bytes. */
export const fileType = 'application/octet-stream';

/** A file, or part of one. */
export function file<const H extends readonly HeaderName[]>(description: string, headers: H) {
  return content(description, [fileType], headers);
}

export function noContent(description: string): { readonly description: string } {
  return { description };
}

/** An error of this status, as `application/json` or `application/problem+json`, whichever the caller accepts. */
export function refusal(status: number, description = meanings[status] ?? 'An error.') {
  const headers: readonly HeaderName[] = ['x-ms-error-code', ...(refusalHeaders[status] ?? [])];
  return { description, schema: errorSchema, headers } satisfies Answer;
}

const meanings: Readonly<Record<number, string>> = {
  400: 'A parameter, a header or the body is invalid; target names it.',
  401: 'No valid key, token, signature or link was sent.',
  403: 'The caller lacks the required permission.',
  404: 'The resource does not exist, or the caller has no access to it.',
  406: 'Accept names nothing that the operation can answer with; the message says what it has.',
  408: 'The body did not arrive in time.',
  409: 'The request conflicts with the current state; the message says what to do.',
  412: 'A precondition of the request does not hold.',
  413: 'The body is too large.',
  414: 'The address is too long; the message says what to do.',
  415: 'The body is not JSON, or is compressed.',
  416: 'The range is outside the file.',
  422: 'The request is valid but cannot be carried out, or Idempotency-Key was used for another request.',
  429: 'Too many calls.',
  500: 'An internal error or an outage.',
  503: 'A required service is unavailable. Try again later.',
};

const refusalHeaders: Readonly<Record<number, readonly HeaderName[]>> = {
  400: ['Repeatability-Result'],
  401: ['WWW-Authenticate'],
  409: ['Location', 'Retry-After'],
  412: ['Repeatability-Result'],
  416: ['Content-Range'],
  429: ['Retry-After'],
  503: ['Retry-After'],
};

/** Errors as RFC 9457 problems, for callers who accept them. */
import * as z from 'zod';
import { acceptedRanges, problemType } from './accept.ts';

/** Whether an `Accept` header lists the problem type. */
export function wantsProblem(accept: string): boolean {
  return acceptedRanges(accept).some(({ type, quality }) => type === problemType && quality > 0);
}

/** Reason phrases of the statuses that the interface answers with. @see https://www.rfc-editor.org/rfc/rfc9110 */
const titles: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  408: 'Request Timeout',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Payload Too Large',
  414: 'URI Too Long',
  415: 'Unsupported Media Type',
  416: 'Range Not Satisfiable',
  422: 'Unprocessable Entity',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
};

const errorBody = z.looseObject({ error: z.looseObject({ code: z.string(), message: z.string() }) });

/**
 * The problem that an answer's `{error: {code, message, target, details}}` represents, with all its members in
 * addition to the standard ones. Undefined for anything else.
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export function problemOf(status: number, body: unknown, requestId: string): object | undefined {
  const parsed = errorBody.safeParse(body).data;
  if (parsed === undefined) return undefined;
  const { code, message, ...rest } = parsed.error;
  const title = titles[status] ?? 'Error';
  return { type: `urn:auditkeep:error:${code}`, title, status, detail: message, code, ...rest, requestId };
}

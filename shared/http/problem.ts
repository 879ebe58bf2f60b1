/** Errors as RFC 9457 problems, for callers who accept them. */
import { STATUS_CODES } from 'node:http';
import * as z from 'zod';

export const problemType = 'application/problem+json';

/** Whether an `Accept` header lists the problem type. */
export function wantsProblem(accept: string): boolean {
  return accept.split(',').some((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    return type === problemType && !parameters.some((parameter) => /^q=0(\.0*)?$/.test(parameter));
  });
}

const errorBody = z.looseObject({ error: z.looseObject({ code: z.string(), message: z.string() }) });

/**
 * The problem that an answer's `{error: {code, message, target, details}}` stands for, with all its members beside
 * the standard ones. Undefined for anything else.
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export function problemOf(status: number, body: unknown, requestId: string): object | undefined {
  const parsed = errorBody.safeParse(body).data;
  if (parsed === undefined) return undefined;
  const { code, message, ...rest } = parsed.error;
  const title = STATUS_CODES[status] ?? 'Error';
  return { type: `urn:auditkeep:error:${code}`, title, status, detail: message, code, ...rest, requestId };
}

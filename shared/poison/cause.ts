/** Why a delivery failed, in words that contain nothing of records or messages. */
import * as z from 'zod';
import { MalformedContentError, UpstreamError } from '../errors.ts';
import { LandingAlteredError, RawBlobMissingError } from '../index/checked-blob.ts';

export interface Cause {
  readonly code: string;
  readonly message: string;
}

/** Codes of SDKs, of Microsoft and of our own say more than names; messages may hold more than should be kept. */
export function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

export function causeOf(error: unknown): Cause {
  if (error instanceof z.ZodError) return { code: 'MalformedMessage', message: describeMalformed(error) };
  return { code: codeOf(error), message: describeError(error) };
}

function describeError(error: unknown): string {
  // Their messages never contain content.
  const isPlain =
    error instanceof UpstreamError ||
    error instanceof RawBlobMissingError ||
    error instanceof LandingAlteredError ||
    error instanceof MalformedContentError;
  if (isPlain) return error.message;
  const status = statusSchema.safeParse(error).data?.statusCode;
  const what = status === undefined ? 'An unexpected error' : `Storage answered with status ${status}`;
  return `${what}. The log has the details: search it for the trace ID.`;
}

const statusSchema = z.object({ statusCode: z.int() });

/** Names of members only. */
function describeMalformed({ issues }: z.ZodError): string {
  const names = new Set(issues.map(({ path }) => String(path[0] ?? 'the message')));
  return `The message is malformed: ${[...names].join(', ')}. Another release of Auditkeep may have sent it.`;
}

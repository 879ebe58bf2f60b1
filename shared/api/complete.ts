/** Adds to an operation what the HTTP layer does for all of its kind: headers, conditional requests, refusals. */
import * as z from 'zod';
import { negotiatedTypes } from '../http/accept.ts';
import { fileType, refusal } from './answers.ts';
import type { HeaderName } from './headers.ts';
import type { Answer, Audience, Operation } from './operation.ts';
import { pathNames } from './operation.ts';
import { apiVersion } from './version.ts';

/** An operation with every parameter that it understands and every status that it can answer with. */
export function complete(operation: Operation): Operation {
  const tagged = isTagged(operation);
  const own = Object.entries(operation.answers).flatMap(([status, answer]) =>
    answer === undefined ? [] : [[status, withHeaders(operation, Number(status), answer)] as const],
  );
  return {
    ...operation,
    query: z.object({ ...operation.query?.shape, ...versionOf(operation) }),
    headers: z.object({ ...headersOf(operation, tagged), ...operation.headers?.shape }),
    answers: {
      ...(tagged ? { 304: notModified } : {}),
      ...Object.fromEntries(refusalsOf(operation).map((status) => [status, refusal(status)])),
      ...Object.fromEntries(own),
    },
  };
}

const notModified: Answer = { description: 'The caller has the current version.', headers: ['ETag'] };

/** Resources and pages have tags; lists change between two reads and have none. */
function isTagged({ method, answers }: Operation): boolean {
  const answer = answers[200];
  if (method !== 'GET' || answer?.schema === undefined) return false;
  const { schema, mediaTypes = [], headers = [] } = answer;
  if (mediaTypes.includes('text/html')) return true;
  // A stream is sent before all of it is known.
  if (mediaTypes.includes(fileType)) return headers.includes('ETag');
  return !(schema instanceof z.ZodObject && 'value' in schema.shape);
}

function withHeaders(operation: Operation, status: number, answer: Answer): Answer {
  const { headers = [] } = answer;
  const etag: readonly HeaderName[] = status === 200 && isTagged(operation) ? ['ETag'] : [];
  const repeat: readonly HeaderName[] = isIdempotent(operation) ? ['Repeatability-Result'] : [];
  return { ...answer, headers: [...new Set([...headers, ...etag, ...repeat])] };
}

/** Whether the operation takes an idempotency key. */
function isIdempotent({ method, audience }: Operation): boolean {
  return method === 'POST' && audience !== 'anonymous';
}

const version = z
  .enum([apiVersion])
  .optional()
  .meta({ title: 'Version', description: 'Version of the interface; there is only one so far.' });
const link = z.string().optional().meta({ description: 'From Location, for callers without credentials.' });

function versionOf({ audience }: Operation): z.ZodRawShape {
  if (audience === 'anonymous') return {};
  const isLinked = typeof audience === 'object' && audience.byLink !== undefined;
  return isLinked ? { t: link, 'api-version': version } : { 'api-version': version };
}

const text = (description: string) => z.string().optional().meta({ description });

function headersOf(operation: Operation, tagged: boolean): z.ZodRawShape {
  return {
    'x-ms-client-request-id': text('Your own ID for this call; it is returned in the response.'),
    traceparent: text('The trace that this call belongs to (W3C Trace Context).'),
    ...(tagged ? { 'If-None-Match': text('ETags you have: 304 if one of them is current.') } : {}),
    ...(isIdempotent(operation) ? idempotencyHeaders : {}),
  };
}

const idempotencyHeaders = {
  'Idempotency-Key': text('Your own key for this request: sent again within 24 hours, it is executed once.'),
  'Repeatability-Request-ID': text("Azure's name for Idempotency-Key."),
  'Repeatability-First-Sent': text('When the request was first sent, as an HTTP date.'),
};

/** Refusals, from what an operation takes and who may call it. */
function refusalsOf(operation: Operation): readonly number[] {
  const { route, method, audience, needsSecret } = operation;
  const notAcceptable = negotiatedTypes(operation).length > 0 ? [406] : [];
  if (audience === 'anonymous') return [...notAcceptable, ...(needsSecret === true ? [429] : []), 500];
  const forbidden = audience === 'identified' ? [] : [403];
  const always = [400, 401, ...forbidden, ...notAcceptable, 429, 500, 503];
  return [
    ...always,
    ...(pathNames(route).length > 0 ? [404] : []),
    ...(method === 'GET' ? [] : [408, 413, 415]),
    ...(isIdempotent(operation) ? [409, 412, 422] : []),
  ];
}

/** Who an operation is for, in a few words. */
export function describeAudience(audience: Audience): string {
  if (audience === 'anonymous') return 'Needs no credentials.';
  if (audience === 'signed') return 'Needs a signature, or the scope auditing.enable.';
  if (audience === 'identified') return 'Needs a valid key or token, whatever its scopes.';
  const reach = audience.allTenants === true ? ', for all tenants' : '';
  const byLink = audience.byLink === undefined ? '' : ', or the address from Location';
  return `Needs the scope ${audience.scope}${reach}${byLink}.`;
}

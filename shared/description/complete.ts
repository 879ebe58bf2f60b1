/** Adds to an operation what all operations of its kind have in common: headers, conditions, refusals. */
import * as z from 'zod';
import { problemType } from '../access/problem.ts';
import { apiVersion } from '../api-version.ts';
import { errorSchema } from './answers/errors.ts';
import type { Audience, DescribedResponse, HeaderName, Operation } from './operation.ts';

/** An operation with every status that it can answer and every header that it understands. */
export function complete(operation: Operation): Operation {
  const tagged = isTagged(operation);
  const own = Object.entries(operation.responses).flatMap(([status, response]) =>
    response === undefined ? [] : [[status, withHeaders(operation, Number(status), response)] as const],
  );
  return {
    ...operation,
    parameters: withVersion(operation),
    headers: z.object({ ...headersOf(operation, tagged), ...operation.headers?.shape }),
    responses: {
      ...(tagged ? { 304: notModified } : {}),
      ...Object.fromEntries(refusalsOf(operation).map((status) => [status, refusal(status)])),
      ...Object.fromEntries(own),
    },
  };
}

const notModified: DescribedResponse = {
  description: 'The caller has it already.',
  headers: ['ETag'],
};

/** Resources and pages are tagged; lists change while one looks. */
function isTagged({ method, responses }: Operation): boolean {
  const response = responses[200];
  if (method !== 'GET' || response?.schema === undefined) return false;
  const { schema, mediaTypes = ['application/json'] } = response;
  if (mediaTypes.includes('text/html')) return true;
  return !(schema instanceof z.ZodObject && 'value' in schema.shape);
}

function withHeaders(operation: Operation, status: number, response: DescribedResponse): DescribedResponse {
  const { headers = [] } = response;
  const etag: readonly HeaderName[] = status === 200 && isTagged(operation) ? ['ETag'] : [];
  const repeat: readonly HeaderName[] = isRepeatable(operation) ? ['Repeatability-Result'] : [];
  return { ...response, headers: [...new Set([...headers, ...etag, ...repeat])] };
}

function isRepeatable({ method, audience }: Operation): boolean {
  return method === 'POST' && audience !== 'anonymous';
}

const versionSchema = z
  .enum([apiVersion])
  .optional()
  .meta({ title: 'Version', description: 'Version of the interface; there is one so far.' });

/** Names of what may stand in the address of an operation. */
export function parametersOf(operation: Operation): readonly string[] {
  return Object.keys(shapeOf(operation));
}

function withVersion(operation: Operation): z.ZodObject | undefined {
  const shape = shapeOf(operation);
  return Object.keys(shape).length === 0 ? undefined : z.object(shape);
}

function shapeOf({ parameters, audience }: Operation): z.ZodRawShape {
  const version = audience === 'anonymous' ? {} : { 'api-version': versionSchema };
  return { ...parameters?.shape, ...version };
}

const text = (description: string) => z.string().optional().meta({ description });

function headersOf(operation: Operation, tagged: boolean): z.ZodRawShape {
  return {
    'x-ms-client-request-id': text('Your own name for this call; it comes back in the answer.'),
    traceparent: text('The trace that this call belongs to (W3C Trace Context).'),
    ...(tagged ? { 'If-None-Match': text('ETags that you have: 304 when one is still good.') } : {}),
    ...(isRepeatable(operation) ? repeatHeaders : {}),
  };
}

const repeatHeaders = {
  'Idempotency-Key': text('Your own name for this request: sent again within 24 hours, it is done once.'),
  'Repeatability-Request-ID': text('The same as Idempotency-Key, by the name that Azure gives it.'),
  'Repeatability-First-Sent': text('When the request was first sent, as an HTTP date.'),
};

/** Refusals, from what an operation takes and who may call it. */
function refusalsOf(operation: Operation): readonly number[] {
  const { route, body, audience } = operation;
  if (audience === 'anonymous') return [500];
  return [
    // 400: a parameter that it does not have is refused by every operation.
    ...[400, 401, 403, 429, 500, 503],
    ...(route.includes('{tenantId}') ? [404] : []),
    ...(body === undefined ? [] : [413, 415]),
    ...(isRepeatable(operation) ? [409, 412, 413, 422] : []),
  ];
}

const meanings: Readonly<Record<number, string>> = {
  400: 'A parameter, a header or the body is not understood; target names it.',
  401: 'No valid key, token, signature or link was sent.',
  403: 'The caller may not do that.',
  404: 'There is no such thing, or the caller may not see it.',
  409: 'It does not go with how things are; the message says what to do.',
  412: 'A condition of the request does not hold.',
  413: 'The body is too large.',
  415: 'The body is not JSON.',
  416: 'The range lies outside of the file.',
  422: 'It was understood and cannot be done, or Idempotency-Key was used for another request.',
  429: 'Too many calls.',
  500: 'A defect or an outage of Auditkeep.',
  503: 'Something that is needed cannot be reached now.',
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

/** An error of this status, as JSON or as a problem, whichever the caller asks for. */
export function refusal(status: number, description = meanings[status] ?? 'An error.'): DescribedResponse {
  return {
    description,
    schema: errorSchema,
    mediaTypes: ['application/json', problemType],
    headers: ['x-ms-error-code', ...(refusalHeaders[status] ?? [])],
  };
}

/** Whom an operation is for, in a few words. */
export function describeAudience(audience: Audience): string {
  if (audience === 'anonymous') return 'Anybody may call this.';
  if (audience === 'signed') return 'Needs a signature, or the scope auditing.enable.';
  const reach = audience.allTenants === true ? ', for all tenants' : '';
  const link = audience.orLink === true ? ', or the address that Location gave' : '';
  return `Needs the scope ${audience.scope}${reach}${link}.`;
}

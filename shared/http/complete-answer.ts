/** What every answer gets, whatever happens: request ids, entity tags, errors in the caller's format. */
import { randomUUID } from 'node:crypto';
import { RequestError } from '../errors.ts';
import type { Telemetry } from '../telemetry.ts';
import { continueTrace, type TraceContext } from '../telemetry/trace-context.ts';
import { entityTag, namesTag } from './conditional.ts';
import { problemType } from './accept.ts';
import { problemOf, wantsProblem } from './problem.ts';
import type { ApiInvocation, ApiRequest, ApiResponse } from './request.ts';

interface Incoming {
  readonly request: ApiRequest;
  readonly invocation: ApiInvocation;
}

/** Completes what `answer` gives; what it throws becomes an error answer. */
export async function completeAnswer(
  deps: { readonly telemetry: Telemetry },
  { request, invocation }: Incoming,
  answer: (requestId: string) => Promise<ApiResponse>,
): Promise<ApiResponse> {
  const requestId = randomUUID();
  const trace = continueTrace(request.headers.get('traceparent'));
  const answered = await answer(requestId).catch((error: unknown) => failure(deps, invocation, error));
  const given = { ...answered, headers: lowerCased(answered.headers) };
  const complete = asProblem(request, unlessKnown(request, given), requestId);
  const response = request.method === 'HEAD' ? withoutBody(complete) : complete;
  return { ...response, headers: { ...commonHeaders(request, requestId, trace), ...response.headers } };
}

/** Names of headers are case-insensitive: one spelling, so that none is there twice. */
function lowerCased(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(new Headers(headers));
}

function commonHeaders(request: ApiRequest, requestId: string, trace: TraceContext): Record<string, string> {
  const clientRequestId = request.headers.get('x-ms-client-request-id');
  const isUsable = clientRequestId !== null && /^[\w-]{1,64}$/.test(clientRequestId);
  return {
    'x-ms-request-id': requestId,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    // A year; browsers ignore it where the answer did not come over https.
    'strict-transport-security': 'max-age=31536000',
    ...(trace.isContinued ? { traceparent: trace.traceparent } : {}),
    ...(isUsable ? { 'x-ms-client-request-id': clientRequestId } : {}),
  };
}

function isRead(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** The headers of the body that GET would return; a stream is not begun, and its length is unknown. */
function withoutBody({ status, headers = {}, jsonBody, body }: ApiResponse): ApiResponse {
  const json = jsonBody === undefined ? undefined : JSON.stringify(jsonBody);
  const content = json ?? (typeof body === 'string' || body instanceof Uint8Array ? body : undefined);
  const type = json === undefined ? {} : { 'content-type': 'application/json' };
  const length = content === undefined ? {} : { 'content-length': String(Buffer.byteLength(content)) };
  return { ...(status === undefined ? {} : { status }), headers: { ...type, ...length, ...headers } };
}

/** Tags what a GET returns, and answers 304 to callers who have it. Lists have no tag: they change between two reads. */
function unlessKnown(request: ApiRequest, response: ApiResponse): ApiResponse {
  if (!isRead(request.method) || (response.status ?? 200) !== 200) return response;
  const text = response.headers?.['etag'] === undefined ? textOf(response) : undefined;
  const etag = response.headers?.['etag'] ?? (text === undefined ? undefined : entityTag(text));
  if (etag === undefined) return response;
  const known = request.headers.get('if-none-match');
  if (known !== null && namesTag(known, etag))
    return { status: 304, headers: { etag, ...keeping(response) } };
  return { ...response, headers: { ...response.headers, etag } };
}

/** How a caller may keep what it has is the same as with a body. */
function keeping({ headers = {} }: ApiResponse): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => /^(cache-control|vary)$/.test(name)));
}

function textOf({ jsonBody, body }: ApiResponse): string | undefined {
  if (typeof body === 'string') return body;
  const isResource = typeof jsonBody === 'object' && jsonBody !== null && !('value' in jsonBody);
  return isResource ? JSON.stringify(jsonBody) : undefined;
}

function asProblem(request: ApiRequest, response: ApiResponse, requestId: string): ApiResponse {
  const status = response.status ?? 200;
  if (status < 400 || !wantsProblem(request.headers.get('accept') ?? '')) return response;
  const jsonBody = problemOf(status, response.jsonBody, requestId);
  if (jsonBody === undefined) return response;
  return { ...response, jsonBody, headers: { ...response.headers, 'content-type': problemType } };
}

function failure(
  { telemetry }: { readonly telemetry: Telemetry },
  invocation: ApiInvocation,
  error: unknown,
): ApiResponse {
  if (error instanceof RequestError) return errorAnswer(error);
  const name = error instanceof Error ? error.name : 'unknown';
  telemetry('http.request.failed', { error: name });
  // The stack goes to the operator's log; messages of SDKs may hold more than callers should see.
  invocation.error(error);
  const message = 'Internal error. Retry, or contact support with the x-ms-request-id.';
  return errorAnswer(new RequestError(500, 'InternalError', message));
}

function errorAnswer({ status, code, message, target, headers }: RequestError): ApiResponse {
  const jsonBody = { error: { code, message, ...(target === undefined ? {} : { target }) } };
  return { status, jsonBody, headers: { ...headers, 'x-ms-error-code': code } };
}

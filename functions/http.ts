/** What all HTTP functions share: request ids, access, the access log, errors and repeats. */
import type { HttpFunctionOptions, HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import { randomUUID } from 'node:crypto';
import type { AccessLogWriter } from '../shared/access/access-log.ts';
import type { Access, Caller } from '../shared/access/access.ts';
import { keyOf } from '../shared/access/caller.ts';
import { createCallLog, type CallLog } from '../shared/access/call-log.ts';
import { entityTag, namesTag } from '../shared/access/conditional.ts';
import { problemOf, problemType, wantsProblem } from '../shared/access/problem.ts';
import { repeatKey } from '../shared/access/repeat-key.ts';
import type { RepeatableAnswer, Repeats } from '../shared/access/repeats.ts';
import { readAll } from '../shared/access/request-body.ts';
import { continueTrace, type TraceContext } from '../shared/telemetry/trace-context.ts';
import { checkApiVersion } from '../shared/api-version.ts';
import { refuseParameters } from '../shared/description/query-parameters.ts';
import { RequestError } from '../shared/errors.ts';
import { canonicalAddress } from '../shared/records/client-address.ts';
import type { Telemetry } from '../shared/telemetry.ts';

export { parseBody, readBody, readBytes, readOptionalBody } from '../shared/access/request-body.ts';

export interface HttpDeps {
  readonly access: Access;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
  readonly accessLog: AccessLogWriter;
  readonly repeats: Repeats;
}

export interface Call {
  readonly request: HttpRequest;
  readonly caller: Caller;
}

/** An error that a handler throws becomes `{error: {code, message, target}}`; one that is not ours tells nothing. */
type CallHandler = (call: Call) => Promise<HttpResponseInit>;

interface Route {
  readonly methods: HttpFunctionOptions['methods'] & {};
  readonly route: string;
  readonly handler: CallHandler;
  /** Tells who calls, where neither key nor token does. Each call needs a caller of its own. */
  readonly identify?: (request: HttpRequest) => Promise<Caller>;
}

/**
 * Options of an HTTP function whose callers are authenticated and whose calls are logged. The host's own keys are not
 * used: they open every function for everybody.
 */
export function authenticated(deps: HttpDeps, route: Route): HttpFunctionOptions {
  const { methods, route: path } = route;
  return {
    methods,
    route: path,
    authLevel: 'anonymous',
    handler: (request, context) =>
      answer(deps, { request, context }, (requestId) => attend(deps, route, { request, context, requestId })),
  };
}

interface Incoming {
  readonly request: HttpRequest;
  readonly context: InvocationContext;
}

/** Tells who calls, then works; the access log is written beside the work, and before the answer. */
async function attend(
  deps: HttpDeps,
  route: Route,
  { request, context, requestId }: Incoming & { readonly requestId: string },
): Promise<HttpResponseInit> {
  const log = openLog(deps, { request, context, requestId });
  let caller: Caller | undefined;
  try {
    caller = await admit(deps, request, route.identify);
    deps.access.count(caller);
    checkApiVersion(request.query);
    refuseParameters(request.method, route.route, request.query.keys());
    const response = await bothDone(work(deps, route, { request, caller }), log.begin(caller));
    await log.accept(caller, deps.access.openedBy(caller));
    return response;
  } catch (error) {
    await log.refuse(error, caller, caller === undefined ? [] : deps.access.openedBy(caller));
    throw error;
  }
}

/** Waits for both, even where one fails: what is written next must not be overtaken by what was written before. */
async function bothDone<T>(work: Promise<T>, beside: Promise<void> | undefined): Promise<T> {
  const [done, written] = await Promise.allSettled([work, beside]);
  if (written.status === 'rejected') throw written.reason;
  if (done.status === 'rejected') throw done.reason;
  return done.value;
}

function openLog(
  { accessLog, now }: HttpDeps,
  { request, context, requestId }: Incoming & { readonly requestId: string },
): CallLog {
  return createCallLog(accessLog, {
    ...{ at: now(), requestId, action: context.functionName },
    tenantId: request.params['tenantId'],
    parameters: [...request.query.keys()],
  });
}

async function admit(
  { access }: HttpDeps,
  request: HttpRequest,
  identify: Route['identify'],
): Promise<Caller> {
  const { headers } = request;
  const apiKey = headers.get('x-api-key');
  const credentials = { apiKey, authorization: headers.get('authorization') };
  // What stands last was put there by the platform; what stands before it is only said by the client.
  const forwarded = headers.get('x-forwarded-for')?.split(',').at(-1) ?? '';
  const origin = { apiKey, clientAddress: canonicalAddress(forwarded) ?? '' };
  return await access.admit(origin, () =>
    identify === undefined ? access.authenticate(credentials) : identify(request),
  );
}

/** The handler's answer; for a POST that names itself, the one that it had before. */
async function work({ repeats, now }: HttpDeps, { handler }: Route, call: Call): Promise<HttpResponseInit> {
  const { request, caller } = call;
  const { headers, method } = request;
  if (method !== 'POST') return await handler(call);
  const idempotencyKey = headers.get('idempotency-key');
  const requestId = headers.get('repeatability-request-id');
  const key = repeatKey(
    { idempotencyKey, requestId, firstSent: headers.get('repeatability-first-sent') },
    now(),
  );
  if (key === undefined) return await handler(call);
  const { pathname: path } = new URL(request.url);
  const body = await readAll(request);
  const given = await repeats.once({ callerId: keyOf(caller), key, method, path, body }, async () =>
    repeatable(await handler(call)),
  );
  return { ...given, headers: { ...given.headers, 'Repeatability-Result': 'accepted' } };
}

function repeatable(response: HttpResponseInit): RepeatableAnswer {
  return { status: response.status ?? 200, headers: plainHeaders(response), jsonBody: response.jsonBody };
}

/** Answers a request, whatever happens. */
export async function answer(
  deps: Pick<HttpDeps, 'telemetry'>,
  { request, context }: Incoming,
  handle: (requestId: string) => Promise<HttpResponseInit>,
): Promise<HttpResponseInit> {
  const requestId = randomUUID();
  const trace = continueTrace(request.headers.get('traceparent'));
  const given = await handle(requestId).catch((error: unknown) => failure(deps, context, error));
  const response = asProblem(request, unlessKnown(request, given), requestId);
  return { ...response, headers: { ...commonHeaders(request, requestId, trace), ...plainHeaders(response) } };
}

function commonHeaders(request: HttpRequest, requestId: string, trace: TraceContext): Record<string, string> {
  const clientRequestId = request.headers.get('x-ms-client-request-id');
  return {
    'x-ms-request-id': requestId,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    ...(trace.isContinued ? { traceparent: trace.traceparent } : {}),
    ...(clientRequestId !== null && /^[\w-]{1,64}$/.test(clientRequestId)
      ? { 'x-ms-client-request-id': clientRequestId }
      : {}),
  };
}

function plainHeaders({ headers }: HttpResponseInit): Record<string, string> {
  return Object.fromEntries(new Headers(headers as ConstructorParameters<typeof Headers>[0]));
}

/** Tags what a GET gives, and gives 304 to whom it is known. A list changes while one looks, and has no tag. */
function unlessKnown(request: HttpRequest, response: HttpResponseInit): HttpResponseInit {
  if (request.method !== 'GET' || (response.status ?? 200) !== 200) return response;
  const headers = plainHeaders(response);
  const text = headers['etag'] === undefined ? textOf(response) : undefined;
  const etag = headers['etag'] ?? (text === undefined ? undefined : entityTag(text));
  if (etag === undefined) return response;
  const known = request.headers.get('if-none-match');
  if (known !== null && namesTag(known, etag)) return { status: 304, headers: { etag } };
  return { ...response, headers: { ...headers, etag } };
}

function textOf({ jsonBody, body }: HttpResponseInit): string | undefined {
  if (typeof body === 'string') return body;
  const isResource = typeof jsonBody === 'object' && jsonBody !== null && !('value' in jsonBody);
  return isResource ? JSON.stringify(jsonBody) : undefined;
}

function asProblem(request: HttpRequest, response: HttpResponseInit, requestId: string): HttpResponseInit {
  const status = response.status ?? 200;
  if (status < 400 || !wantsProblem(request.headers.get('accept') ?? '')) return response;
  const jsonBody = problemOf(status, response.jsonBody, requestId);
  if (jsonBody === undefined) return response;
  return { ...response, jsonBody, headers: { ...plainHeaders(response), 'content-type': problemType } };
}

function failure(
  { telemetry }: Pick<HttpDeps, 'telemetry'>,
  context: InvocationContext,
  error: unknown,
): HttpResponseInit {
  if (error instanceof RequestError) return errorAnswer(error);
  const name = error instanceof Error ? error.name : 'unknown';
  telemetry('http.request.failed', { error: name });
  // The stack goes to the log for the operator; messages of SDKs may hold more than callers should see.
  context.error(error);
  const message = 'Something failed here. Try again, or tell us the x-ms-request-id.';
  return errorAnswer(new RequestError(500, 'InternalError', message));
}

function errorAnswer({ status, code, message, target, headers }: RequestError): HttpResponseInit {
  const jsonBody = { error: { code, message, ...(target === undefined ? {} : { target }) } };
  return { status, jsonBody, headers: { ...headers, 'x-ms-error-code': code } };
}

/** Where a resource is, seen from the address that was asked: `records` below it, `../x` beside it. */
export function addressOf(request: HttpRequest, relative: string): string {
  const { origin, pathname } = new URL(request.url);
  return new URL(relative, `${origin}${pathname.replace(/\/?$/, '/')}`).href;
}

/** Where the app answers, seen from the address of a request to one of its routes: `https://audit.example/api`. */
export function baseUrlOf(request: HttpRequest, route: string): string {
  const { origin, pathname } = new URL(request.url);
  return `${origin}${pathname.replace(/\/$/, '').slice(0, -route.length - 1)}`;
}

/** A path parameter; the route guarantees that it is there. */
export function pathParameter(request: HttpRequest, name: string): string {
  return request.params[name] ?? '';
}

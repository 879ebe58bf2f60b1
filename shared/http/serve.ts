/** Serves an operation: request ids, access, the access log, parsing, idempotency, errors. */
import * as z from 'zod';
import type { AccessLogWriter } from '../access/access-log.ts';
import type { Access, Caller } from '../access/access.ts';
import { createCallLog, type CallLog } from '../access/call-log.ts';
import { seesAll, within } from '../access/caller.ts';
import { unauthorized } from '../access/refusals.ts';
import { credentialOf, identifyLinkedCaller, isLinkOfOurs } from '../access/linked-caller.ts';
import type { Capabilities } from '../access/capability-token.ts';
import type { Operation, ScopedAudience } from '../api/operation.ts';
import { pathNames } from '../api/operation.ts';
import { checkApiVersion } from '../api/version.ts';
import { invalidParameter, RequestError } from '../errors.ts';
import type { Telemetry } from '../telemetry.ts';
import { readManagedTenant } from '../tenants/managed.ts';
import type { StoredTenant, TenantStore } from '../tenants/tenant.ts';
import { negotiatedTypes, preferredType } from './accept.ts';
import { completeAnswer } from './complete-answer.ts';
import type { AnyCall, Bound } from './handler.ts';
import { onceFor, type Idempotency } from './idempotency.ts';
import { readParameters, noParameters, type ReadParameters } from './parameters.ts';
import { reply } from './reply.ts';
import { readAll, readBody, readFile, readOptionalBody } from './request-body.ts';
import {
  clientAddressOf,
  type ApiInvocation,
  type ApiRequest,
  type ApiResponse,
  type HttpHandler,
} from './request.ts';
import { withTenantId } from './tenant-address.ts';

export interface HttpDeps {
  readonly access: Access;
  readonly capabilities: Pick<Capabilities, 'redeem' | 'isOurs'>;
  readonly tenants: Pick<TenantStore, 'get'>;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
  readonly accessLog: AccessLogWriter;
  readonly idempotency: Idempotency;
}

interface Incoming {
  readonly request: ApiRequest;
  readonly invocation: ApiInvocation;
}

/**
 * Gives the function that answers requests for an operation. The host's own keys are not used for authorization: one
 * opens every function for everyone.
 */
export function serve<Deps extends HttpDeps>(deps: Deps, bound: Bound<Deps>): HttpHandler {
  return (request, invocation) =>
    completeAnswer(deps, { request, invocation }, (requestId) =>
      answer(deps, bound, { request, invocation, requestId }),
    );
}

interface Identified extends Incoming {
  readonly requestId: string;
}

async function answer<Deps extends HttpDeps>(
  deps: Deps,
  bound: Bound<Deps>,
  incoming: Identified,
): Promise<ApiResponse> {
  const { audience, needsSecret } = bound.operation;
  if (audience !== 'anonymous') return await answerCaller(deps, bound, incoming);
  const answerOne = () => answerAnyone(deps, bound, incoming);
  return needsSecret === true ? await answerHolder(deps, incoming, answerOne) : await answerOne();
}

/** Only refusals are logged: who knows the secret is not a caller. */
async function answerHolder(
  deps: HttpDeps,
  incoming: Identified,
  work: () => Promise<ApiResponse>,
): Promise<ApiResponse> {
  const log = openLog(deps, incoming);
  const isRefused = ({ status = 200 }: ApiResponse) => status >= 400;
  const response = await deps.access
    .attempt(clientAddressOf(incoming.request), work, isRefused)
    .catch(async (error: unknown) => {
      await log.refuse(error, undefined, []);
      throw error;
    });
  if (isRefused(response)) await log.refuse(unauthorized(), undefined, []);
  return response;
}

async function answerAnyone<Deps extends HttpDeps>(
  deps: Deps,
  bound: Bound<Deps>,
  { request, invocation }: Incoming,
): Promise<ApiResponse> {
  checkAccept(bound.operation, request);
  const { parameters: query } = readParameters(
    bound.operation.query ?? noParameters,
    request.query,
    'lenient',
  );
  const without = { caller: undefined, seesAll: false, tenant: undefined, body: undefined };
  const call = { request, invocation, ...without, reply };
  return await bound.handle(deps, { ...call, path: request.params, query, dialect: 'plain' });
}

/** The access log is written in parallel with the work, and before the answer. */
async function answerCaller<Deps extends HttpDeps>(
  deps: Deps,
  bound: Bound<Deps>,
  { request, invocation, requestId }: Identified,
): Promise<ApiResponse> {
  const log = openLog(deps, { request, invocation, requestId });
  let caller: Caller | undefined;
  try {
    caller = await admit(deps, bound, request);
    deps.access.count(caller);
    checkOwnParameters(request.query);
    const named = await withTenantId(deps.access, bound.operation, { request, caller });
    const admitted = { request: named, invocation, caller };
    const response = await allOrThrow(work(deps, bound, admitted), log.begin(caller));
    await log.accept(caller, deps.access.openedBy(caller));
    return response;
  } catch (error) {
    await log.refuse(error, caller, caller === undefined ? [] : deps.access.openedBy(caller).tenantIds);
    throw error;
  }
}

/** Waits for both even if one fails, so that later writes to the log do not overtake earlier ones. */
async function allOrThrow<T>(work: Promise<T>, log: Promise<void>): Promise<T> {
  const [done, written] = await Promise.allSettled([work, log]);
  if (written.status === 'rejected') throw written.reason;
  if (done.status === 'rejected') throw done.reason;
  return done.value;
}

function openLog({ accessLog, now }: HttpDeps, { request, invocation, requestId }: Identified): CallLog {
  return createCallLog(accessLog, {
    at: now(),
    requestId,
    action: invocation.functionName,
    tenantId: request.params['tenantId'],
    parameters: [...request.query.keys()],
    clientAddress: clientAddressOf(request),
  });
}

async function admit<Deps extends HttpDeps>(
  deps: Deps,
  { operation, identify }: Bound<Deps>,
  request: ApiRequest,
): Promise<Caller> {
  const { audience } = operation;
  const { params: path, query } = request;
  const capability = typeof audience === 'string' ? undefined : audience.byLink?.({ path, query });
  const isProven = isLinkOfOurs(deps, request, capability);
  const origin = { network: clientAddressOf(request), credential: credentialOf(request), isProven };
  return await deps.access.admit(origin, () => {
    if (identify !== undefined) return identify(deps, request);
    return identifyLinkedCaller(deps, request, capability);
  });
}

interface Admitted extends Incoming {
  readonly caller: Caller;
}

/** Runs the handler; for a POST with an idempotency key, at most once. */
async function work<Deps extends HttpDeps>(
  deps: Deps,
  bound: Bound<Deps>,
  admitted: Admitted,
): Promise<ApiResponse> {
  const handle = () => callHandler(deps, bound, admitted);
  const { request } = admitted;
  if (request.method !== 'POST') return await handle();
  const { bodyBytes } = bound.operation;
  const types = negotiatedTypes(bound.operation);
  const mediaType = types.length > 1 ? preferredType(request.headers.get('accept'), types) : undefined;
  return await onceFor(deps, { ...admitted, bodyBytes, mediaType }, handle);
}

/** Access first, then parameters, then the body: callers without access learn nothing by trying. */
async function callHandler<Deps extends HttpDeps>(
  deps: Deps,
  { operation, handle }: Bound<Deps>,
  { request, invocation, caller }: Admitted,
): Promise<ApiResponse> {
  const tenant = await openTenant(deps, operation, { request, caller });
  checkAccept(operation, request);
  const { parameters: query, dialect } = queryOf(operation, request);
  const body = await bodyOf(operation, request);
  const call: AnyCall = {
    request,
    invocation,
    caller: tenant === undefined ? caller : within(caller, tenant),
    seesAll: seesAll(caller),
    tenant,
    path: request.params,
    query,
    dialect,
    body,
    reply,
  };
  const answer = () => handle(deps, call);
  return operation.isQuery === true ? await deps.access.query(caller, answer) : await answer();
}

async function openTenant(
  deps: HttpDeps,
  { audience, route }: Operation,
  { request, caller }: Pick<Admitted, 'request' | 'caller'>,
): Promise<StoredTenant | undefined> {
  if (typeof audience === 'string') return undefined;
  if (audience.allTenants === true) {
    deps.access.requireAllTenants(caller, audience.scope);
  } else if (pathNames(route).includes('tenantId')) {
    return await tenantFor(deps, audience, { request, caller });
  } else {
    deps.access.require(caller, audience.scope);
  }
  return undefined;
}

async function tenantFor(
  { access, tenants }: HttpDeps,
  { scope, managed }: ScopedAudience,
  { request, caller }: Pick<Admitted, 'request' | 'caller'>,
): Promise<StoredTenant> {
  const opened = await access.openTenant(caller, request.params['tenantId'] ?? '', scope);
  return managed === true ? await readManagedTenant(tenants, opened.tenantId) : opened;
}

/** @throws RequestError 406 when the operation has no content that the caller accepts */
function checkAccept(operation: Operation, { headers }: ApiRequest): void {
  const types = negotiatedTypes(operation);
  if (types.length === 0 || preferredType(headers.get('accept'), types) !== undefined) return;
  const message = `Accept names nothing that this operation can answer with. It answers with ${types.join(', ')}.`;
  throw new RequestError(406, 'NotAcceptable', message, { target: 'Accept' });
}

/** Parameters that the HTTP layer itself reads. */
const ownParameters = ['api-version', 't'];

/** @throws RequestError 400 for one that is repeated, and for an unknown version */
function checkOwnParameters(query: URLSearchParams): void {
  const twice = ownParameters.find((name) => query.getAll(name).length > 1);
  if (twice !== undefined) throw invalidParameter(twice, `'${twice}' is given more than once.`);
  checkApiVersion(query.get('api-version'));
}

function queryOf({ query, notHere, audience }: Operation, request: ApiRequest): ReadParameters<object> {
  const own =
    typeof audience !== 'string' && audience.byLink !== undefined ? ownParameters : ownParameters.slice(0, 1);
  const given = new URLSearchParams([...request.query].filter(([name]) => !own.includes(name)));
  return readParameters(query ?? noParameters, given, notHere);
}

/** Operations without a body refuse one: what a caller sends there would be ignored. */
const emptyBody = z.union([z.strictObject({}), z.never()], 'must be empty: this operation takes no body');

async function bodyOf(
  { method, body, bodyOptional, bodyBytes, file }: Operation,
  request: ApiRequest,
): Promise<unknown> {
  if (file !== undefined) return await readFile(request, file.keptBytes);
  if (body === undefined) {
    if (method !== 'GET' && (await readAll(request)).length > 0) await readBody(request, emptyBody);
    return undefined;
  }
  return bodyOptional === true
    ? await readOptionalBody(request, body)
    : await readBody(request, body, bodyBytes);
}

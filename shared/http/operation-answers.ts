/** Answers about long-running operations, and links to their results that can be followed without credentials. */
import { holds, type Caller } from '../access/caller.ts';
import type { Capabilities, Capability } from '../access/capability-token.ts';
import { tokenToKeep } from '../access/linked-caller.ts';
import { RequestError } from '../errors.ts';
import { OperationInProgressError } from '../operations/start-operation.ts';
import type { OperationFailure, OperationResult } from '../operations/operation-result.ts';
import type { Replied } from './reply.ts';
import { addressOf, type ApiRequest } from './request.ts';

/** Operations whose results can be read by link. */
export type LinkedKind = 'exports' | 'enablements' | 'rollouts' | 'bundles' | 'reports' | 'reportSets';

export interface ResultLinkDeps {
  readonly capabilities: Pick<Capabilities, 'grant'>;
}

interface LinkedCall {
  readonly request: ApiRequest;
  readonly caller: Caller;
}

/**
 * A token for the result of an operation, of a tenant or of several. Undefined for a caller who may start operations but not read results, and
 * must not gain that right by a link.
 */
export function resultToken(
  { capabilities }: ResultLinkDeps,
  { request, caller }: LinkedCall,
  kind: LinkedKind,
  { tenantId, id }: { readonly tenantId?: string; readonly id: string },
): string | undefined {
  if (!holds(caller, 'records.read')) return undefined;
  return tokenToKeep(request, caller) ?? capabilities.grant(caller, resultCapability(kind, tenantId, id));
}

/** What a link to a result allows. @param tenantId undefined for the result of several tenants */
export function resultCapability(kind: LinkedKind, tenantId: string | undefined, id = ''): Capability {
  return { purpose: 'readResult', tenantId, subject: `${kind}/${id.toLowerCase()}` };
}

/**
 * Headers of the answer to the caller who started an operation: Location for flows (the result), Operation-Location for
 * Azure clients (the status monitor). The latter send their credentials, so the monitor's address contains no token.
 */
export function startedHeaders(monitor: string, token?: string) {
  return { ...runningHeaders(monitor, token), 'Operation-Location': monitor };
}

/** Names the address of the operation that is running, where another one must wait for it. */
export async function withRunning<T>(request: ApiRequest, starting: Promise<T>): Promise<T> {
  try {
    return await starting;
  } catch (error) {
    if (!(error instanceof OperationInProgressError)) throw error;
    const { status, code, message, operationId } = error;
    const headers = { Location: addressOf(request, operationId) };
    throw new RequestError(status, code, message, { headers, cause: error });
  }
}

function runningHeaders(monitor: string, token?: string) {
  const result = new URL(`${monitor}/result`);
  if (token !== undefined) result.searchParams.set('t', token);
  return { Location: result.href, 'Retry-After': '10' };
}

/** What an operation's result address answers; each is checked against what the operation declares. */
interface ResultAnswers {
  readonly ended: () => Replied;
  readonly running: (headers: ReturnType<typeof runningHeaders>) => Replied;
  readonly failed: (
    body: { readonly error: OperationFailure },
    headers: { readonly 'x-ms-error-code': string },
  ) => Replied;
}

/** Answers at the result address of an operation. @param token as of {@link resultToken} */
export function answerResult(
  request: ApiRequest,
  outcome: OperationResult,
  token: string | undefined,
  { ended, running, failed }: ResultAnswers,
): Replied {
  if (outcome.status === 200) return ended();
  if (outcome.status !== 422) return running(runningHeaders(addressOf(request, '..').slice(0, -1), token));
  const { error } = outcome;
  return failed({ error }, { 'x-ms-error-code': error.code });
}

/** The results of long-running operations, which can be waited for without credentials. */
import type { Caller } from './caller.ts';
import type { Capabilities, Capability } from './capability-token.ts';
import {
  identifyLinkedCaller,
  tokenToKeep,
  type LinkedCallerDeps,
  type LinkedRequest,
} from './linked-caller.ts';

export interface ResultLinkDeps {
  readonly capabilities: Pick<Capabilities, 'grant'>;
}

export type ResultReaderDeps = ResultLinkDeps & LinkedCallerDeps;

/** Which operation of a tenant. */
export interface LongRunning {
  readonly tenantId: string;
  readonly kind: 'exports' | 'enablements';
  readonly id: string;
}

interface LinkedCall {
  readonly request: LinkedRequest;
  readonly caller: Caller;
}

const retryAfterSeconds = '10';

/**
 * Headers of the answer to who began it: what flows follow (the result) and what Azure clients follow (the status
 * monitor). Those send their credentials, so the monitor's address holds no token.
 */
export function acceptedHeaders(
  deps: ResultLinkDeps,
  call: LinkedCall,
  operation: LongRunning,
  monitor: string,
): Readonly<Record<string, string>> {
  return { ...waitingHeaders(deps, call, operation, monitor), 'Operation-Location': monitor };
}

/** Headers of the answer to who waits for the result. */
export function waitingHeaders(
  { capabilities }: ResultLinkDeps,
  { request, caller }: LinkedCall,
  operation: LongRunning,
  monitor: string,
): Readonly<Record<string, string>> {
  const result = new URL(`${monitor}/result`);
  // Whoever may begin something may not always read what came of it, and gets no way around that.
  if (caller.scopes.includes('records.read')) {
    const token = tokenToKeep(request, caller) ?? capabilities.grant(caller, readingOf(operation));
    result.searchParams.set('t', token);
  }
  return { Location: result.href, 'Retry-After': retryAfterSeconds };
}

/** @throws RequestError 401 */
export async function identifyResultReader(
  deps: LinkedCallerDeps,
  request: LinkedRequest,
  operation: LongRunning,
): Promise<Caller> {
  return await identifyLinkedCaller(deps, request, readingOf(operation));
}

function readingOf({ tenantId, kind, id }: LongRunning): Capability {
  return { purpose: 'readResult', tenantId, subject: `${kind}/${id.toLowerCase()}` };
}

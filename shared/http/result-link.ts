/** Links to the results of long-running operations, which can be followed without credentials. */
import type { Caller } from '../access/caller.ts';
import type { Capabilities, Capability } from '../access/capability-token.ts';
import { tokenToKeep, type LinkedRequest } from '../access/linked-caller.ts';

export interface ResultLinkDeps {
  readonly capabilities: Pick<Capabilities, 'grant'>;
}

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

/** Seconds. */
const retryAfter = '10';

/**
 * Headers of the answer to the caller who started it: Location for flows (the result), Operation-Location for Azure
 * clients (the status monitor). The latter send their credentials, so the monitor's address contains no token.
 */
export function startedHeaders(
  deps: ResultLinkDeps,
  call: LinkedCall,
  operation: LongRunning,
  monitor: string,
) {
  return { ...runningHeaders(deps, call, operation, monitor), 'Operation-Location': monitor };
}

/** Headers of the answer while the operation is running. */
export function runningHeaders(
  { capabilities }: ResultLinkDeps,
  { request, caller }: LinkedCall,
  { kind, tenantId, id }: LongRunning,
  monitor: string,
) {
  const result = new URL(`${monitor}/result`);
  // A caller who may start an operation but not read results must not gain that right by a link.
  if (caller.scopes.includes('records.read')) {
    const token =
      tokenToKeep(request, caller) ?? capabilities.grant(caller, resultCapability(kind, tenantId, id));
    result.searchParams.set('t', token);
  }
  return { Location: result.href, 'Retry-After': retryAfter };
}

/** What a link to a result allows. */
export function resultCapability(kind: LongRunning['kind'], tenantId = '', id = ''): Capability {
  return { purpose: 'readResult', tenantId, subject: `${kind}/${id.toLowerCase()}` };
}

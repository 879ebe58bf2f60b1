/** Starts and cancels enablements, one per tenant at a time. */
import { cancelOperation, type CancelOperationDeps } from '../operations/end-operation.ts';
import type { StoredOperation } from '../operations/operation-store.ts';
import { startOperation, type StartOperationDeps } from '../operations/start-operation.ts';
import {
  stepsOf,
  type Enablement,
  type EnablementRequest,
  type EnablementState,
  type EnablementStore,
} from './enablement.ts';

export interface StartEnablementDeps extends StartOperationDeps {
  readonly enablements: EnablementStore;
}

/** `id`: only if the caller has chosen one. */
export type WantedEnablement = Pick<Enablement, 'tenantId' | 'request' | 'createdBy'> &
  Partial<Pick<Enablement, 'id'>>;

/**
 * @throws OperationInProgressError naming the enablement that is still running in the tenant
 */
export async function startEnablement(
  deps: StartEnablementDeps,
  wanted: WantedEnablement,
): Promise<Enablement> {
  const state = { steps: stepsOf(wanted.request) };
  return await startOperation(deps, deps.enablements, { ...wanted, state });
}

/**
 * Ends an enablement that is running: changes already made are kept, and the run stops before its next one.
 * @returns the enablement as it is then
 */
export async function cancelEnablement(
  deps: CancelOperationDeps & Pick<StartEnablementDeps, 'enablements'>,
  one: StoredOperation<EnablementRequest, EnablementState>,
): Promise<Enablement> {
  return await cancelOperation(deps, { store: deps.enablements }, one);
}

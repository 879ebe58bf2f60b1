/** Starts enablements, one per tenant at a time. */
import { startOperation, type StartOperationDeps } from '../operations/start-operation.ts';
import { stepsOf, type Enablement, type EnablementStore } from './enablement.ts';

export interface StartEnablementDeps extends StartOperationDeps {
  readonly enablements: EnablementStore;
}

/** `id`: only if the caller has chosen one. */
export type WantedEnablement = Pick<Enablement, 'tenantId' | 'request' | 'createdBy'> &
  Partial<Pick<Enablement, 'id'>>;

/** @throws OperationInProgressError naming the enablement that is still running in the tenant */
export async function startEnablement(
  deps: StartEnablementDeps,
  wanted: WantedEnablement,
): Promise<Enablement> {
  const state = { steps: stepsOf(wanted.request) };
  return await startOperation(deps, deps.enablements, { ...wanted, state });
}

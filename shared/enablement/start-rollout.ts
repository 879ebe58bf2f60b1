/** Starts rollouts; any number may run at once. */
import type { BatchTenants } from '../batches/batch-tenants.ts';
import { startOperation, type StartOperationDeps } from '../operations/start-operation.ts';
import type { EnablementRequest } from './enablement.ts';
import type { Rollout, RolloutStore } from './rollout.ts';

export interface StartRolloutDeps extends StartOperationDeps {
  readonly rollouts: RolloutStore;
}

export interface WantedRollout extends BatchTenants, Pick<Rollout, 'createdBy'> {
  /** @see ownerOf */
  readonly ownerId: string;
  readonly enablement: EnablementRequest;
}

/** @throws when storage fails */
export async function startRollout(
  deps: StartRolloutDeps,
  { ownerId, set, tenants, enablement, createdBy }: WantedRollout,
): Promise<Rollout> {
  const members = tenants.map(({ tenantId }) => ({ tenantId, status: 'NotStarted' as const }));
  const request = { tenants: set, enablement };
  return await startOperation(deps, deps.rollouts, {
    tenantId: ownerId,
    request,
    createdBy,
    state: { members },
  });
}

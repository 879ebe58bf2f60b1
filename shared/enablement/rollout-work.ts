/** Runs rollouts: an enablement in each tenant of a set. */
import { batchWork, type BatchState } from '../batches/batch-work.ts';
import { childrenOf, type ChildrenDeps, type ChildKind } from '../batches/children.ts';
import { hasFailed, type Member, type MemberStatus } from '../batches/member.ts';
import type { Ending } from '../operations/operation.ts';
import type { OperationWork } from '../operations/run-operation.ts';
import {
  isOpen,
  stepsOf,
  type Enablement,
  type EnablementRequest,
  type EnablementState,
  type EnablementStore,
} from './enablement.ts';
import { publicStatus } from './public-enablement.ts';
import type { Rollout, RolloutRequest, RolloutStore } from './rollout.ts';

export interface RolloutWorkDeps extends ChildrenDeps {
  readonly rollouts: RolloutStore;
  readonly enablements: EnablementStore;
}

export function rolloutWork(deps: RolloutWorkDeps): OperationWork<RolloutRequest, BatchState, undefined> {
  return batchWork({
    store: deps.rollouts,
    children: (rollout) => childrenOf(deps, enablementsOf(deps, rollout), rollout),
    endOf,
  });
}

function enablementsOf(
  { enablements }: RolloutWorkDeps,
  { request, createdBy }: Pick<Rollout, 'request' | 'createdBy'>,
): ChildKind<EnablementRequest, EnablementState> {
  const { enablement } = request;
  return {
    effects: { store: enablements },
    requires: ['auditing.enable', 'records.read'],
    statusOf,
    newChild: async ({ tenantId }) => {
      const state = { steps: stepsOf(enablement) };
      return await Promise.resolve({ tenantId, request: enablement, createdBy, state });
    },
  };
}

/** One that waits for Microsoft takes nothing from others. */
function statusOf(one: Enablement): MemberStatus {
  if (one.errorCode === 'TenantRemoved') return 'Removed';
  const status = publicStatus(one);
  const isWaiting = one.state.steps.find(isOpen)?.status === 'Waiting';
  if (status === 'NotStarted' || status === 'Running') return isWaiting ? 'Waiting' : 'Running';
  return status;
}

/** Success in some tenants is success: the table says what failed. */
function endOf(members: readonly Member[]): Ending {
  const isGood = ({ status }: Member) => status === 'Succeeded' || status === 'PartiallySucceeded';
  if (members.some(isGood) || !members.some(hasFailed)) return { status: 'Succeeded' };
  const errorMessage = 'No enablement of this rollout succeeded. Its list of tenants says why.';
  return { status: 'Failed', errorCode: 'EveryEnablementFailed', errorMessage };
}

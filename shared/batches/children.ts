/** The operations that a batch starts, one in each tenant. */
import type { Scope } from '../access/api-keys.ts';
import type { Capabilities } from '../access/capability-token.ts';
import {
  cancelOperation,
  type CancelOperationDeps,
  type OperationEffects,
} from '../operations/end-operation.ts';
import {
  createOperation,
  OperationInProgressError,
  startOperation,
  type NewOperation,
} from '../operations/start-operation.ts';
import { messageFor, type Operation } from '../operations/operation.ts';
import { codeOf } from '../poison/cause.ts';
import { findManagedTenant } from '../tenants/managed.ts';
import type { StoredTenant, TenantStore } from '../tenants/tenant.ts';
import { childIdOf, type MemberStatus } from './member.ts';

export interface Children {
  /**
   * Starts it unless it was started before.
   * @param resumes the last run was killed, perhaps before it sent the message of what it created
   * @returns how far it has come; `Failing`, and an event says why, if that cannot be found out: other tenants must not wait
   *   for this one
   */
  advance(tenantId: string, resumes: boolean): Promise<MemberStatus>;
  /** Cancels it, and makes sure that it is not started later. @returns how it ended @throws when storage fails */
  cancel(tenantId: string): Promise<MemberStatus>;
}

export interface ChildrenDeps extends CancelOperationDeps {
  readonly tenants: Pick<TenantStore, 'get'>;
  readonly capabilities: Pick<Capabilities, 'mayStill'>;
}

/** Children of one kind. */
export interface ChildKind<R, S> {
  readonly effects: OperationEffects<R, S>;
  /** What the creator of the batch must still have in a tenant when its child is started. */
  readonly requires: readonly Scope[];
  readonly statusOf: (child: Operation<R, S>) => MemberStatus;
  readonly newChild: (tenant: StoredTenant) => Promise<NewOperation<R, S>>;
}

/** @param batch its ID decides theirs */
export function childrenOf<R, S>(
  deps: ChildrenDeps,
  kind: ChildKind<R, S>,
  { id: batchId, createdBy }: Pick<Operation<R, S>, 'id' | 'createdBy'>,
): Children {
  const { effects, requires, statusOf, newChild } = kind;
  const { store } = effects;
  const find = (tenantId: string) => store.get({ tenantId, id: childIdOf(batchId, tenantId) });
  const begin = async (tenantId: string, make: typeof startOperation<R, S>): Promise<MemberStatus> => {
    const tenant = await findManagedTenant(deps.tenants, tenantId);
    if (tenant === undefined) return 'Removed';
    const wanted = { ...(await newChild(tenant)), id: childIdOf(batchId, tenantId) };
    return await unlessBlocked(async () => statusOf(await make(deps, store, wanted)));
  };
  const beginIfAllowed = async (tenantId: string): Promise<MemberStatus> => {
    if ((await findManagedTenant(deps.tenants, tenantId)) === undefined) return 'Removed';
    const isAllowed = await deps.capabilities.mayStill(createdBy, requires, tenantId);
    return isAllowed ? await begin(tenantId, startOperation) : 'NotAllowed';
  };
  const visit: Children['advance'] = async (tenantId, resumes) => {
    const found = await find(tenantId);
    if (found === undefined) return await beginIfAllowed(tenantId);
    if (resumes && found.status === 'NotStarted')
      await deps.queues.requestOperationRun(messageFor(store.kind, found), 0);
    return statusOf(found);
  };
  return {
    advance: (tenantId, resumes) =>
      visit(tenantId, resumes).catch((error: unknown) => {
        const named = { kind: store.kind.name, tenantId, operationId: childIdOf(batchId, tenantId) };
        deps.telemetry('batches.visit.failed', { ...named, code: codeOf(error) });
        return 'Failing';
      }),
    async cancel(tenantId) {
      // A run that was superseded may be about to create it: it then finds the canceled one.
      if ((await find(tenantId)) === undefined) await begin(tenantId, createOperation);
      const found = await find(tenantId);
      return found === undefined ? 'Canceled' : statusOf(await cancelOperation(deps, effects, found));
    },
  };
}

async function unlessBlocked(start: () => Promise<MemberStatus>): Promise<MemberStatus> {
  try {
    return await start();
  } catch (error) {
    if (error instanceof OperationInProgressError) return 'Blocked';
    throw error;
  }
}

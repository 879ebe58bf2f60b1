/** Starts enablements, one per tenant at a time. */
import type { WebhookLog } from '../access/access-log.ts';
import { messageFor, newOperationId } from '../operations/operation.ts';
import { startOperation, type StartOperationDeps } from '../operations/start-operation.ts';
import { enablementKind, stepsOf, type Enablement, type EnablementStore } from './enablement.ts';

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

export interface SignedEnablementDeps extends StartEnablementDeps {
  readonly webhooks: WebhookLog;
}

/**
 * Starts an enablement that a signed webhook requests: the same webhook again returns the one it started before.
 * @param webhookId undefined for callers with credentials, who start a new one each time
 * @throws OperationInProgressError
 */
export async function startSignedEnablement(
  deps: SignedEnablementDeps,
  wanted: WantedEnablement,
  webhookId: string | undefined,
): Promise<Enablement> {
  if (webhookId === undefined) return await startEnablement(deps, wanted);
  const { tenantId } = wanted;
  // The signer chooses the id, so ids are scoped per tenant.
  const key = `${tenantId} ${webhookId}`;
  const fresh = newOperationId(deps.now());
  const id = (await deps.webhooks.remember(key, fresh, deps.now())) ?? fresh;
  const before = await deps.enablements.get({ tenantId, id });
  if (before !== undefined) {
    // Sent again before anything happened: its message may have been lost.
    if (before.status === 'NotStarted')
      await deps.queues.requestOperationRun(messageFor(enablementKind, before), 0);
    return before;
  }
  try {
    // A remembered id without an enablement was lost between the two writes.
    return await startEnablement(deps, { ...wanted, id });
  } catch (error) {
    await deps.webhooks.forget(key);
    throw error;
  }
}

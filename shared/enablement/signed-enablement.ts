/** Enablements that signed webhooks start: the same webhook again returns the one it started before. */
import { randomUUID } from 'node:crypto';
import type { WebhookLog } from '../access/access-log.ts';
import type { Enablement, EnablementRequest } from './enablement.ts';
import { startEnablement, type StartEnablementDeps } from './start-enablement.ts';

export interface SignedEnablementDeps extends StartEnablementDeps {
  readonly webhooks: WebhookLog;
}

/**
 * @param webhookId undefined for callers with credentials, who start a new one each time
 * @throws EnablementInProgressError
 */
export async function startSignedEnablement(
  deps: SignedEnablementDeps,
  { tenantId, wanted }: { readonly tenantId: string; readonly wanted: EnablementRequest },
  webhookId: string | undefined,
): Promise<Enablement> {
  if (webhookId === undefined) return await startEnablement(deps, tenantId, wanted);
  // The signer chooses the id, so ids are scoped per tenant.
  const key = `${tenantId} ${webhookId}`;
  const fresh = randomUUID();
  const enablementId = (await deps.webhooks.remember(key, fresh, deps.now())) ?? fresh;
  const before = await deps.enablements.get(tenantId, enablementId);
  if (before !== undefined) {
    // Sent again before anything happened: its message may have been lost.
    const message = { version: 1, tenantId, enablementId } as const;
    if (before.status === 'NotStarted') await deps.queues.requestEnablementStep(message, 0);
    return before;
  }
  try {
    // A remembered id without an enablement was lost between the two writes.
    return await startEnablement(deps, tenantId, wanted, enablementId);
  } catch (error) {
    await deps.webhooks.forget(key);
    throw error;
  }
}

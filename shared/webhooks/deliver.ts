/** Delivers new records to one subscription: batch after batch, in order, each until it has arrived. */
import { isDeepStrictEqual } from 'node:util';
import { LeaseLostError } from '../deliveries/lease.ts';
import { acquireDeliveryLease, type DeliveryLease, type DeliveryLeaseDeps } from './delivery-lease.ts';
import { recordsMessage, recordsPerDelivery } from './payload.ts';
import { nextWaitMs } from './retry-schedule.ts';
import { exactResultOf, isDelivered, resultOf, sendTo, type SendDeps } from './send-webhook.ts';
import { wantedBy, type DeliveryBatch, type WantedDeps } from './wanted-records.ts';
import type { SendOutcome } from './webhook-sender.ts';
import { resealedTarget } from './webhook-secrets.ts';
import {
  deliveryOf,
  subscriptionIn,
  type DeliveryMessage,
  type DisabledReason,
  type StoredSubscription,
} from './webhook-subscription.ts';

export interface DeliverDeps extends WantedDeps, DeliveryLeaseDeps, SendDeps {
  /** In [0, 1). */
  readonly random: () => number;
}

/** The budget of one message, in milliseconds: subscriptions share the instances. */
export const deliveryBudgetMs = 60_000;

/**
 * Delivers until there is nothing new, an attempt fails, or the budget is spent; the rest is left to another message.
 * Delivers nothing while the tenant is not managed: after it was registered again, the next landing resumes deliveries.
 * @throws when storage fails: the message must be redelivered
 */
export async function deliver(
  deps: DeliverDeps,
  message: DeliveryMessage,
  budget: AbortSignal,
): Promise<void> {
  if (await isTooEarly(deps, message)) return;
  const lease = await acquireDeliveryLease(deps, message);
  if (lease === undefined) return;
  try {
    await deliverBatches(deps, lease, budget);
  } catch (error) {
    if (!(error instanceof LeaseLostError)) throw error;
  }
}

/** New records wait for a pending retry as well. A retry message that came too early is delayed again. */
async function isTooEarly(deps: DeliverDeps, message: DeliveryMessage): Promise<boolean> {
  const found = await subscriptionIn(deps.subscriptions, message);
  const waitMs = (found?.nextAttemptAt?.getTime() ?? 0) - deps.now().getTime();
  if (waitMs <= 0) return false;
  if (message.failures !== undefined && message.failures === found?.failures) {
    await deps.queues.requestDelivery(message, waitMs);
  }
  return true;
}

async function deliverBatches(deps: DeliverDeps, lease: DeliveryLease, budget: AbortSignal): Promise<void> {
  for (;;) {
    const wanted = await wantedBy(deps, lease.current());
    if (wanted === 'tenantGone') {
      await lease.release({});
      return;
    }
    if (typeof wanted === 'string') {
      await disable(deps, lease, wanted);
      return;
    }
    await renewSealing(deps, lease);
    const limit = recordsPerDelivery(lease.current());
    const batch = await wanted.next(lease.current(), limit);
    if (batch.records.length > 0) {
      if (!(await deliverBatch(deps, lease, batch, wanted.target))) return;
    } else if (batch.more) {
      await lease.save({ position: batch.position, ...nothingPending });
    } else if (await lease.finish({ position: batch.position, ...nothingPending })) return;
    if (!budget.aborted) continue;
    await deps.queues.requestDelivery(deliveryOf(lease.current()));
    await lease.release({});
    return;
  }
}

/** While the signing key is replaced: the previous one will not be there forever. */
async function renewSealing({ signingKeys }: DeliverDeps, lease: DeliveryLease): Promise<void> {
  const sealedTarget = resealedTarget(signingKeys, lease.current());
  if (sealedTarget !== undefined) await lease.save({ sealedTarget });
}

/** Also when a batch that failed no longer matches the filters: its attempts do not count against the next one. */
const nothingPending = { pending: undefined, failures: 0, nextAttemptAt: undefined, lastError: undefined };

/** False when the attempt failed: the lease is released. */
async function deliverBatch(
  deps: DeliverDeps,
  lease: DeliveryLease,
  batch: DeliveryBatch,
  target: string,
): Promise<boolean> {
  const { pending } = lease.current();
  const to = batch.position;
  const settled =
    pending !== undefined && isDeepStrictEqual(pending.to, to) ? pending : { to, at: deps.now() };
  // Before anything is sent: a second attempt must be the same, whatever was ingested meanwhile.
  await lease.save({ pending: settled });
  const message = recordsMessage(lease.current(), settled, batch);
  const outcome = await sendTo(deps, lease.current(), { target, message });
  report(deps, lease.current(), outcome, batch.records.length);
  if (isDelivered(outcome)) {
    await lease.save({ ...nothingPending, position: settled.to, lastDeliveryAt: deps.now() });
    return true;
  }
  await retryLater(deps, lease, outcome);
  return false;
}

function report(
  { telemetry }: DeliverDeps,
  subscription: StoredSubscription,
  outcome: SendOutcome,
  records: number,
): void {
  const { failures } = subscription;
  const about = { ...namesOf(subscription), records, attempt: failures + 1, result: exactResultOf(outcome) };
  telemetry(isDelivered(outcome) ? 'webhooks.delivery.succeeded' : 'webhooks.delivery.failed', about);
}

async function retryLater(deps: DeliverDeps, lease: DeliveryLease, outcome: SendOutcome): Promise<void> {
  if (outcome.kind === 'answered' && outcome.status === 410) {
    await disable(deps, lease, 'gone');
    return;
  }
  const subscription = lease.current();
  const failures = subscription.failures + 1;
  const retryAfter = outcome.kind === 'answered' ? outcome.retryAfter : undefined;
  const waitMs = nextWaitMs({ failures, retryAfter, now: deps.now(), random: deps.random() });
  const lastError = resultOf(outcome);
  if (waitMs === undefined) {
    await disable(deps, lease, 'failing', lastError);
    return;
  }
  // The message comes first: without it there is no retry; one that comes too early is delayed again.
  await deps.queues.requestDelivery(deliveryOf(subscription, { failures }), waitMs);
  const nextAttemptAt = new Date(deps.now().getTime() + waitMs);
  await lease.release({ failures, nextAttemptAt, lastError });
}

async function disable(
  deps: DeliverDeps,
  lease: DeliveryLease,
  reason: DisabledReason,
  lastError?: string,
): Promise<void> {
  const disabled = { disabled: reason };
  await lease.release(lastError === undefined ? disabled : { ...disabled, lastError });
  deps.telemetry('webhooks.subscription.disabled', { ...namesOf(lease.current()), reason });
}

/** A subscription to several tenants is that of none. */
function namesOf({ owner, boundTo, subscriptionId }: StoredSubscription) {
  return { tenantId: boundTo === undefined ? owner : undefined, subscriptionId };
}

/** Delivers new records to one subscription: batch after batch, in order, each until it has arrived. */
import type { Capabilities } from '../access/capability-token.ts';
import { RequestError } from '../errors.ts';
import type { FeedPosition } from '../feed/landing-sequence.ts';
import { readFeed, type FeedBatch } from '../feed/read-feed.ts';
import type { FeedDeps } from '../feed/read-landings.ts';
import type { RecordFilters } from '../query/filters.ts';
import { parseFeedFilters } from '../searches/search-query.ts';
import type { SearchStore } from '../searches/search.ts';
import { findManagedTenant } from '../tenants/managed.ts';
import type { TenantStore } from '../tenants/tenant.ts';
import {
  acquireLease,
  LeaseLostError,
  type DeliveryLease,
  type DeliveryLeaseDeps,
} from './delivery-lease.ts';
import { recordsMessage, recordsPerDelivery } from './payload.ts';
import { nextWaitMs } from './retry-schedule.ts';
import { exactResultOf, isDelivered, resultOf, sendTo, type SendDeps } from './send-webhook.ts';
import type { SendOutcome } from './webhook-sender.ts';
import { openTarget, resealedTarget } from './webhook-secrets.ts';
import type {
  DeliveryMessage,
  DisabledReason,
  StoredSubscription,
  WebhookSubscription,
} from './webhook-subscription.ts';

export interface DeliverDeps extends FeedDeps, DeliveryLeaseDeps, SendDeps {
  readonly searches: Pick<SearchStore, 'get'>;
  readonly tenants: Pick<TenantStore, 'get'>;
  readonly capabilities: Pick<Capabilities, 'mayStillRead'>;
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
  const lease = await acquireLease(deps, message);
  if (lease === undefined) return;
  try {
    await deliverBatches(deps, lease, budget);
  } catch (error) {
    if (!(error instanceof LeaseLostError)) throw error;
  }
}

/** New records wait for a pending retry as well. A retry message that came too early is delayed again. */
async function isTooEarly(deps: DeliverDeps, message: DeliveryMessage): Promise<boolean> {
  const found = await deps.subscriptions.get(message.tenantId, message.subscriptionId);
  const waitMs = (found?.nextAttemptAt?.getTime() ?? 0) - deps.now().getTime();
  if (waitMs <= 0) return false;
  if (message.failures !== undefined && message.failures === found?.failures) {
    await deps.queues.requestDelivery(message, waitMs);
  }
  return true;
}

async function deliverBatches(deps: DeliverDeps, lease: DeliveryLease, budget: AbortSignal): Promise<void> {
  for (;;) {
    const wanted = await wantedBy(deps, lease.subscription());
    if (wanted === 'tenantGone') {
      await lease.release({});
      return;
    }
    if (typeof wanted === 'string') {
      await disable(deps, lease, wanted);
      return;
    }
    await renewSealing(deps, lease);
    const batch = await nextBatch(deps, lease.subscription(), wanted.filters);
    if (batch.records.length > 0) {
      if (!(await deliverBatch(deps, lease, batch, wanted.target))) return;
    } else if (batch.more) {
      await lease.save({ position: batch.position, ...nothingPending });
    } else if (await lease.finish({ position: batch.position, ...nothingPending })) return;
    if (!budget.aborted) continue;
    const { tenantId, subscriptionId } = lease.subscription();
    await deps.queues.requestDelivery({ version: 1, tenantId, subscriptionId });
    await lease.release({});
    return;
  }
}

/** While the signing key is replaced: the previous one will not be there forever. */
async function renewSealing({ signingKeys }: DeliverDeps, lease: DeliveryLease): Promise<void> {
  const sealedTarget = resealedTarget(signingKeys, lease.subscription());
  if (sealedTarget !== undefined) await lease.save({ sealedTarget });
}

/** Also when a batch that failed no longer matches the filters: its attempts do not count against the next one. */
const nothingPending = { pending: undefined, failures: 0, nextAttemptAt: undefined, lastError: undefined };

interface Target {
  readonly filters: RecordFilters;
  readonly target: string;
}

/** What to deliver where; or why nothing can be delivered, for now if the tenant may be registered again. */
async function wantedBy(
  deps: DeliverDeps,
  subscription: WebhookSubscription,
): Promise<Target | DisabledReason | 'tenantGone'> {
  const { tenantId, createdBy, wanted } = subscription;
  if ((await findManagedTenant(deps.tenants, tenantId)) === undefined) return 'tenantGone';
  if (!(await deps.capabilities.mayStillRead(createdBy, tenantId))) return 'revoked';
  const target = openTarget(deps.signingKeys, subscription);
  const filters = wanted.filters ?? (await deps.searches.get(tenantId, wanted.search))?.filters;
  if (target === undefined || filters === undefined) return 'invalid';
  try {
    return { target, filters: parseFeedFilters(filters) };
  } catch (error) {
    // They were valid when they were stored; a later version may not support them.
    if (error instanceof RequestError) return 'invalid';
    throw error;
  }
}

/** Reads a batch that was sent before up to the line where it ended. */
async function nextBatch(
  deps: DeliverDeps,
  subscription: StoredSubscription,
  filters: RecordFilters,
): Promise<FeedBatch> {
  const { tenantId, position, pending } = subscription;
  const limit = recordsPerDelivery(subscription);
  return await readFeed(deps, { tenantId, filters, position, limit, until: pending?.to });
}

/** False when the attempt failed: the lease is released. */
async function deliverBatch(
  deps: DeliverDeps,
  lease: DeliveryLease,
  batch: FeedBatch,
  target: string,
): Promise<boolean> {
  const { pending } = lease.subscription();
  const to = batch.position;
  const settled = pending !== undefined && isSame(pending.to, to) ? pending : { to, at: deps.now() };
  // Before anything is sent: a second attempt must be the same, whatever was ingested meanwhile.
  await lease.save({ pending: settled });
  const message = recordsMessage(lease.subscription(), settled, batch.records);
  const outcome = await sendTo(deps, lease.subscription(), { target, message });
  report(deps, lease.subscription(), outcome, batch.records.length);
  if (isDelivered(outcome)) {
    await lease.save({ ...nothingPending, position: settled.to, lastDeliveryAt: deps.now() });
    return true;
  }
  await retryLater(deps, lease, outcome);
  return false;
}

function isSame(a: FeedPosition, b: FeedPosition): boolean {
  return a.sequence === b.sequence && a.line === b.line;
}

function report(
  { telemetry }: DeliverDeps,
  { tenantId, subscriptionId, failures }: StoredSubscription,
  outcome: SendOutcome,
  records: number,
): void {
  const about = { tenantId, subscriptionId, records, attempt: failures + 1, result: exactResultOf(outcome) };
  telemetry(isDelivered(outcome) ? 'webhooks.delivery.succeeded' : 'webhooks.delivery.failed', about);
}

async function retryLater(deps: DeliverDeps, lease: DeliveryLease, outcome: SendOutcome): Promise<void> {
  if (outcome.kind === 'answered' && outcome.status === 410) {
    await disable(deps, lease, 'gone');
    return;
  }
  const { tenantId, subscriptionId, failures: before } = lease.subscription();
  const failures = before + 1;
  const retryAfter = outcome.kind === 'answered' ? outcome.retryAfter : undefined;
  const waitMs = nextWaitMs({ failures, retryAfter, now: deps.now(), random: deps.random() });
  const lastError = resultOf(outcome);
  if (waitMs === undefined) {
    await disable(deps, lease, 'failing', lastError);
    return;
  }
  // The message comes first: without it there is no retry; one that comes too early is delayed again.
  await deps.queues.requestDelivery({ version: 1, tenantId, subscriptionId, failures }, waitMs);
  const nextAttemptAt = new Date(deps.now().getTime() + waitMs);
  await lease.release({ failures, nextAttemptAt, lastError });
}

async function disable(
  deps: DeliverDeps,
  lease: DeliveryLease,
  reason: DisabledReason,
  lastError?: string,
): Promise<void> {
  const { tenantId, subscriptionId } = lease.subscription();
  const disabled = { disabled: reason };
  await lease.release(lastError === undefined ? disabled : { ...disabled, lastError });
  deps.telemetry('webhooks.subscription.disabled', { tenantId, subscriptionId, reason });
}

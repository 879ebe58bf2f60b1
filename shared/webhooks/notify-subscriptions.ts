/** Notifies a tenant's subscriptions of new records. */
import type { DeliveryQueue, SubscriptionStore } from './webhook-subscription.ts';

export interface NotifyDeps {
  readonly subscriptions: Pick<SubscriptionStore, 'list'>;
  readonly queues: DeliveryQueue;
  readonly now: () => Date;
}

/** Sends a message for each that is not waiting for a retry. Costs one read where there are no subscriptions. */
export async function notifySubscriptions(
  { subscriptions, queues, now }: NotifyDeps,
  tenantId: string,
): Promise<void> {
  const all = await subscriptions.list(tenantId);
  const ready = all.filter(
    ({ disabled, nextAttemptAt }) =>
      disabled === undefined && (nextAttemptAt === undefined || nextAttemptAt <= now()),
  );
  await Promise.all(
    ready.map(({ subscriptionId }) => queues.requestDelivery({ version: 1, tenantId, subscriptionId })),
  );
}

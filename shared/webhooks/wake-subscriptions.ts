/** Tells a tenant's subscriptions that there is something new. */
import type { DeliveryQueue, SubscriptionStore } from './webhook-subscription.ts';

export interface WakeDeps {
  readonly subscriptions: Pick<SubscriptionStore, 'list'>;
  readonly queues: DeliveryQueue;
  readonly now: () => Date;
}

/** A message each for those that are not waiting for a retry anyway. Nothing but one read where there are none. */
export async function wakeSubscriptions(
  { subscriptions, queues, now }: WakeDeps,
  tenantId: string,
): Promise<void> {
  const all = await subscriptions.list(tenantId);
  const awake = all.filter(
    ({ disabled, nextAttemptAt }) =>
      disabled === undefined && (nextAttemptAt === undefined || nextAttemptAt <= now()),
  );
  await Promise.all(
    awake.map(({ subscriptionId }) => queues.requestDelivery({ version: 1, tenantId, subscriptionId })),
  );
}

/** The lease of a subscription: one host delivers to it at a time. */
import { acquireLease, type HeldLease } from '../deliveries/lease.ts';
import {
  deliveryOf,
  subscriptionIn,
  type DeliveryMessage,
  type DeliveryQueue,
  type StoredSubscription,
  type SubscriptionChanges,
  type SubscriptionStore,
} from './webhook-subscription.ts';

export interface DeliveryLeaseDeps {
  readonly subscriptions: SubscriptionStore;
  readonly queues: DeliveryQueue;
  readonly now: () => Date;
  /** How long a lease lasts after a crash: longer than reading a batch and sending it. Every step renews it. */
  readonly leaseMs?: number | undefined;
}

/** A batch is read in 8 seconds and sent in 15; after a crash, new records should not wait much longer. */
const defaultLeaseMs = 30_000;

/** Its row is the subscription. */
export type DeliveryLease = HeldLease<StoredSubscription, SubscriptionChanges>;

/** @returns undefined when another host delivers, and when the subscription is gone or disabled */
export async function acquireDeliveryLease(
  { subscriptions, queues, now, leaseMs = defaultLeaseMs }: DeliveryLeaseDeps,
  message: DeliveryMessage,
): Promise<DeliveryLease | undefined> {
  return await acquireLease(
    {
      async read() {
        const found = await subscriptionIn(subscriptions, message);
        return found?.disabled === undefined ? found : undefined;
      },
      update: (row, changes) => subscriptions.update(row, changes),
      standBy: (row, delayMs) => queues.requestDelivery(deliveryOf(row, { standby: true }), delayMs),
    },
    { now, leaseMs, isStandby: message.standby === true },
  );
}

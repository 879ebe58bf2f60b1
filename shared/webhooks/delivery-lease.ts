/** One host delivers at a time: only the holder of a subscription's lease changes the state of its deliveries. */
import { randomUUID } from 'node:crypto';
import {
  deliveryOf,
  subscriptionIn,
  type DeliveryMessage,
  type DeliveryQueue,
  type Lease,
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

/** The subscription was deleted or disabled, or its lease was acquired by another host: the holder stops. */
export class LeaseLostError extends Error {
  override readonly name = 'LeaseLostError';
}

export interface DeliveryLease {
  /** As it is, as far as this holder knows. */
  readonly subscription: () => StoredSubscription;
  /** Renews the lease. @throws LeaseLostError */
  save(changes: SubscriptionChanges): Promise<void>;
  /** Releases the lease; false, and it is kept, when new records arrived meanwhile. @throws LeaseLostError */
  finish(changes: SubscriptionChanges): Promise<boolean>;
  /** Releases the lease, as a message is on its way that checks for new records. @throws LeaseLostError */
  release(changes: SubscriptionChanges): Promise<void>;
}

/**
 * Acquires the lease. If another host holds it, that host is notified of new records, and a delayed message covers the
 * case that it crashes, so no record is missed.
 * @returns undefined then, and when the subscription is gone or disabled
 */
export async function acquireLease(
  deps: DeliveryLeaseDeps,
  message: DeliveryMessage,
): Promise<DeliveryLease | undefined> {
  const { subscriptions, now } = deps;
  const holder = randomUUID();
  for (;;) {
    const found = await subscriptionIn(subscriptions, message);
    if (found === undefined || found.disabled !== undefined) return undefined;
    const { lease } = found;
    // This call acquired it, and the answer was lost.
    if (lease?.holder === holder) return createLease(deps, found, holder);
    if (lease !== undefined && lease.until > now()) {
      if (await notifyHolder(deps, { held: found, lease }, message)) return undefined;
      continue;
    }
    const acquired = await subscriptions.update(found, { lease: newLease(deps, holder, false) });
    if (acquired !== undefined) return createLease(deps, acquired, holder);
  }
}

function newLease(
  { now, leaseMs = defaultLeaseMs }: DeliveryLeaseDeps,
  holder: string,
  notified: boolean,
): Lease {
  return { holder, until: new Date(now().getTime() + leaseMs), notified };
}

/** False when the subscription changed meanwhile: its holder may not have seen the notification. */
async function notifyHolder(
  { subscriptions, queues, now }: DeliveryLeaseDeps,
  { held, lease }: { readonly held: StoredSubscription; readonly lease: Lease },
  message: DeliveryMessage,
): Promise<boolean> {
  // A renewed lease lasts longer than its message was delayed, so the message is delayed again.
  if (lease.notified && message.standby !== true) return true;
  const waitMs = lease.until.getTime() - now().getTime() + 1000;
  // The message comes first: a crash between the two only costs a superfluous check.
  await queues.requestDelivery(deliveryOf(held, { standby: true }), waitMs);
  if (lease.notified) return true;
  return (await subscriptions.update(held, { lease: { ...lease, notified: true } })) !== undefined;
}

function createLease(deps: DeliveryLeaseDeps, acquired: StoredSubscription, holder: string): DeliveryLease {
  let current = acquired;
  const isNotified = () => current.lease?.notified === true;
  /** False when the subscription has changed; `current` then is what it is now. */
  const tryWrite = async (changes: SubscriptionChanges): Promise<boolean> => {
    const written = await deps.subscriptions.update(current, changes);
    current = written ?? (await readHeld(deps, current, holder));
    return written !== undefined;
  };
  return {
    subscription: () => current,
    async save(changes) {
      while (!(await tryWrite({ ...changes, lease: newLease(deps, holder, isNotified()) })));
    },
    async release(changes) {
      while (!(await tryWrite({ ...changes, lease: undefined })));
    },
    async finish(changes) {
      for (;;) {
        const goesOn = isNotified();
        const lease = goesOn ? newLease(deps, holder, false) : undefined;
        if (await tryWrite({ ...changes, lease })) return !goesOn;
      }
    },
  };
}

/** @throws LeaseLostError */
async function readHeld(
  { subscriptions }: DeliveryLeaseDeps,
  { owner, subscriptionId }: StoredSubscription,
  holder: string,
): Promise<StoredSubscription> {
  const found = await subscriptions.get(owner, subscriptionId);
  if (found?.lease?.holder === holder && found.disabled === undefined) return found;
  throw new LeaseLostError('The lease of the webhook subscription was lost.');
}

/** Notifies subscriptions of new records: those to one tenant, and those to several. */
import { LRUCache } from 'lru-cache';
import { mayContain } from '../access/tenant-set.ts';
import {
  deliveryOf,
  type DeliveryQueue,
  type StoredSubscription,
  type SubscriptionStore,
} from './webhook-subscription.ts';

interface SendingDeps {
  readonly queues: DeliveryQueue;
  readonly now: () => Date;
}

export interface NotifyDeps extends SendingDeps {
  readonly subscriptions: Pick<SubscriptionStore, 'list'>;
}

/** Sends a message for each that is not waiting for a retry. Costs one read where there are no subscriptions. */
export async function notifySubscriptions(deps: NotifyDeps, tenantId: string): Promise<void> {
  const ready = readyOf(await deps.subscriptions.list(tenantId), deps.now());
  await Promise.all(ready.map((each) => deps.queues.requestDelivery(deliveryOf(each))));
}

/** How long a host may not know of a subscription to several tenants that was created or enabled by another one. */
export const setsKnownMs = 60_000;

/** One host sends a subscription to several tenants at most one message in this time. */
const pauseMs = 5_000;
/** Of more subscriptions, those notified least recently are notified without a pause. */
const pacedSubscriptions = 10_000;

export interface NotifySetsDeps extends SendingDeps {
  readonly subscriptions: Pick<SubscriptionStore, 'listOfSets'>;
  /** Milliseconds of a clock that cannot be set. */
  readonly elapsed?: (() => number) | undefined;
}

/**
 * Gives a function that notifies the subscriptions to several tenants, after something was announced: those that may
 * include its tenant, or all of them without one. Landings share one read a minute, and those of a few seconds one message.
 * What is not known yet is covered by a delayed message: see `createSubscription`.
 */
export function createSetNotifier(deps: NotifySetsDeps): (tenantId?: string) => Promise<void> {
  const { elapsed = () => performance.now() } = deps;
  const send = pacedSender(deps.queues, elapsed);
  let known: { readonly until: number; readonly all: Promise<readonly StoredSubscription[]> } | undefined;
  const read = async (): Promise<readonly StoredSubscription[]> => {
    const at = elapsed();
    known =
      known !== undefined && known.until > at
        ? known
        : { until: at + setsKnownMs, all: deps.subscriptions.listOfSets() };
    return await known.all;
  };
  return async (tenantId) => {
    const all = await read().catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    const wanting = tenantId === undefined ? all : all.filter((each) => mayInclude(each, tenantId));
    await Promise.all(readyOf(wanting, deps.now()).map(send));
  };
}

type Send = (subscription: StoredSubscription) => Promise<void>;

/** A message that is not visible yet finds what is announced before it is: no other one is needed then. */
function pacedSender(queues: DeliveryQueue, elapsed: () => number): Send {
  const visibleAt = new LRUCache<string, number>({ max: pacedSubscriptions });
  return async (subscription) => {
    const at = elapsed();
    const last = visibleAt.get(subscription.subscriptionId) ?? -Infinity;
    if (at < last) return;
    const waitMs = Math.max(0, last + pauseMs - at);
    await queues.requestDelivery(deliveryOf(subscription), waitMs);
    // Only now: one that could not be sent finds nothing.
    visibleAt.set(subscription.subscriptionId, at + waitMs);
  };
}

/** True for one with a saved search, which may have changed: its tenants are read with it. */
function mayInclude({ boundTo, wanted }: StoredSubscription, tenantId: string): boolean {
  const tenants = wanted.search === undefined ? wanted.tenants : undefined;
  return [boundTo, tenants].every((set) => set === undefined || mayContain(set, tenantId));
}

/** Those that are not waiting for a retry. */
function readyOf(subscriptions: readonly StoredSubscription[], now: Date): readonly StoredSubscription[] {
  return subscriptions.filter(
    ({ disabled, nextAttemptAt }) =>
      disabled === undefined && (nextAttemptAt === undefined || nextAttemptAt <= now),
  );
}

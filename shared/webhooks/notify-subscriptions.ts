/** Notifies subscriptions of new records: those to one tenant, and those to several. */
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
  await notifyEach(deps, await deps.subscriptions.list(tenantId));
}

/** How long a host may not know of a subscription to several tenants that was created or enabled by another one. */
export const setsKnownMs = 60_000;

export interface NotifySetsDeps extends SendingDeps {
  readonly subscriptions: Pick<SubscriptionStore, 'listOfSets'>;
}

/**
 * Gives a function that notifies the subscriptions to several tenants, after something was announced. Landings share one
 * read a minute. What is not known yet is covered by a delayed message: see `createSubscription`.
 */
export function createSetNotifier(deps: NotifySetsDeps): () => Promise<void> {
  let known: { readonly until: number; readonly all: Promise<readonly StoredSubscription[]> } | undefined;
  const read = async (): Promise<readonly StoredSubscription[]> => {
    const now = deps.now().getTime();
    known =
      known !== undefined && known.until > now
        ? known
        : { until: now + setsKnownMs, all: deps.subscriptions.listOfSets() };
    return await known.all;
  };
  return async () => {
    const all = await read().catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    await notifyEach(deps, all);
  };
}

async function notifyEach(
  { queues, now }: SendingDeps,
  subscriptions: readonly StoredSubscription[],
): Promise<void> {
  const ready = subscriptions.filter(
    ({ disabled, nextAttemptAt }) =>
      disabled === undefined && (nextAttemptAt === undefined || nextAttemptAt <= now()),
  );
  await Promise.all(ready.map((each) => queues.requestDelivery(deliveryOf(each))));
}

/** Notifies subscriptions of new records: those to one tenant, and those to several. */
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
  await notifyEach(deps, await deps.subscriptions.list(tenantId));
}

/** How long a host may not know of a subscription to several tenants that was created or enabled by another one. */
export const setsKnownMs = 60_000;

export interface NotifySetsDeps extends SendingDeps {
  readonly subscriptions: Pick<SubscriptionStore, 'listOfSets'>;
}

/**
 * Gives a function that notifies the subscriptions to several tenants, after something was announced: those that may
 * include its tenant, or all of them without one. Landings share one read a minute. What is not known yet is covered by a
 * delayed message: see `createSubscription`.
 */
export function createSetNotifier(deps: NotifySetsDeps): (tenantId?: string) => Promise<void> {
  let known: { readonly until: number; readonly all: Promise<readonly StoredSubscription[]> } | undefined;
  const read = async (): Promise<readonly StoredSubscription[]> => {
    const now = deps.now().getTime();
    known =
      known !== undefined && known.until > now
        ? known
        : { until: now + setsKnownMs, all: deps.subscriptions.listOfSets() };
    return await known.all;
  };
  return async (tenantId) => {
    const all = await read().catch((error: unknown) => {
      known = undefined;
      throw error;
    });
    const wanting = tenantId === undefined ? all : all.filter((each) => mayInclude(each, tenantId));
    await notifyEach(deps, wanting);
  };
}

/** True for one with a saved search, which may have changed: its tenants are read with it. */
function mayInclude({ boundTo, wanted }: StoredSubscription, tenantId: string): boolean {
  const tenants = wanted.search === undefined ? wanted.tenants : undefined;
  return [boundTo, tenants].every((set) => set === undefined || mayContain(set, tenantId));
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

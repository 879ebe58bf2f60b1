/** One deliverer at a time: whoever holds the lease of a subscription may change how its deliveries stand. */
import { randomUUID } from 'node:crypto';
import type {
  DeliveryMessage,
  DeliveryQueue,
  Lease,
  StoredSubscription,
  SubscriptionChanges,
  SubscriptionStore,
} from './webhook-subscription.ts';

export interface TurnDeps {
  readonly subscriptions: SubscriptionStore;
  readonly queues: DeliveryQueue;
  readonly now: () => Date;
  /** How long a turn lasts that nobody ends: longer than reading a batch and sending it. Renewed with every step. */
  readonly leaseMs?: number | undefined;
}

/** A batch is read in 8 seconds and sent in 15; after a crash nobody should wait much longer. */
const defaultLeaseMs = 30_000;

/** The subscription was deleted, disabled or taken over: nothing more is to be done here. */
export class TurnLostError extends Error {
  override readonly name = 'TurnLostError';
}

export interface Turn {
  /** As it is, as far as this turn knows. */
  readonly subscription: () => StoredSubscription;
  /** @throws TurnLostError */
  save(changes: SubscriptionChanges): Promise<void>;
  /** Ends the turn; false when there was news meanwhile, and then it goes on. @throws TurnLostError */
  end(changes: SubscriptionChanges): Promise<boolean>;
  /** Ends the turn, because a message that is on its way will look at all news. @throws TurnLostError */
  leave(changes: SubscriptionChanges): Promise<void>;
}

/**
 * Takes the turn. Where somebody else has it, that one is told to look again, and a message stands by for the case
 * that it cannot: news are never lost. Undefined then, or when the subscription is gone or disabled.
 */
export async function takeTurn(deps: TurnDeps, message: DeliveryMessage): Promise<Turn | undefined> {
  const { subscriptions, now } = deps;
  for (;;) {
    const found = await subscriptions.get(message.tenantId, message.subscriptionId);
    if (found === undefined || found.disabled !== undefined) return undefined;
    const { lease } = found;
    if (lease !== undefined && lease.until > now()) {
      if (await wake(deps, { held: found, lease }, message)) return undefined;
      continue;
    }
    const holder = randomUUID();
    const taken = await subscriptions.update(found, { lease: leaseOf(deps, holder) });
    if (taken !== undefined) return createTurn(deps, taken, holder);
  }
}

function leaseOf({ now, leaseMs = defaultLeaseMs }: TurnDeps, holder: string): Lease {
  return { holder, until: new Date(now().getTime() + leaseMs), woken: false };
}

/** False when the holder was faster and may not have seen it. */
async function wake(
  { subscriptions, queues, now }: TurnDeps,
  { held, lease }: { readonly held: StoredSubscription; readonly lease: Lease },
  message: DeliveryMessage,
): Promise<boolean> {
  const { tenantId, subscriptionId } = held;
  // A turn that was renewed lasts longer than was foreseen: its message stands by for as long.
  if (lease.woken && message.standby !== true) return true;
  const waitMs = lease.until.getTime() - now().getTime() + 1000;
  // First the message: a crash between the two costs a look in vain.
  await queues.requestDelivery({ version: 1, tenantId, subscriptionId, standby: true }, waitMs);
  if (lease.woken) return true;
  return (await subscriptions.update(held, { lease: { ...lease, woken: true } })) !== undefined;
}

function createTurn(deps: TurnDeps, taken: StoredSubscription, holder: string): Turn {
  const { subscriptions } = deps;
  let current = taken;
  /** Reads anew what somebody else has changed. */
  const refresh = async (): Promise<void> => {
    const found = await subscriptions.get(current.tenantId, current.subscriptionId);
    if (found?.lease?.holder !== holder || found.disabled !== undefined)
      throw new TurnLostError('The turn is over.');
    current = found;
  };
  const write = async (changes: SubscriptionChanges): Promise<boolean> => {
    const written = await subscriptions.update(current, changes);
    if (written !== undefined) current = written;
    return written !== undefined;
  };
  const renewed = () => ({ ...leaseOf(deps, holder), woken: current.lease?.woken === true });
  return {
    subscription: () => current,
    async save(changes) {
      while (!(await write({ ...changes, lease: renewed() }))) await refresh();
    },
    async leave(changes) {
      while (!(await write({ ...changes, lease: undefined }))) await refresh();
    },
    async end(changes) {
      for (;;) {
        const isWoken = current.lease?.woken === true;
        if (await write({ ...changes, lease: isWoken ? leaseOf(deps, holder) : undefined })) return !isWoken;
        await refresh();
      }
    },
  };
}

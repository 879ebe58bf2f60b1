/** The queue of deliveries in memory: messages become visible as a clock advances. */
import type { DeliveryMessage, DeliveryQueue } from '../../../shared/webhooks/webhook-subscription.ts';

export interface FakeDeliveryQueue extends DeliveryQueue {
  /** Messages not taken yet, soonest first. */
  readonly waiting: readonly { readonly message: DeliveryMessage; readonly at: Date }[];
  /** Takes the next message that is visible now. */
  take(): DeliveryMessage | undefined;
}

export function createFakeDeliveryQueue(now: () => Date): FakeDeliveryQueue {
  const waiting: { message: DeliveryMessage; at: Date }[] = [];
  return {
    waiting,
    requestDelivery: async (message, delayMs = 0) => {
      waiting.push({ message, at: new Date(now().getTime() + delayMs) });
      waiting.sort((a, b) => a.at.getTime() - b.at.getTime());
      await Promise.resolve();
    },
    take: () => {
      const next = waiting[0];
      return next !== undefined && next.at <= now() ? waiting.shift()?.message : undefined;
    },
  };
}

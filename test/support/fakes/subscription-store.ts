/** Webhook subscriptions in memory. */
import type { StoredSubscription, SubscriptionStore } from '../../../shared/webhooks/webhook-subscription.ts';

export function createFakeSubscriptionStore(): SubscriptionStore {
  const rows = new Map<string, StoredSubscription>();
  const keyOf = (owner: string, subscriptionId: string) => `${owner} ${subscriptionId}`;
  let version = 0;
  const nextTag = () => {
    version += 1;
    return `v${version}`;
  };
  return {
    get: async (owner, subscriptionId) => await Promise.resolve(rows.get(keyOf(owner, subscriptionId))),
    list: async (owner) => {
      const own = [...rows.values()].filter((row) => row.owner === owner);
      return await Promise.resolve(own.sort((a, b) => (a.subscriptionId < b.subscriptionId ? -1 : 1)));
    },
    listOfSets: async () =>
      await Promise.resolve([...rows.values()].filter(({ boundTo }) => boundTo !== undefined)),
    create: async (subscription) => {
      const key = keyOf(subscription.owner, subscription.subscriptionId);
      if (rows.has(key)) throw new Error('There is a subscription with this id.');
      rows.set(key, { ...subscription, etag: nextTag() });
      await Promise.resolve();
    },
    update: async (subscription, changes) => {
      const key = keyOf(subscription.owner, subscription.subscriptionId);
      if (rows.get(key)?.etag !== subscription.etag) return undefined;
      const changed = { ...subscription, ...changes, etag: nextTag() };
      rows.set(key, changed);
      return await Promise.resolve(changed);
    },
    remove: async (owner, subscriptionId) => {
      rows.delete(keyOf(owner, subscriptionId));
      await Promise.resolve();
    },
  };
}

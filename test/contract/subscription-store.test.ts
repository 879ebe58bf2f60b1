/** The promises about webhook subscriptions, kept in memory and on Table Storage. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSubscriptionStore } from '../../shared/adapters/tables/subscription-store.ts';
import { createTables } from '../../shared/adapters/tables/tables.ts';
import type {
  SubscriptionChanges,
  SubscriptionStore,
  WebhookSubscription,
} from '../../shared/webhooks/webhook-subscription.ts';
import { createFakeSubscriptionStore } from '../support/fakes/subscription-store.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();
const at = (minute: number) => new Date(Date.UTC(2026, 2, 2, 8, minute));

function subscriptionOf(owner: string): WebhookSubscription {
  return {
    ...{ owner, subscriptionId: randomUUID(), createdBy: 'key', createdDateTime: at(0) },
    ...{ sealedTarget: 'c2VhbGVk', baseUrl: 'https://auditkeep.example/api/', content: 'ids' },
    wanted: { filters: { users: ['anna@fabrikam.example', 'ü'] } },
    ...{ generation: 1, position: { sequence: 1, line: 0 }, failures: 0 },
  };
}

async function created(store: SubscriptionStore, subscription: WebhookSubscription) {
  await store.create(subscription);
  const stored = await store.get(subscription.owner, subscription.subscriptionId);
  if (stored === undefined) throw new Error('It was not stored.');
  return stored;
}

describe.each([
  { where: 'in memory', open: createFakeSubscriptionStore },
  { where: 'on Table Storage', open: () => createSubscriptionStore(createTables(storage())) },
])('webhook subscriptions $where', ({ open }) => {
  it('are found as created, in their tenant only', async () => {
    const [store, subscription] = [open(), subscriptionOf(randomUUID())];
    const { owner: tenantId, subscriptionId } = subscription;
    expect(await store.get(tenantId, subscriptionId)).toBeUndefined();
    expect(await store.list(tenantId)).toEqual([]);
    const stored = await created(store, subscription);
    expect(stored).toEqual({ ...subscription, etag: stored.etag });
    expect(await store.list(tenantId)).toEqual([stored]);
    expect(await store.get(randomUUID(), subscriptionId)).toBeUndefined();
    await expect(store.create({ ...subscription, createdBy: 'another' })).rejects.toThrow();
  });

  it('to several tenants are found whosever they are, and those to one tenant are not', async () => {
    const store = open();
    const sets = ['*', 'tag:gold'].map((boundTo) => ({
      ...subscriptionOf(randomUUID()),
      ...{ boundTo, wanted: { filters: {}, tenants: boundTo } },
      position: { arrival: 5, sequence: 1, line: 0, since: 3 },
    }));
    for (const subscription of [subscriptionOf(randomUUID()), ...sets]) await store.create(subscription);
    const ids = new Set(sets.map(({ subscriptionId }) => subscriptionId));
    const found = (await store.listOfSets()).filter(({ subscriptionId }) => ids.has(subscriptionId));
    for (const subscription of sets) expect(found).toContainEqual(expect.objectContaining(subscription));
    expect(found).toHaveLength(sets.length);
    expect((await store.listOfSets()).every(({ boundTo }) => boundTo !== undefined)).toBe(true);
    const [first] = found;
    const pending = { to: { arrival: 6, sequence: 2, line: 1, since: 3 }, at: at(1) };
    expect(first && (await store.update(first, { pending }))?.pending).toEqual(pending);
    expect(first && (await store.get(first.owner, first.subscriptionId))?.pending).toEqual(pending);
  });

  it('accept changes, and remove undefined members', async () => {
    const store = open();
    const wanted = { search: 'rules' };
    const stored = await created(store, { ...subscriptionOf(randomUUID()), wanted });
    const changes: SubscriptionChanges = {
      ...{ position: { sequence: 7, line: 3 }, pending: { to: { sequence: 8, line: 0 }, at: at(1) } },
      ...{ failures: 2, nextAttemptAt: at(2), lastError: '503', lastDeliveryAt: at(3), disabled: 'failing' },
      ...{ generation: 2, overlapUntil: at(4), lease: { holder: 'me', until: at(5), notified: true } },
    };
    const changed = await store.update(stored, changes);
    const { owner: tenantId, subscriptionId } = stored;
    expect(await store.get(tenantId, subscriptionId)).toEqual({ ...stored, ...changes, etag: changed?.etag });
    const cleared = { pending: undefined, nextAttemptAt: undefined, lease: undefined, disabled: undefined };
    if (changed !== undefined) expect(await store.update(changed, cleared)).toBeDefined();
    const found = await store.get(tenantId, subscriptionId);
    expect(found).toMatchObject({ failures: 2, generation: 2, wanted });
    expect([found?.pending, found?.nextAttemptAt, found?.lease, found?.disabled]).toEqual([
      ...[undefined, undefined, undefined, undefined],
    ]);
  });

  it('are changed by one of several concurrent writers', async () => {
    const store = open();
    const stored = await created(store, subscriptionOf(randomUUID()));
    const all = await Promise.all([1, 2, 3].map((failures) => store.update(stored, { failures })));
    expect(all.filter((changed) => changed !== undefined)).toHaveLength(1);
  });

  it('that are deleted cannot be changed, and can be deleted again', async () => {
    const store = open();
    const stored = await created(store, subscriptionOf(randomUUID()));
    for (let time = 0; time < 2; time++) await store.remove(stored.owner, stored.subscriptionId);
    expect(await store.update(stored, { failures: 1 })).toBeUndefined();
    expect(await store.get(stored.owner, stored.subscriptionId)).toBeUndefined();
  });
});

describe('unreachable webhook subscriptions', () => {
  it('fail, and never look absent', async () => {
    const store = createSubscriptionStore(createTables(lockedOut(storage())));
    await expect(store.get(randomUUID(), randomUUID())).rejects.toThrow();
    await expect(store.list(randomUUID())).rejects.toThrow();
    await expect(store.create(subscriptionOf(randomUUID()))).rejects.toThrow();
  });
});

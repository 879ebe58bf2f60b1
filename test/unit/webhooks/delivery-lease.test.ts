/** New records that arrive while a lease is held are delivered although its holder never finishes. */
import { expect, it } from 'vitest';
import { acquireDeliveryLease } from '../../../shared/webhooks/delivery-lease.ts';
import type { SubscriptionStore } from '../../../shared/webhooks/webhook-subscription.ts';
import { guidOf } from '../../support/feed-world.ts';
import { createWebhookWorld } from '../../support/webhook-world.ts';

const secondMs = 1000;

it('delivers new records although the holder of a renewed lease was notified and crashed', async () => {
  const world = await createWebhookWorld();
  await world.subscribe();
  const { owner: tenantId, subscriptionId } = await world.subscription();
  // A host works for a while, is notified of new records, continues, and is killed.
  const lease = await acquireDeliveryLease(world.deps, { version: 1, tenantId, subscriptionId });
  await world.publish([{ id: guidOf('a') }]);
  await world.drain();
  for (let seconds = 0; seconds < 40; seconds += 10) {
    world.clock.advance(10 * secondMs);
    await lease?.save({});
    await world.drain();
  }
  expect(world.sent).toHaveLength(0);
  expect(world.queues.waiting).toHaveLength(1);
  world.clock.advance(32 * secondMs);
  await world.drain();
  expect(world.sent).toHaveLength(1);
  expect(world.queues.waiting).toHaveLength(0);
});

it('delivers at once although the answer to taking the lease was lost', async () => {
  const world = await createWebhookWorld();
  await world.subscribe();
  const { owner: tenantId, subscriptionId } = await world.subscription();
  let lost = 1;
  const subscriptions: SubscriptionStore = {
    ...world.deps.subscriptions,
    async update(before, changes) {
      const written = await world.deps.subscriptions.update(before, changes);
      return lost-- > 0 ? undefined : written;
    },
  };
  const message = { version: 1, tenantId, subscriptionId } as const;
  const lease = await acquireDeliveryLease({ ...world.deps, subscriptions }, message);
  expect(lease?.current().lease?.holder).toBe((await world.subscription()).lease?.holder);
  expect(await lease?.finish({})).toBe(true);
  expect((await world.subscription()).lease).toBeUndefined();
});

/** One deliverer at a time, and none missing: what becomes of news while somebody has the turn, and never ends it. */
import { expect, it } from 'vitest';
import { takeTurn } from '../../../shared/webhooks/delivery-turn.ts';
import { guidOf } from '../../support/feed-world.ts';
import { createWebhookWorld } from '../../support/webhook-world.ts';

const secondMs = 1000;

it('news come through when a turn that was renewed and woken is never ended', async () => {
  const world = await createWebhookWorld();
  await world.subscribe();
  const { tenantId, subscriptionId } = await world.subscription();
  // A host that works for a while, is told of news, goes on, and is killed.
  const turn = await takeTurn(world.deps, { version: 1, tenantId, subscriptionId });
  await world.publish([{ id: guidOf('a') }]);
  await world.drain();
  for (let seconds = 0; seconds < 40; seconds += 10) {
    world.clock.advance(10 * secondMs);
    await turn?.save({});
    await world.drain();
  }
  expect(world.sent).toHaveLength(0);
  expect(world.queues.waiting).toHaveLength(1);
  world.clock.advance(32 * secondMs);
  await world.drain();
  expect(world.sent).toHaveLength(1);
  expect(world.queues.waiting).toHaveLength(0);
});

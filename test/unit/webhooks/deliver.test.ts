import { describe, expect, it } from 'vitest';
import { deliver, deliveryBudgetMs } from '../../../shared/webhooks/deliver.ts';
import { testSubscription } from '../../../shared/webhooks/manage-subscriptions.ts';
import type { OutgoingWebhook } from '../../../shared/webhooks/webhook-sender.ts';
import { dayMs, hourMs, minuteMs, secondMs } from '../../support/clock.ts';
import { guidOf, type InventedRecord } from '../../support/feed-world.ts';
import { crashAt } from '../../support/faults.ts';
import { answered, createWebhookWorld, received, type WebhookWorld } from '../../support/webhook-world.ts';

const record = (name: string, more: Partial<InventedRecord> = {}): InventedRecord => ({
  id: guidOf(name),
  ...more,
});
const records = (count: number, prefix = 'r') =>
  Array.from({ length: count }, (_, at) => record(`${prefix}${at}`));
const idsIn = (sent: readonly OutgoingWebhook[]) => sent.flatMap((webhook) => received(webhook).ids);

/** What a receiver has accepted that deduplicates by webhook-id. */
function takenIn(sent: readonly OutgoingWebhook[]): readonly string[] {
  const byId = new Map(sent.map(received).map((webhook) => [webhook.id, webhook.ids]));
  return [...byId.values()].flat();
}

/** Advances the clock until no message is left. */
async function settle(world: WebhookWorld): Promise<void> {
  await world.drain();
  while (world.queues.waiting.length > 0) {
    world.clock.set(world.queues.waiting[0]?.at ?? world.clock.now());
    await world.drain();
  }
}

describe('a webhook subscription', () => {
  it('gets what is indexed after its creation, in order, in thin batches', async () => {
    const world = await createWebhookWorld();
    await world.ingest(records(3, 'before'));
    await world.subscribe();
    await world.publish(records(250));
    await world.drain();
    expect(idsIn(world.sent)).toEqual(records(250).map(({ id }) => id));
    expect(Math.max(...world.sent.map(({ body }) => Buffer.byteLength(body)))).toBeLessThan(20_000);
    expect(received(world.sent[0] ?? { url: '', headers: {}, body: '' }).ids.length).toBeGreaterThan(50);
  });

  it('gets what its filters or its search match, and nothing else', async () => {
    const world = await createWebhookWorld();
    const lastModifiedDateTime = world.clock.now();
    const search = { owner: world.tenantId, name: 'Rules', filters: { operations: 'New-InboxRule' } };
    await world.deps.searches.put({ ...search, lastModifiedDateTime }, { kind: 'absent' });
    await world.subscribe({ search: 'rules', content: 'records' });
    await world.publish([record('a'), record('b', { operation: 'New-InboxRule' })]);
    await world.drain();
    expect(idsIn(world.sent)).toEqual([guidOf('b')]);
    expect(world.sent[0]?.body).toContain('New-InboxRule');
  });

  it('receives nothing when nothing matches', async () => {
    const world = await createWebhookWorld();
    await world.subscribe({ filters: { operations: ['Nothing'] } });
    await world.publish(records(5));
    await world.drain();
    expect(world.sent).toEqual([]);
    expect((await world.subscription()).position).toEqual({ sequence: 2, line: 0 });
  });

  it('that fails is retried for three days with the same message, and new records wait', async () => {
    const world = await createWebhookWorld();
    world.answerWith(() => answered(500));
    await world.subscribe();
    await world.publish(records(2));
    const begun = world.clock.now().getTime();
    await world.drain();
    await world.publish(records(2, 'later'));
    await settle(world);
    const lasted = world.clock.now().getTime() - begun;
    expect(new Set(world.sent.map(({ body }) => body)).size).toBe(1);
    expect(new Set(world.sent.map((webhook) => received(webhook).id)).size).toBe(1);
    expect(world.sent).toHaveLength(10);
    expect(lasted).toBeGreaterThan(3 * dayMs);
    expect(await world.subscription()).toMatchObject({ disabled: 'failing', lastError: '500' });
    expect(world.telemetry.of('webhooks.subscription.disabled')).toMatchObject([{ reason: 'failing' }]);
  });

  it.each([
    ['with less than before', ['wanted', 'wanted', 'wanted']],
    ['with nothing', ['other', 'wanted', 'wanted']],
  ])('gets the same message again, even if the budget would end earlier, %s', async (_, operations) => {
    const world = await createWebhookWorld();
    const slowly = (ms: number) => ({
      read: (name: string) => {
        world.clock.advance(ms);
        return world.raw.read(name);
      },
    });
    let calls = 0;
    world.answerWith(() => answered((calls += 1) === 1 ? 503 : 204));
    await world.subscribe({ filters: { operations: 'wanted' } });
    for (const [at, operation] of operations.entries()) await world.ingest([record(`r${at}`, { operation })]);
    await world.publish([]);
    // Time is up behind the second landing, and at the second attempt behind the first.
    await world.drain({ raw: slowly(5000) });
    world.clock.advance(hourMs);
    await world.drain({ raw: slowly(10_000) });
    const [first, second] = world.sent.map((webhook) => ({ ...received(webhook), body: webhook.body }));
    expect(second).toEqual(first);
    const wanted = operations.filter((operation) => operation === 'wanted').length;
    expect(takenIn(world.sent)).toHaveLength(wanted);
    expect(idsIn(world.sent)).toHaveLength(wanted + (first?.ids.length ?? 0));
  });

  it('whose failed batch no longer matches counts attempts of the next one from zero', async () => {
    const world = await createWebhookWorld();
    const search = { owner: world.tenantId, name: 'Rules', lastModifiedDateTime: world.clock.now() };
    await world.deps.searches.put({ ...search, filters: {} }, { kind: 'absent' });
    world.answerWith(() => answered(500));
    await world.subscribe({ search: 'rules' });
    await world.publish(records(2));
    await world.drain();
    expect(await world.subscription()).toMatchObject({ failures: 1, lastError: '500' });
    const filters = { operations: 'Nothing' };
    const { etag = '' } = (await world.deps.searches.get(world.tenantId, 'Rules')) ?? {};
    await world.deps.searches.put({ ...search, filters }, { kind: 'unchanged', etag });
    await settle(world);
    const { failures, lastError, nextAttemptAt, pending } = await world.subscription();
    expect([failures, lastError, nextAttemptAt, pending]).toEqual([0, undefined, undefined, undefined]);
  });

  it('that recovers gets everything in order', async () => {
    const world = await createWebhookWorld();
    let calls = 0;
    world.answerWith(() => answered((calls += 1) < 4 ? 503 : 204));
    await world.subscribe();
    await world.publish(records(2));
    await world.drain();
    await world.publish(records(2, 'later'));
    await settle(world);
    expect(takenIn(world.sent)).toEqual([...records(2), ...records(2, 'later')].map(({ id }) => id));
    expect(await world.subscription()).toMatchObject({ failures: 0, lastError: undefined, lease: undefined });
  });

  it('is not called again before its Retry-After', async () => {
    const world = await createWebhookWorld();
    world.answerWith(() => answered(429, '3600'));
    await world.subscribe();
    await world.publish(records(1));
    await world.drain();
    expect((await world.subscription()).nextAttemptAt).toEqual(
      new Date(world.clock.now().getTime() + hourMs),
    );
  });

  it.each([301, 302, 307, 308])('counts a redirect as a failure (%i)', async (status) => {
    const world = await createWebhookWorld();
    world.answerWith(() => answered(status));
    await world.subscribe();
    await world.publish(records(1));
    await world.drain();
    expect(await world.subscription()).toMatchObject({ failures: 1, position: { sequence: 1 } });
  });

  it('that is gone is disabled at once, and a test that arrives resumes it at its old position', async () => {
    const world = await createWebhookWorld();
    world.answerWith(() => answered(410));
    await world.subscribe();
    await world.publish(records(1));
    await world.drain();
    await world.publish(records(1, 'later'));
    await settle(world);
    expect(world.sent).toHaveLength(1);
    expect(await world.subscription()).toMatchObject({ disabled: 'gone' });
    world.answerWith(() => answered(200));
    expect(await testSubscription(world.deps, await world.subscription())).toEqual({
      delivered: true,
      result: '200',
    });
    await settle(world);
    expect(takenIn(world.sent)).toEqual([...records(1), ...records(1, 'later')].map(({ id }) => id));
  });

  it("ends with its creator's key", async () => {
    const world = await createWebhookWorld();
    await world.subscribe();
    const stored = await world.keys.get(world.key.id);
    if (stored !== undefined) await world.keys.update(stored, { revokedDateTime: world.clock.now() });
    world.clock.advance(2 * minuteMs);
    await world.publish(records(1));
    await world.drain();
    expect(world.sent).toEqual([]);
    expect(await world.subscription()).toMatchObject({ disabled: 'revoked' });
  });

  it('resends a batch that may have arrived unchanged, whatever is indexed meanwhile', async () => {
    const world = await createWebhookWorld();
    let calls = 0;
    world.answerWith(() => ((calls += 1) === 1 ? { kind: 'unreachable', code: 'Timeout' } : answered(200)));
    await world.subscribe();
    await world.publish(records(2));
    await world.drain();
    await world.publish(records(3, 'more'));
    await settle(world);
    expect(world.sent.map((webhook) => received(webhook).ids.length)).toEqual([2, 2, 3]);
    expect(received(world.sent[0] ?? failed).id).toBe(received(world.sent[1] ?? failed).id);
  });

  it('is delivered to by one host at a time, and new records that arrive meanwhile are not lost', async () => {
    const world = await createWebhookWorld();
    const { subscription } = await world.subscribe();
    await world.drain();
    const message = {
      version: 1,
      tenantId: world.tenantId,
      subscriptionId: subscription.subscriptionId,
    } as const;
    let isNested = false;
    const webhookSender = {
      ...world.deps.webhookSender,
      send: async (webhook: OutgoingWebhook) => {
        const outcome = await world.deps.webhookSender.send(webhook);
        if (!isNested) {
          isNested = true;
          await world.ingest(records(2, 'meanwhile'));
          await deliver(world.deps, message, world.clock.startBudget(deliveryBudgetMs));
        }
        return outcome;
      },
    };
    await world.ingest(records(2));
    await deliver({ ...world.deps, webhookSender }, message, world.clock.startBudget(deliveryBudgetMs));
    expect(idsIn(world.sent)).toEqual([...records(2), ...records(2, 'meanwhile')].map(({ id }) => id));
    await settle(world);
    expect(world.sent).toHaveLength(2);
  });

  it('that is deleted during a delivery is not written again', async () => {
    const world = await createWebhookWorld();
    const { subscription } = await world.subscribe();
    world.answerWith(() => {
      void world.deps.subscriptions.remove(world.tenantId, subscription.subscriptionId);
      return answered(200);
    });
    await world.publish(records(200));
    await settle(world);
    expect(world.sent).toHaveLength(1);
    expect(await world.deps.subscriptions.list(world.tenantId)).toEqual([]);
  });
});

const failed: OutgoingWebhook = { url: '', headers: {}, body: '' };

describe('a delivery that is killed at any step and restarted', () => {
  it('delivers each record, in order, and once to receivers that deduplicate by webhook-id', async () => {
    for (const fault of ['crashBefore', 'crashAfter'] as const) {
      for (let step = 0; ; step++) {
        const world = await createWebhookWorld();
        let calls = 0;
        world.answerWith(() => answered((calls += 1) === 2 ? 500 : 200));
        await world.subscribe();
        await world.publish(records(150));
        const faults = crashAt(step, fault);
        await world.drain({
          subscriptions: faults.inject('subscriptions', world.deps.subscriptions),
          queues: faults.inject('queues', world.deps.queues),
          landings: faults.inject('landings', world.deps.landings),
          webhookSender: faults.inject('webhookSender', world.deps.webhookSender),
        });
        world.clock.advance(5 * secondMs);
        await settle(world);
        expect(takenIn(world.sent)).toEqual(records(150).map(({ id }) => id));
        expect(await world.subscription()).toMatchObject({
          failures: 0,
          pending: undefined,
          lease: undefined,
        });
        if (faults.steps.length <= step) break;
      }
    }
  });
});

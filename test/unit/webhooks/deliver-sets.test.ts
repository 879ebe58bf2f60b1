/** Deliveries of the records of several tenants. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { callerWith } from '../../../shared/access/caller.ts';
import { newApiKey } from '../../../shared/access/api-keys.ts';
import { createSetNotifier } from '../../../shared/webhooks/notify-subscriptions.ts';
import { testSubscription } from '../../../shared/webhooks/manage-subscriptions.ts';
import type { OutgoingWebhook } from '../../../shared/webhooks/webhook-sender.ts';
import { dayMs, minuteMs, secondMs } from '../../support/clock.ts';
import { guidOf } from '../../support/feed-world.ts';
import { crashAt, createFaults, failNext } from '../../support/faults.ts';
import { adatumId, fabrikamId, forgetTenant, tenantNamed } from '../../support/tenants.ts';
import { answered, createWebhookWorld, received, type WebhookWorld } from '../../support/webhook-world.ts';

const contosoId = '2b9f6c1e-7d34-4a58-9e02-8c5b1f7a6d43';
const record = (name: string, operation = 'FileAccessed') => ({ id: guidOf(name), operation });
const records = (count: number, prefix: string) =>
  Array.from({ length: count }, (_, at) => record(`${prefix}${at}`));
const idsIn = (sent: readonly OutgoingWebhook[]) => sent.flatMap((webhook) => received(webhook).ids);

async function createWorld() {
  const world = await createWebhookWorld('timed');
  const { tenants } = world.deps;
  await tenants.create(tenantNamed('Adatum', { tenantId: adatumId, tags: ['gold'] }));
  await tenants.update(fabrikamId, { tags: ['gold'] });
  const boundTo = async (set: string) => {
    const { key } = newApiKey({ name: 'Flow', tenants: set, scopes: ['records.read'] }, world.clock.now());
    await world.keys.create(key);
    return callerWith(key.id, key);
  };
  return { ...world, tenants, boundTo };
}

/** Advances the clock until no message is left. */
async function settle(world: WebhookWorld): Promise<void> {
  await world.drain();
  while (world.queues.waiting.length > 0) {
    world.clock.set(world.queues.waiting[0]?.at ?? world.clock.now());
    await world.drain();
  }
}

describe('a webhook subscription to several tenants', () => {
  it('gets what arrives at any of them after its creation, each record with its tenant', async () => {
    const world = await createWorld();
    await world.ingest([record('before')]);
    await world.subscribeToSet();
    await world.publish([record('a')]);
    await world.publish([record('b')], adatumId);
    await world.tenants.create(tenantNamed('Contoso', { tenantId: contosoId }));
    await world.publish([record('c')], contosoId);
    await settle(world);
    const root = 'https://auditkeep.example/api/tenants';
    expect(world.sent.flatMap((webhook) => received(webhook).value)).toEqual(
      (
        [
          ['a', fabrikamId],
          ['b', adatumId],
          ['c', contosoId],
        ] as const
      ).map(([name, tenantId]) => ({
        ...{ tenantId, id: guidOf(name), url: `${root}/${tenantId}/records/${guidOf(name)}` },
      })),
    );
    expect(world.sent[0]?.body).not.toContain('"data":{"tenantId"');
    expect(world.telemetry.of('webhooks.delivery.succeeded')[0]?.['tenantId']).toBeUndefined();
  });

  it('gets records with the names of their tenants if it asks for records, in thin batches otherwise', async () => {
    const world = await createWorld();
    await world.subscribeToSet({ content: 'records' });
    await world.subscribeToSet();
    for (const tenantId of [fabrikamId, adatumId]) await world.publish(records(150, tenantId), tenantId);
    await settle(world);
    const bodies = world.sent.map(({ body }) => body);
    const thin = bodies.filter((body) => !body.includes('tenantDisplayName'));
    expect(Math.max(...thin.map((body) => Buffer.byteLength(body)))).toBeLessThan(20_000);
    const named = world.sent.filter(({ body }) => body.includes('tenantDisplayName'));
    expect(named.flatMap((webhook) => received(webhook).value)).toHaveLength(300);
    expect(named[0]?.body).toContain('"tenantDisplayName":"Fabrikam"');
  });

  it.each([
    ['the tag', 'tag:gold', '*'],
    ['the binding of its key', '*', 'tag:gold'],
  ])('gets what arrives at tenants that have %s at that moment', async (_, tenants, bound) => {
    const world = await createWorld();
    await world.subscribeToSet({ tenants }, await world.boundTo(bound));
    await world.publish([record('a')]);
    await settle(world);
    await world.tenants.update(fabrikamId, { tags: [] });
    await world.publish([record('b')]);
    await world.publish([record('c')], adatumId);
    await settle(world);
    await world.tenants.update(fabrikamId, { tags: ['gold'] });
    await world.publish([record('d')]);
    await settle(world);
    expect(idsIn(world.sent)).toEqual(['a', 'c', 'd'].map(guidOf));
  });

  it('gets nothing of a tenant that is being removed, gone, or purged, and all of the others', async () => {
    const world = await createWorld();
    const subscription = await world.subscribeToSet();
    await world.publish([record('purged')], adatumId);
    await world.tenants.update(fabrikamId, { state: 'Removing' });
    await world.publish([record('removing')]);
    await forgetTenant(world.tenants, adatumId);
    world.landings.purge(adatumId);
    world.arrivals.purge(adatumId);
    await world.publish([record('unknown')], contosoId);
    await settle(world);
    expect(world.sent).toEqual([]);
    await world.tenants.create(tenantNamed('Adatum', { tenantId: adatumId }));
    await world.publish([record('again')], adatumId);
    await settle(world);
    expect(idsIn(world.sent)).toEqual([guidOf('again')]);
    expect(await subscription()).toMatchObject({ failures: 0, lease: undefined });
  });

  it('gets what its search finds in the tenants of that search', async () => {
    const world = await createWorld();
    const subscription = await world.subscribeToSet();
    const { owner } = await subscription();
    const search = { owner, name: 'Rules', filters: { operations: 'New-InboxRule' }, tenants: adatumId };
    const lastModifiedDateTime = world.clock.now();
    await world.deps.searches.put({ ...search, lastModifiedDateTime }, { kind: 'absent' });
    const bySearch = await world.subscribeToSet({ search: 'rules' });
    await world.deps.subscriptions.remove(owner, (await subscription()).subscriptionId);
    await world.publish([record('a', 'New-InboxRule')]);
    await world.publish([record('b', 'New-InboxRule'), record('c')], adatumId);
    await settle(world);
    expect(idsIn(world.sent)).toEqual([guidOf('b')]);
    await world.deps.searches.remove(owner, 'Rules');
    await world.publish([record('d', 'New-InboxRule')], adatumId);
    await settle(world);
    expect(await bySearch()).toMatchObject({ disabled: 'invalid' });
  });

  it("ends with its creator's key", async () => {
    const world = await createWorld();
    const subscription = await world.subscribeToSet();
    await settle(world);
    const stored = await world.keys.get(world.key.id);
    if (stored !== undefined) await world.keys.update(stored, { revokedDateTime: world.clock.now() });
    world.clock.advance(2 * minuteMs);
    await world.publish([record('a')]);
    await settle(world);
    expect([world.sent, (await subscription()).disabled]).toEqual([[], 'revoked']);
  });

  it('gets the same message again, whatever arrives meanwhile, and everything in order', async () => {
    const world = await createWorld();
    let calls = 0;
    world.answerWith(() => answered((calls += 1) < 3 ? 503 : 204));
    await world.subscribeToSet();
    await world.publish(records(2, 'a'));
    await world.publish(records(2, 'b'), adatumId);
    await world.drain();
    await world.publish(records(2, 'c'));
    await settle(world);
    const [first, second, third] = world.sent.map(({ body }) => body);
    expect([second, third]).toEqual([first, first]);
    const taken = new Map(world.sent.map((webhook) => [received(webhook).id, received(webhook).ids]));
    const all = ['a', 'b', 'c'].flatMap((prefix) => records(2, prefix));
    expect([...taken.values()].flat()).toEqual(all.map(({ id }) => id));
  });

  it('gets a retry under the same ID if a tenant was renamed, and under another one if a tenant left', async () => {
    const world = await createWorld();
    world.answerWith(() => answered(503));
    await world.subscribeToSet({ content: 'records', tenants: 'tag:gold' });
    await world.publish([record('a')]);
    await world.publish([record('b')], adatumId);
    const attempt = async () => {
      await world.drain();
      world.clock.set(world.queues.waiting[0]?.at ?? world.clock.now());
      await world.drain();
      return received(world.sent.at(-1) ?? { url: '', headers: {}, body: '' }).id;
    };
    const first = await attempt();
    await world.tenants.update(fabrikamId, { displayName: 'Renamed' });
    world.clock.advance(dayMs);
    expect(await attempt()).toBe(first);
    expect(world.sent.at(-1)?.body).toContain('Renamed');
    await world.tenants.update(adatumId, { tags: [] });
    world.clock.advance(dayMs);
    expect(await attempt()).not.toBe(first);
  });

  it('that is killed at any step and restarted gets each record, once to receivers that deduplicate', async () => {
    for (const fault of ['crashBefore', 'crashAfter'] as const) {
      for (let step = 0; ; step++) {
        const world = await createWorld();
        let calls = 0;
        world.answerWith(() => answered((calls += 1) === 2 ? 500 : 200));
        const subscription = await world.subscribeToSet();
        await world.publish(records(80, 'a'));
        await world.publish(records(80, 'b'), adatumId);
        const faults = crashAt(step, fault);
        const { deps } = world;
        await world.drain({
          subscriptions: faults.inject('subscriptions', deps.subscriptions),
          queues: faults.inject('queues', deps.queues),
          arrivals: faults.inject('arrivals', deps.arrivals),
          tenants: faults.inject('tenants', deps.tenants),
          webhookSender: faults.inject('webhookSender', deps.webhookSender),
        });
        world.clock.advance(5 * secondMs);
        await settle(world);
        const taken = new Map(world.sent.map((webhook) => [received(webhook).id, received(webhook).ids]));
        const all = ['a', 'b'].flatMap((prefix) => records(80, prefix));
        expect([...taken.values()].flat()).toEqual(all.map(({ id }) => id));
        expect(await subscription()).toMatchObject({ failures: 0, pending: undefined, lease: undefined });
        if (faults.steps.length <= step) break;
      }
    }
  });
});

describe('what is announced', () => {
  it('costs one read of subscriptions a minute, however many landings', async () => {
    const world = await createWorld();
    const faults = createFaults();
    const subscriptions = faults.inject('subscriptions', world.deps.subscriptions);
    const notify = createSetNotifier({ ...world.deps, subscriptions });
    await Promise.all(Array.from({ length: 5 }, () => notify()));
    world.clock.advance(59 * secondMs);
    await notify();
    expect(faults.steps).toEqual(['subscriptions.listOfSets']);
    world.clock.advance(secondMs);
    await notify();
    expect(faults.steps).toHaveLength(2);
  });

  it('notifies subscriptions whose tenants, and those of their key, may include its tenant, and no others', async () => {
    const world = await createWorld();
    const search = async (boundTo: string, tenants: string) => {
      const by = await world.boundTo(boundTo);
      return (await world.subscribeToSet({ tenants }, by))();
    };
    const wanting = [await search('*', '*'), await search('tag:gold', '*'), await search('*', adatumId)];
    wanting.push(await search(`${adatumId},tag:silver`, 'tag:gold'));
    for (const [boundTo, tenants] of [
      ['*', fabrikamId],
      [fabrikamId, '*'],
      [fabrikamId, 'tag:gold'],
    ] as const)
      await search(boundTo, tenants);
    await settle(world);
    const notify = createSetNotifier(world.deps);
    await notify(adatumId);
    const notified = world.queues.waiting.map(({ message }) => message.subscriptionId);
    expect(notified.sort()).toEqual(wanting.map(({ subscriptionId }) => subscriptionId).sort());
    await settle(world);
    await notify();
    expect(world.queues.waiting).toHaveLength(7);
  });

  it('sends a subscription few messages, at whatever pace landings arrive, and all are delivered', async () => {
    const ms = fc.integer({ min: 0, max: 7000 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(ms, fc.boolean()), { minLength: 1, maxLength: 40 }),
        async (landings) => {
          const world = await createWorld();
          await world.subscribeToSet();
          await settle(world);
          const faults = createFaults();
          const queues = faults.inject('queues', world.deps.queues);
          const notify = createSetNotifier({ ...world.deps, queues });
          const begun = world.clock.now().getTime();
          for (const [at, [pause, isHandled]] of landings.entries()) {
            world.clock.advance(pause);
            await world.ingest([record(`r${at}`)]);
            await notify(fabrikamId);
            if (isHandled) await world.drain();
          }
          const seconds = (world.clock.now().getTime() - begun) / secondMs;
          expect(faults.steps.length).toBeLessThanOrEqual(2 + seconds / 5);
          await settle(world);
          expect(idsIn(world.sent)).toEqual(landings.map((_, at) => guidOf(`r${at}`)));
        },
      ),
      { numRuns: 40 },
    );
  });

  it('is notified of again if a message could not be sent', async () => {
    const world = await createWorld();
    await world.subscribeToSet();
    await settle(world);
    const queues = failNext('queues.requestDelivery', new Error('away')).inject('queues', world.deps.queues);
    const notify = createSetNotifier({ ...world.deps, queues });
    await expect(notify()).rejects.toThrow('away');
    await notify();
    expect(world.queues.waiting).toHaveLength(1);
  });

  it('notifies after a read that failed', async () => {
    const world = await createWorld();
    await world.subscribeToSet();
    await settle(world);
    let isAway = true;
    const listOfSets = () =>
      isAway ? Promise.reject(new Error('away')) : world.deps.subscriptions.listOfSets();
    const notify = createSetNotifier({ ...world.deps, subscriptions: { listOfSets } });
    await expect(notify()).rejects.toThrow('away');
    isAway = false;
    await notify();
    expect(world.queues.waiting).toHaveLength(1);
  });

  it('is delivered although a host does not know yet that the subscription was created, or enabled', async () => {
    const world = await createWorld();
    const notify = createSetNotifier(world.deps);
    await notify();
    const subscription = await world.subscribeToSet();
    await world.drain();
    world.clock.advance(30 * secondMs);
    await world.ingest([record('a')]);
    await notify();
    await settle(world);
    expect(idsIn(world.sent)).toEqual([guidOf('a')]);
    await world.deps.subscriptions.update(await subscription(), { disabled: 'failing' });
    world.clock.advance(2 * minuteMs);
    await notify();
    await testSubscription(world.deps, await subscription());
    await world.drain();
    world.clock.advance(30 * secondMs);
    await world.ingest([record('b')]);
    await notify();
    await settle(world);
    expect(idsIn(world.sent)).toEqual([guidOf('a'), guidOf('b')]);
  });
});

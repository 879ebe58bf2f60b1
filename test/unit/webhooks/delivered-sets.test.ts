/** Deliveries to a subscription to several tenants, while tenants come, go, and change their tags, and hosts end. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { newApiKey } from '../../../shared/access/api-keys.ts';
import { callerWith } from '../../../shared/access/caller.ts';
import { contains } from '../../../shared/access/tenant-set.ts';
import { isManaged } from '../../../shared/tenants/managed.ts';
import { guidOf } from '../../support/feed-world.ts';
import { crashAt } from '../../support/faults.ts';
import { forgetTenant, tenantNamed } from '../../support/tenants.ts';
import { answered, createWebhookWorld, received } from '../../support/webhook-world.ts';

const ids = ['a', 'b', 'c', 'd'].map((letter) => `${letter}0000000-0000-4000-8000-000000000000`);
const some = ids.slice(1).join(',');

const happening = fc.record({
  what: fc.oneof(
    { weight: 6, arbitrary: fc.constant('land' as const) },
    { weight: 3, arbitrary: fc.constant('deliver' as const) },
    {
      weight: 9,
      arbitrary: fc.constantFrom(
        'landOnly',
        'fail',
        'register',
        'tag',
        'untag',
        'removing',
        'remove',
        'purge',
      ),
    },
  ),
  tenant: fc.nat(ids.length - 1),
  /** When a host ends in a delivery. */
  step: fc.nat(30),
  fault: fc.constantFrom('crashBefore', 'crashAfter'),
});

const story = fc.record({
  happenings: fc.array(happening, { minLength: 1, maxLength: 40 }),
  /** What the key is bound to, and what the subscription names. */
  sets: fc.constantFrom(
    ['*', '*'],
    ['*', 'tag:gold'],
    ['*', some],
    ['tag:gold', '*'],
    ['tag:gold', some],
    [some, '*'],
    [some, 'tag:gold'],
    [some, ids.slice(2).join(',')],
  ),
});
type Story = typeof story extends fc.Arbitrary<infer S> ? S : never;
type Happening = Story['happenings'][number];

async function createFollowed(sets: readonly string[]) {
  const [bound = '*', tenants = '*'] = sets;
  const world = await createWebhookWorld('timed');
  const store = world.deps.tenants;
  for (const tenantId of ids) await store.create(tenantNamed(tenantId, { tenantId }));
  const { key } = newApiKey({ name: 'Flow', tenants: bound, scopes: ['records.read'] }, world.clock.now());
  await world.keys.create(key);
  await world.subscribeToSet({ tenants }, callerWith(key.id, key));
  /** By `webhook-id`, as a receiver keeps them; failed attempts are not taken. */
  const taken = new Map<string, readonly string[]>();
  let isFailing = false;
  world.answerWith((webhook) => {
    if (isFailing) return answered(500);
    taken.set(received(webhook).id, received(webhook).ids);
    return answered(200);
  });
  const fail = async () => {
    isFailing = true;
    await world.drain();
    isFailing = false;
  };
  /** One host ends at a step; two others do the rest at the same time. */
  const deliver = async ({ step, fault }: Pick<Happening, 'step' | 'fault'>) => {
    const faults = crashAt(step, fault);
    const { deps, queues, clock } = world;
    await world.drain({
      subscriptions: faults.inject('subscriptions', deps.subscriptions),
      queues: faults.inject('queues', deps.queues),
      arrivals: faults.inject('arrivals', deps.arrivals),
      webhookSender: faults.inject('webhookSender', deps.webhookSender),
    });
    for (;;) {
      await Promise.all([world.drain(), world.drain()]);
      const next = queues.waiting[0];
      if (next === undefined) return;
      clock.set(next.at);
    }
  };
  const isMember = async (tenantId: string): Promise<boolean> => {
    const tenant = await store.get(tenantId);
    return isManaged(tenant) && sets.every((set) => contains(set, tenant));
  };
  return { ...world, store, taken, fail, deliver, isMember };
}

async function play({ happenings, sets }: Story) {
  const world = await createFollowed(sets);
  const { store } = world;
  /** What comes after the position of the subscription; some of it is not announced yet. */
  let waiting: readonly { readonly tenantId: string; readonly id: string; readonly isAnnounced: boolean }[] =
    [];
  const expected: string[] = [];
  let landed = 0;
  const land = () => ({ id: guidOf(`record ${++landed}`) });
  const deliverable = async (): Promise<readonly string[]> => {
    const found: string[] = [];
    for (const { id, tenantId, isAnnounced } of waiting)
      if (isAnnounced && (await world.isMember(tenantId))) found.push(id);
    return found;
  };
  const change = async (tenantId: string, changes: Parameters<typeof store.update>[1]) => {
    if (await store.get(tenantId)) await store.update(tenantId, changes);
  };
  const forget = (tenantId: string) => forgetTenant(store, tenantId);
  const actions: Readonly<Record<Happening['what'], (tenantId: string, how: Happening) => Promise<unknown>>> =
    {
      land: async (tenantId) => {
        const record = land();
        await world.publish([record], tenantId);
        waiting = [...waiting, { ...record, tenantId, isAnnounced: false }].map((one) =>
          one.tenantId === tenantId ? { ...one, isAnnounced: true } : one,
        );
      },
      // The host ends before it announces.
      landOnly: async (tenantId) => {
        const record = land();
        await world.indexOne(await world.land([record], tenantId));
        waiting = [...waiting, { ...record, tenantId, isAnnounced: false }];
      },
      // With nothing to send, no attempt fails, and what is not in the set is passed over.
      fail: async () => {
        if ((await deliverable()).length > 0) await world.fail();
      },
      deliver: async (_tenantId, how) => {
        expected.push(...(await deliverable()));
        await world.deliver(how);
        expect([...world.taken.values()].flat().sort()).toEqual([...expected].sort());
        waiting = waiting.filter(({ isAnnounced }) => !isAnnounced);
      },
      register: async (tenantId) => {
        await store.create(tenantNamed(tenantId, { tenantId }));
        await change(tenantId, { state: 'Active' });
      },
      tag: (tenantId) => change(tenantId, { tags: ['gold'] }),
      untag: (tenantId) => change(tenantId, { tags: [] }),
      removing: (tenantId) => change(tenantId, { state: 'Removing' }),
      remove: forget,
      purge: async (tenantId) => {
        await forget(tenantId);
        world.landings.purge(tenantId);
        world.arrivals.purge(tenantId);
        waiting = waiting.filter((one) => one.tenantId !== tenantId);
      },
    };
  const last: Happening = { what: 'deliver', tenant: 0, step: 0, fault: 'crashAfter' };
  // A subscription has nothing to deliver before something wakes it.
  const all = [...happenings, { ...last, what: 'land' as const }, last];
  for (const how of all) await actions[how.what](ids[how.tenant] ?? '', how);
}

it('are each record of each tenant in the set at that time, once, and none of others', async () => {
  await fc.assert(fc.asyncProperty(story, play), { numRuns: 60 });
});

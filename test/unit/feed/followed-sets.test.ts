/** A flow over a set of tenants, while tenants come, go, and change their tags, and hosts take turns. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import * as z from 'zod';
import type { TenantStore } from '../../../shared/tenants/tenant.ts';
import { guidOf } from '../../support/feed-world.ts';
import { forgetTenant, tenantNamed } from '../../support/tenants.ts';
import { createTriggerApi } from '../../support/trigger-api.ts';
import { createTriggerWorld } from '../../support/trigger-world.ts';

const ids = ['a', 'b', 'c', 'd'].map((letter) => `${letter}0000000-0000-4000-8000-000000000000`);

const happening = fc.record({
  what: fc.oneof(
    { weight: 6, arbitrary: fc.constant('land' as const) },
    { weight: 3, arbitrary: fc.constant('poll' as const) },
    { weight: 7, arbitrary: fc.constantFrom('landOnly', 'register', 'tag', 'untag', 'remove', 'purge') },
  ),
  tenant: fc.nat(ids.length - 1),
});

const story = fc.record({
  happenings: fc.array(happening, { minLength: 1, maxLength: 40 }),
  /** What the key is bound to, and what the flow names. */
  sets: fc.constantFrom(
    ['*', '*'],
    ['*', 'tag:gold'],
    ['*', ids.slice(1).join(',')],
    ['tag:gold', '*'],
    ['tag:gold', 'tag:gold'],
    [ids.slice(1).join(','), '*'],
    [ids.slice(1).join(','), 'tag:gold'],
    [ids.slice(1).join(','), ids.slice(2).join(',')],
  ),
  top: fc.integer({ min: 1, max: 3 }),
});
type Story = typeof story extends fc.Arbitrary<infer S> ? S : never;
type What = Story['happenings'][number]['what'];

const newRecords = z.object({ value: z.array(z.object({ id: z.string(), tenantId: z.string() })) });

interface Waiting {
  readonly tenantId: string;
  readonly id: string;
}

async function createFollower({ sets: [bound, set], top }: Story) {
  const world = await createTriggerWorld('timed');
  const { tenants } = world;
  const register = (tenantId: string) => tenants.create(tenantNamed(`Tenant ${tenantId}`, { tenantId }));
  for (const tenantId of ids) await register(tenantId);
  const { text: key } = await world.createKey(bound);
  /** Each time on another host, which remembers nothing. */
  const call = (address: string) =>
    createTriggerApi({ ...world.deps, keys: world.keys, tenants })(address, { key });
  const first = await call(`records-feed?start=beginning&top=${top}&tenants=${set}`);
  let address = first.headers.get('location') ?? '';
  /** Ids, to the end. */
  const follow = async (): Promise<readonly string[]> => {
    const seen: string[] = [];
    for (;;) {
      const answer = await call(address);
      expect([200, 202]).toContain(answer.status);
      if (answer.status === 200) seen.push(...newRecords.parse(answer.json).value.map(({ id }) => id));
      address = answer.headers.get('location') ?? '';
      if (answer.headers.get('retry-after') !== '1') return seen;
    }
  };
  return { ...world, register, follow };
}

async function isMember(tenants: TenantStore, sets: readonly string[], tenantId: string): Promise<boolean> {
  const tenant = await tenants.get(tenantId);
  const isIn = (set: string) =>
    set === '*' || set.includes(tenantId) || (set === 'tag:gold' && tenant?.tags?.includes('gold') === true);
  return tenant !== undefined && sets.every(isIn);
}

async function play(told: Story) {
  const world = await createFollower(told);
  const { tenants } = world;
  /** What is after the position of the flow; some of it is not announced yet. */
  let waiting: readonly (Waiting & { readonly isAnnounced: boolean })[] = [];
  let landed = 0;
  const land = () => ({ id: guidOf(`record ${++landed}`) });
  const poll = async () => {
    const expected: string[] = [];
    for (const { id, tenantId, isAnnounced } of waiting)
      if (isAnnounced && (await isMember(tenants, told.sets, tenantId))) expected.push(id);
    expect([...(await world.follow())].sort()).toEqual(expected.sort());
    waiting = waiting.filter(({ isAnnounced }) => !isAnnounced);
  };
  const actions: Readonly<Record<What, (tenantId: string) => Promise<unknown>>> = {
    land: async (tenantId) => {
      const record = land();
      await world.ingest([record], tenantId);
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
    poll,
    register: world.register,
    tag: async (tenantId) => {
      if (await tenants.get(tenantId)) await tenants.update(tenantId, { tags: ['gold'] });
    },
    untag: async (tenantId) => {
      if (await tenants.get(tenantId)) await tenants.update(tenantId, { tags: [] });
    },
    remove: (tenantId) => forgetTenant(tenants, tenantId),
    purge: async (tenantId) => {
      await forgetTenant(tenants, tenantId);
      world.landings.purge(tenantId);
      world.arrivals.purge(tenantId);
      waiting = waiting.filter((one) => one.tenantId !== tenantId);
    },
  };
  const isNamed = (tenantId: string) => told.sets[1].includes(tenantId);
  for (const { what, tenant } of told.happenings) {
    const tenantId = ids[tenant] ?? '';
    // Polls that name a tenant which is gone are refused.
    if ((what === 'remove' || what === 'purge') && isNamed(tenantId)) continue;
    await actions[what](tenantId);
  }
  await poll();
}

it('gets each record of each tenant that is in the set when it polls, once, and none of others', async () => {
  await fc.assert(fc.asyncProperty(story, play), { numRuns: 60 });
});

/** Hosts that index and end at any moment, purges, and readers, in any order of their steps. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createArrivalsWorld, unlessCrashed, type ArrivalsWorld } from './arrivals-world.ts';

const minuteMs = 60_000;

const one = (what: string, weight: number, tenants = 1, hosts = 1) => ({
  weight,
  arbitrary: fc.record({ what: fc.constant(what), tenant: fc.nat(tenants - 1), host: fc.nat(hosts - 1) }),
});

/** One thing that happens, at the same time as all others. */
const happening = fc.oneof(
  one('land', 6, 4, 3),
  one('poll', 2),
  one('begin', 1),
  one('purge', 1, 4),
  one('callBack', 1, 4, 4),
);

const story = fc.record({
  happenings: fc.array(happening, { minLength: 1, maxLength: 25 }),
  /** By how much the clock of each host is wrong, in milliseconds. */
  offsets: fc.array(fc.integer({ min: -minuteMs, max: minuteMs }), { minLength: 3, maxLength: 3 }),
  /** The steps at which one host after the other ends, before or after the step. */
  ends: fc.array(fc.tuple(fc.nat(6), fc.constantFrom('crashBefore', 'crashAfter')), { maxLength: 8 }),
});
type Story = typeof story extends fc.Arbitrary<infer S> ? S : never;

it('are seen once each, in the order of their tenant, by readers that poll at any moment', async () => {
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), story, async (scheduler, told) => {
      const world = createArrivalsWorld(() => scheduler.schedule(Promise.resolve()));
      const play = createPlay(world, told);
      await scheduler.waitFor(Promise.all(told.happenings.map(play.happen)));
      await scheduler.waitFor(play.conclude());
    }),
    { numRuns: 300 },
  );
});

function createPlay(world: ArrivalsWorld, { offsets, ends }: Story) {
  const waitingEnds = [...ends];
  const start = (at: number) => {
    const [step, fault] = waitingEnds.shift() ?? [];
    return world.startHost(offsets[at], (index) => (index === step ? fault : undefined));
  };
  const hosts = offsets.map((_, at) => start(at));
  const readers = [{ reader: world.fromBeginning(), missed: new Set<string>() }];
  const landings: { readonly tenantId: string; readonly id: string; isPurged: boolean }[] = [];
  const indexing = new Map<string, Set<Promise<void>>>();
  const removing = new Map<string, Promise<void>>();
  const indexingOf = (tenantId: string) => {
    const all = indexing.get(tenantId) ?? new Set();
    indexing.set(tenantId, all);
    return all;
  };
  /** The message is delivered again, to the host that was started in place of the one that ended. */
  const land = async (tenantId: string, at: number): Promise<void> => {
    const landing = await world.land(tenantId);
    while (removing.has(tenantId)) await removing.get(tenantId);
    landings.push({ tenantId, id: landing.ids[0] ?? '', isPurged: false });
    const index = async () => {
      for (;;) {
        const host = hosts[at % hosts.length];
        if (host === undefined) throw new Error('There is no such host.');
        if (await unlessCrashed(world.index(host, landing).then(() => true))) return;
        if (hosts[at] === host) hosts[at] = start(at);
      }
    };
    const done = index();
    indexingOf(tenantId).add(done);
    await done;
  };
  /** In rounds, until nothing is running that began before; the tenant is registered again afterwards. */
  const purge = async (tenantId: string): Promise<void> => {
    if (removing.has(tenantId)) return;
    const rounds = async () => {
      for (const landing of landings) if (landing.tenantId === tenantId) landing.isPurged = true;
      await deleteAll(tenantId);
      await Promise.all(indexingOf(tenantId));
      await deleteAll(tenantId);
      world.clock.advance(15 * minuteMs);
    };
    const done = rounds();
    removing.set(tenantId, done);
    await done;
    removing.delete(tenantId);
  };
  const deleteAll = async (tenantId: string, steps = 3) => {
    const all = [world.deleteClaims, world.log.purge, world.deleteLandings];
    for (const step of all.slice(0, steps)) {
      await world.deps.arrivals.arrivals(1, 1);
      step(tenantId);
    }
  };
  /** Nothing is indexed meanwhile, but the next landing follows at once. */
  const callBack = async (tenantId: string, steps: number): Promise<void> => {
    if (removing.has(tenantId)) return;
    const begun = async () => {
      await Promise.all(indexingOf(tenantId));
      for (const landing of landings) if (landing.tenantId === tenantId) landing.isPurged = true;
      await deleteAll(tenantId, steps);
    };
    const done = begun();
    removing.set(tenantId, done);
    await done;
    removing.delete(tenantId);
  };
  const begin = async () => {
    const reader = await world.fromNow();
    readers.push({ reader, missed: new Set(landings.flatMap(({ tenantId }) => world.idsInOrder(tenantId))) });
  };
  const happen = async ({ what, tenant, host }: Story['happenings'][number]): Promise<void> => {
    const tenantId = `tenant-${tenant}`;
    if (what === 'land') await land(tenantId, host);
    if (what === 'purge') await purge(tenantId);
    if (what === 'callBack') await callBack(tenantId, host);
    if (what === 'begin') await begin();
    if (what === 'poll') await Promise.all(readers.map(({ reader }) => pollOnce(reader)));
  };
  /** A reader polls once at a time. */
  const polling = new WeakSet<object>();
  const pollOnce = async (reader: (typeof readers)[number]['reader']) => {
    if (polling.has(reader)) return;
    polling.add(reader);
    await reader.poll();
    polling.delete(reader);
  };
  const conclude = async () => {
    const kept = landings.filter(({ isPurged }) => !isPurged);
    for (const { reader, missed } of readers) {
      const seen = await reader.toEnd();
      const expected = new Set(kept.map(({ id }) => id));
      const own = seen.filter((id) => expected.has(id));
      expect(new Set(own).size).toBe(own.length);
      expect(kept.filter(({ id }) => !missed.has(id) && !own.includes(id))).toEqual([]);
      expectOrder(own);
    }
  };
  const expectOrder = (seen: readonly string[]) => {
    for (const tenantId of new Set(landings.map((landing) => landing.tenantId))) {
      const numbered = world.idsInOrder(tenantId).filter((id) => seen.includes(id));
      expect(seen.filter((id) => numbered.includes(id))).toEqual(numbered);
    }
  };
  return { happen, conclude };
}

/** Pages of a set of tenants: exactly the merge of all their records, and bounded work for each page. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordFilters } from '../../../../shared/query/filters.ts';
import type { Order } from '../../../../shared/query/record-query.ts';
import { isOpened } from '../../../../shared/query/sets/set-position.ts';
import { guidOf } from '../../index/placed-records.ts';
import { createSetWorld, inOrder, now, pagesOf, shown, tenantIdOf, type MadeRecord } from './set-world.ts';

const orders = fc.constantFrom<Order[]>('desc', 'asc');
const users = ['ada', 'bo', 'cy'] as const;

/** Few moments, so that many records share one; the same IDs in several tenants. */
const made = fc.record({
  tenant: fc.nat(6),
  id: fc.nat(30),
  minute: fc.nat(4),
  month: fc.integer({ min: 1, max: 3 }),
  user: fc.constantFrom(...users),
});
type Made = typeof made extends fc.Arbitrary<infer T> ? T : never;

const records = fc.uniqueArray(made, { maxLength: 60, selector: ({ tenant, id }) => `${tenant} ${id}` });

function recordOf({ minute, month, ...rest }: Made): MadeRecord {
  return { ...rest, time: new Date(Date.UTC(2026, month - 1, 5, 9, minute)) };
}

const filtersOf = fc.constantFrom<RecordFilters>(
  {},
  { users: ['ada'] },
  { users: ['ada', 'cy'] },
  { text: 'bo' },
  { users: ['ada', 'bo'], text: 'ADA' },
  { from: new Date('2026-01-05T09:01:00Z'), to: new Date('2026-03-05T09:03:00Z') },
  { userType: [7] },
  { ids: Array.from({ length: 12 }, (_, at) => guidOf(at)) },
);

function isWanted(one: MadeRecord, { users: names, text, from, to, userType, ids }: RecordFilters): boolean {
  return [
    names === undefined || names.includes(one.user),
    text === undefined || one.user.includes(text.toLowerCase()),
    from === undefined || one.time >= from,
    to === undefined || one.time < to,
    userType === undefined,
    ids === undefined || ids.includes(guidOf(one.id)),
  ].every(Boolean);
}

const limits = fc.constantFrom(
  undefined,
  { ms: 0 },
  { scans: -1000 },
  { scans: 3, points: 1 },
  { comparisons: 1 },
);

describe('the pages of a set of tenants', () => {
  it('are the merge of the records of all tenants, each once, in both orders', async () => {
    await fc.assert(
      fc.asyncProperty(
        records,
        filtersOf,
        orders,
        fc.record({ top: fc.constantFrom(1, 3, 1000), rowsAtOnce: fc.constantFrom(1, 2, 1000), limits }),
        async (all, filters, order, { top, rowsAtOnce, limits: pageLimits }) => {
          const world = createSetWorld(7, { pageLimits, rowsAtOnce });
          const wanted = all.map(recordOf);
          for (const one of wanted) await world.add(one);
          const pages = await pagesOf(world, { filters, order, top, maxPages: 1000 });
          const merged = inOrder(wanted.filter((one) => isWanted(one, filters)));
          expect(shown(pages)).toEqual(order === 'asc' ? merged.toReversed() : merged);
          for (const page of pages) expect(page.records.length).toBeLessThanOrEqual(top);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('advance although tenants whose turn comes later spend the budget of each page', async () => {
    const world = createSetWorld(7, { pageLimits: { ms: 0 }, rowsAtOnce: 1 });
    const wanted = [
      { tenant: 5, id: 0, minute: 0, month: 2, user: 'cy' as const },
      { tenant: 0, id: 0, minute: 0, month: 2, user: 'ada' as const },
      { tenant: 5, id: 1, minute: 0, month: 1, user: 'ada' as const },
    ].map(recordOf);
    for (const one of wanted) await world.add(one);
    const pages = await pagesOf(world, { filters: { users: ['ada', 'cy'] }, top: 1, maxPages: 100 });
    expect(shown(pages)).toEqual(inOrder(wanted));
  });

  it.each([
    { order: 'desc', filters: { users: ['ada', 'cy'] }, pageLimits: { ms: 0 }, top: 1 },
    { order: 'asc', filters: {}, pageLimits: { scans: -1000 }, top: 3 },
  ] as const)(
    'advance although no page can find the next records of all tenants that have one of a moment, $order',
    async ({ pageLimits, ...query }) => {
      const world = createSetWorld(7, { pageLimits, rowsAtOnce: 1 });
      const wanted = [
        { tenant: 0, id: 19, minute: 3, month: 3, user: 'cy' as const },
        { tenant: 1, id: 27, minute: 3, month: 3, user: 'ada' as const },
        { tenant: 4, id: 9, minute: 3, month: 3, user: 'ada' as const },
        { tenant: 5, id: 4, minute: 3, month: 3, user: 'cy' as const },
        { tenant: 6, id: 7, minute: 3, month: 3, user: 'ada' as const },
      ].map(recordOf);
      for (const one of wanted) await world.add(one);
      const pages = await pagesOf(world, { ...query, maxPages: 300 });
      const merged = inOrder(wanted);
      expect(shown(pages)).toEqual(query.order === 'asc' ? merged.toReversed() : merged);
    },
  );

  it('lose nothing and repeat nothing when tenants leave between pages, and show nothing of these afterwards', async () => {
    await fc.assert(
      fc.asyncProperty(records, orders, fc.nat(6), fc.nat(8), async (all, order, leaver, at) => {
        const world = createSetWorld(7);
        const wanted = all.map(recordOf);
        for (const one of wanted) await world.add(one);
        let left = Number.POSITIVE_INFINITY;
        const pages = await pagesOf(world, {
          order,
          top: 3,
          between: (page) => {
            if (page === at + 1) left = world.remove(leaver).size * page;
          },
        });
        const before = shown(pages.slice(0, left));
        const gone = new Set(
          inOrder(wanted)
            .filter(({ tenantId }) => tenantId === tenantIdOf(leaver))
            .filter((one) => !before.some((two) => two.tenantId === one.tenantId && two.id === one.id))
            .map(({ id }) => id),
        );
        const merged = inOrder(wanted.filter(({ tenant, id }) => tenant !== leaver || !gone.has(guidOf(id))));
        expect(shown(pages)).toEqual(order === 'asc' ? merged.toReversed() : merged);
      }),
      { numRuns: 50 },
    );
  });

  it('leave out what is ingested after the first page, unless it is from before what is complete', async () => {
    const later = new Date(now.getTime() + 60_000);
    await fc.assert(
      fc.asyncProperty(records, orders, fc.array(made, { maxLength: 10 }), async (all, order, added) => {
        const completeThrough = new Date('2026-02-01T00:00:00Z');
        const world = createSetWorld(7, { completenessOf: () => ({ completeThrough }) });
        const wanted = all.map(recordOf);
        for (const one of wanted) await world.add(one);
        const arriving = added.map(recordOf).map((one, at) => ({ ...one, id: 100 + at, landedAt: later }));
        const pages = await pagesOf(world, {
          order,
          top: 3,
          between: async (page) => {
            if (page === 1) for (const one of arriving) await world.add(one);
          },
        });
        const seen = shown(pages);
        const early = new Set(inOrder(wanted).map(({ id, tenantId }) => `${id} ${tenantId}`));
        const mayAppear = new Set(
          inOrder(arriving.filter(({ time }) => time < completeThrough)).map(
            ({ id, tenantId }) => `${id} ${tenantId}`,
          ),
        );
        const keys = seen.map(({ id, tenantId }) => `${id} ${tenantId}`);
        expect(new Set(keys).size).toBe(keys.length);
        expect(keys.filter((one) => early.has(one))).toHaveLength(early.size);
        expect(keys.filter((one) => !early.has(one) && !mayAppear.has(one))).toEqual([]);
      }),
      { numRuns: 50 },
    );
  });

  it.each<Order>(['desc', 'asc'])(
    'leave out no record from before what they call complete in its own tenant, %s',
    async (order) => {
      const through = (tenant: number) => new Date(Date.UTC(2026, tenant + 1, 1));
      const world = createSetWorld(2, {
        completenessOf: (tenant) => ({ completeThrough: through(tenant) }),
      });
      const old = (id: number) => ({ tenant: 1, id, user: 'ada', time: new Date(Date.UTC(2026, 0, 1 + id)) });
      for (let id = 0; id < 4; id++) await world.add(old(id));
      await world.add({ ...old(4), time: new Date('2026-03-05T09:00:00Z') });
      // Another host indexed it before its tenant was opened; its clock is ahead of the one that took the snapshot.
      const landedAt = new Date(now.getTime() + 60_000);
      await world.add({ ...old(5), time: new Date('2026-02-15T09:00:00Z'), landedAt });
      const pages = await pagesOf(world, { order, top: 1 });
      const claims = pages.flatMap(({ tenants }) => tenants.map(({ claim }) => claim.completeThrough));
      expect(claims).toContainEqual(through(1));
      expect(shown(pages)).toContainEqual({ tenantId: tenantIdOf(1), id: guidOf(5) });
    },
  );

  it.each<Order>(['desc', 'asc'])(
    'end at what is complete in all tenants if that is requested, %s',
    async (order) => {
      const through = (tenant: number) => new Date(Date.UTC(2026, 2, 1, 10 + tenant));
      const world = createSetWorld(5, {
        completenessOf: (tenant) => ({ completeThrough: through(tenant) }),
      });
      const all = Array.from({ length: 60 }, (_, at) => ({
        ...{ tenant: at % 5, id: at, user: 'ada' },
        time: new Date(Date.UTC(2026, 2, 1, 9, at * 5)),
      }));
      for (const one of all) await world.add(one);
      const pages = await pagesOf(world, { order, top: 4, toComplete: true });
      const merged = inOrder(all.filter(({ time }) => time < through(0)));
      expect(shown(pages)).toEqual(order === 'asc' ? merged.toReversed() : merged);
      expect(pages.map(({ end }) => end)).toEqual(pages.map(() => through(0)));
    },
  );
});

describe('a set of 5,000 tenants', () => {
  const tenants = 5000;
  const opened = 200;

  async function largeWorld(recordsOf: (tenant: number) => readonly Date[]) {
    const world = createSetWorld(tenants);
    let id = 0;
    const all: MadeRecord[] = [];
    for (let tenant = 0; tenant < tenants; tenant++)
      for (const time of recordsOf(tenant)) all.push({ tenant, id: id++, time, user: 'ada' });
    for (const one of all) await world.add(one);
    return { world, all };
  }

  it.each<Order>(['desc', 'asc'])(
    'is opened 200 tenants a page, then read where its records are, %s',
    async (order) => {
      const at = (minutes: number) => new Date(Date.UTC(2026, 2, 1) + minutes * 60_000);
      // Every tenth has a record; one has many.
      const scansOfTenant = order === 'asc' ? 7 : 2;
      const { world, all } = await largeWorld((tenant) => {
        if (tenant === 77) return Array.from({ length: 400 }, (_, one) => at(one));
        return tenant % 10 === 0 ? [at(tenant)] : [];
      });
      const filters = { from: at(-1), to: at(100_000) };
      const counts: { scans: number; completeness: number }[] = [];
      const count = () => {
        counts.push({ ...world.counts });
        [world.counts.scans, world.counts.completeness] = [0, 0];
      };
      const pages = await pagesOf(world, { filters, order, top: 100, between: count });
      count();
      const merged = inOrder(all);
      expect(shown(pages)).toEqual(order === 'asc' ? merged.toReversed() : merged);
      const opening = pages.filter(({ position }) => !isOpened(position.places)).length;
      if (order === 'desc') expect(opening).toBe(tenants / opened - 1);
      // Oldest first, a tenant is searched in slices: the budget of a page ends before 200 are opened.
      if (order === 'asc') expect(opening).toBeLessThan((tenants * scansOfTenant) / (60 + 2 * opened));
      for (const [at, page] of pages.entries()) {
        const { scans = 0, completeness = 0 } = counts[at] ?? {};
        expect(scans).toBeLessThanOrEqual(60 + 2 * opened);
        expect(completeness).toBeLessThanOrEqual(opened);
        if (at < opening) expect(page.records).toEqual([]);
        if (at <= opening) continue;
        expect(completeness).toBe(0);
        const touched = new Set(page.records.map(({ tenantId }) => tenantId)).size;
        expect(scans).toBeLessThanOrEqual((touched + 16) * scansOfTenant);
        expect(page.tenants.length).toBe(touched);
      }
      for (const page of pages) expect(page.tenants.length).toBeLessThanOrEqual(opened + 100);
    },
    60_000,
  );
});

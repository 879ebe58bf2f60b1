/** Counts of a set of tenants: the parts add up to all of their records, with bounded work for each. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordFilters } from '../../../../shared/query/filters.ts';
import {
  countRecordsOfSet,
  type CountSetQuery,
  type SetCounts,
} from '../../../../shared/query/sets/count-records-of-set.ts';
import { isOpened } from '../../../../shared/query/sets/set-position.ts';
import { carried, createSetWorld, firstPosition, now, tenantIdOf, type SetWorld } from './set-world.ts';

interface Asked extends Partial<CountSetQuery> {
  readonly filters?: RecordFilters;
  readonly between?: (part: number) => Promise<void> | void;
}

async function partsOf(world: SetWorld, { between, ...asked }: Asked = {}) {
  const query = {
    filters: {},
    toComplete: false,
    groupBy: ['tenantId', 'user'],
    top: 1000,
    ...asked,
  } as const;
  const parts: SetCounts[] = [];
  for (let position = firstPosition(world); ;) {
    const part: SetCounts = await countRecordsOfSet(world.deps, query, position);
    parts.push(part);
    if (part.isLast) return parts;
    expect(parts.length, 'parts without an end').toBeLessThan(2000);
    await between?.(parts.length);
    position = carried(part.position);
  }
}

function summed(parts: readonly SetCounts[]): Readonly<Record<string, number>> {
  const all = new Map<string, number>();
  for (const { tenantId, user, count } of parts.flatMap(({ groups }) => groups)) {
    const key = `${String(tenantId)} ${String(user)}`;
    all.set(key, (all.get(key) ?? 0) + count);
  }
  return Object.fromEntries([...all].sort());
}

const made = fc.record({
  tenant: fc.nat(6),
  minute: fc.nat(4),
  month: fc.integer({ min: 1, max: 3 }),
  user: fc.constantFrom('ada', 'bo'),
});

function recordsOf(all: readonly { tenant: number; minute: number; month: number; user: string }[]) {
  return all.map(({ minute, month, ...rest }, id) => ({
    ...rest,
    id,
    time: new Date(Date.UTC(2026, month - 1, 5, 9, minute)),
  }));
}

function counted(all: readonly { tenant: number; user: string }[]): Readonly<Record<string, number>> {
  const keys = all.map(({ tenant, user }) => `${tenantIdOf(tenant)} ${user}`);
  return Object.fromEntries(
    [...new Set(keys)].sort().map((key) => [key, keys.filter((one) => one === key).length]),
  );
}

describe('counts of a set of tenants', () => {
  it('add up to all records, however small the budget of a page', async () => {
    const limits = fc.constantFrom(undefined, { ms: 0 }, { scans: -1000 }, { comparisons: 1 });
    const filters = fc.constantFrom<RecordFilters>({}, { users: ['ada', 'bo'] }, { users: ['bo'] });
    await fc.assert(
      fc.asyncProperty(
        fc.array(made, { maxLength: 40 }),
        fc.record({ limits, filters, rowsAtOnce: fc.constantFrom(1, 2, 1000) }),
        async (all, { limits: pageLimits, filters: wanted, rowsAtOnce }) => {
          const world = createSetWorld(7, { pageLimits, rowsAtOnce });
          const records = recordsOf(all);
          for (const one of records) await world.add(one);
          const parts = await partsOf(world, { filters: wanted });
          const matching = records.filter(({ user }) => wanted.users?.includes(user) ?? true);
          expect(summed(parts)).toEqual(counted(matching));
          expect(parts.reduce((sum, { total }) => sum + total, 0)).toBe(matching.length);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('leave out who was removed, and what was ingested later, unless it is from before what is complete', async () => {
    const world = createSetWorld(3, { rowsAtOnce: 1, pageLimits: { ms: 0 } });
    const at = (hour: number) => new Date(Date.UTC(2026, 2, 10, hour));
    const landedAt = new Date(now.getTime() + 60_000);
    const each = [9, 5, 4, 3];
    for (let tenant = 0; tenant < 3; tenant++)
      for (const hour of each)
        await world.add({ tenant, id: tenant * 20 + hour, user: 'ada', time: at(hour) });
    const parts = await partsOf(world, {
      between: async (part) => {
        if (part !== 1) return;
        world.remove(2);
        // Everything before 11:00 is complete.
        await world.add({ tenant: 1, id: 10, user: 'bo', time: at(8), landedAt });
        await world.add({ tenant: 1, id: 11, user: 'cy', time: at(12), landedAt });
      },
    });
    const left = parts.slice(1).flatMap(({ groups }) => groups.map(({ tenantId }) => tenantId));
    expect(left).not.toContain(tenantIdOf(2));
    const kept = Object.fromEntries(
      Object.entries(summed(parts)).filter(([key]) => !key.startsWith(tenantIdOf(2))),
    );
    const ada = [0, 1].flatMap((tenant) => each.map(() => ({ tenant, user: 'ada' })));
    expect(kept).toEqual(counted([...ada, { tenant: 1, user: 'bo' }]));
  });

  it('end at what is complete in all tenants if that is requested, once all were opened', async () => {
    const through = (tenant: number) => new Date(Date.UTC(2026, 2, 1, tenant === 250 ? 10 : 12));
    const world = createSetWorld(251, { completenessOf: (tenant) => ({ completeThrough: through(tenant) }) });
    for (let tenant = 0; tenant < 251; tenant++)
      for (const hour of [9, 11])
        await world.add({
          tenant,
          id: tenant * 2 + hour,
          user: 'ada',
          time: new Date(Date.UTC(2026, 2, 1, hour)),
        });
    const parts = await partsOf(world, { toComplete: true, groupBy: ['user'] });
    expect(parts[0]).toMatchObject({ total: 0, end: undefined });
    expect(parts.reduce((sum, { total }) => sum + total, 0)).toBe(251);
    expect(parts.slice(1).map(({ end }) => end)).toEqual(parts.slice(1).map(() => through(250)));
  });

  it('of 5,000 tenants open at most 200 a page, and claim nothing before the last are opened', async () => {
    const world = createSetWorld(5000);
    const filters = { from: new Date('2026-03-01T00:00:00Z'), to: new Date('2026-03-05T00:00:00Z') };
    const time = new Date('2026-03-02T00:00:00Z');
    for (let tenant = 0; tenant < 5000; tenant += 10)
      await world.add({ tenant, id: tenant, user: 'ada', time });
    const work: number[][] = [];
    const parts = await partsOf(world, {
      filters,
      between: () => {
        work.push([world.counts.scans, world.counts.completeness]);
        [world.counts.scans, world.counts.completeness] = [0, 0];
      },
    });
    expect(work).toEqual(Array.from({ length: 24 }, () => [200, 200]));
    expect(parts.map(({ position }) => isOpened(position.places))).toEqual([
      ...Array.from({ length: 24 }, () => false),
      true,
    ]);
    expect(parts.reduce((sum, { total }) => sum + total, 0)).toBe(500);
  });
});

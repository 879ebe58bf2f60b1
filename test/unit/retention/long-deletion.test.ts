/** A deletion that takes longer than a run, a day, or a month, and what changes meanwhile. */
import { describe, expect, it } from 'vitest';
import { applyRetention } from '../../../shared/retention/apply-retention.ts';
import type { OldClaims } from '../../../shared/retention/old-data.ts';
import { dayMs, hourMs, minuteMs, secondMs } from '../../support/clock.ts';
import { createFaults, failNext } from '../../support/faults.ts';
import { adatumId, fabrikamId } from '../../support/tenants.ts';
import { createRetentionWorld, keptFrom, keptOf, retention, type RetentionWorld } from './retention-world.ts';

/** Claims that take so many pages to read, each of which takes so long. */
function slowClaims(world: RetentionWorld, pages: number, pageMs: number) {
  const read: { readonly tenantId: string; readonly page: number; readonly before: Date }[] = [];
  const oldClaims: OldClaims = {
    async removeClaims(tenantId, before, next = '0') {
      world.clock.advance(pageMs);
      const page = Number(next);
      read.push({ tenantId, page, before });
      return await Promise.resolve({ rows: 0, next: page + 1 < pages ? String(page + 1) : undefined });
    },
  };
  const run = () => applyRetention({ ...world.depsOf(), oldClaims }, world.clock.startBudget(4 * minuteMs));
  return { read, run };
}

describe('claims that take more than a month to read', () => {
  it('are read to the end again and again, and nothing else waits for them', async () => {
    const world = await createRetentionWorld();
    // Four pages a day: 50 days.
    const { read, run } = slowClaims(world, 200, minuteMs);
    const ends: Date[] = [];
    for (let day = 0; day < 300; day++) {
      const since = world.clock.now().getTime();
      await run();
      const claimsFrom = (await world.progress())?.claimsFrom;
      if (claimsFrom !== undefined && claimsFrom.getTime() !== ends.at(-1)?.getTime()) ends.push(claimsFrom);
      world.clock.advance(dayMs - (world.clock.now().getTime() - since));
      if (day === 2) expect((await world.left()).days).toEqual(keptOf(world).days);
    }
    expect(ends[0]).toEqual(keptFrom);
    expect(ends.length).toBeGreaterThanOrEqual(5);
    expect(ends).toEqual(ends.toSorted((a, b) => a.getTime() - b.getTime()));
    // Every page follows the one before, whatever month it is.
    expect(read.map(({ page }) => page)).toEqual(read.map((_, at) => at % 200));
  });

  it('that become old meanwhile are deleted by the next reading at the latest', async () => {
    const world = await createRetentionWorld();
    await world.run();
    // A page an hour: the limit moves twice while all are read.
    for (let at = 0; at < 6; at++) {
      world.clock.advance(at === 0 ? dayMs : 15 * dayMs);
      const faults = createFaults((step) => {
        if (step === 'oldClaims.removeClaims') world.clock.advance(5 * minuteMs);
        return undefined;
      });
      for (let turn = 0; turn < 2; turn++) {
        await world.run(faults);
        world.clock.advance(dayMs);
      }
      const { claimsFrom = new Date(0) } = (await world.progress()) ?? {};
      const { claims } = await world.left();
      const kept = new Set(claims);
      expect(world.all.claims.filter((id) => kept.has(id) && world.timeOf(id) < claimsFrom)).toEqual([]);
    }
    for (let day = 0; day < 40; day++) {
      await world.run();
      world.clock.advance(hourMs);
    }
    expect((await world.left()).claims).toEqual(keptOf(world).claims);
  });
});

describe('a run', () => {
  it('gives every tenant its turns, however much the others have to delete', async () => {
    const world = await createRetentionWorld();
    await world.tenants.update(adatumId, { retention });
    const { read, run } = slowClaims(world, 1_000_000, secondMs);
    await run();
    world.clock.advance(dayMs);
    await run();
    const pages = (tenantId: string) => read.filter((one) => one.tenantId === tenantId).length;
    expect(pages(fabrikamId) + pages(adatumId)).toBeGreaterThan(230);
    expect(Math.abs(pages(fabrikamId) - pages(adatumId))).toBeLessThan(20);
    const before = read.length;
    world.clock.advance(hourMs);
    await run();
    expect(read.length - before).toBeGreaterThan(230);
  });

  it('ends early for a tenant that fails, not for the others', async () => {
    const world = await createRetentionWorld();
    await world.tenants.update(adatumId, { retention });
    await world.run();
    world.clock.advance(dayMs);
    const away = new Error('Storage is away.');
    await expect(world.run(failNext('index.dropMonth', away))).rejects.toMatchObject({ errors: [away] });
    const left = [await world.left(), await world.left(adatumId)];
    expect(left.filter(({ months }) => months[0] === '202512')).toHaveLength(1);
    await world.run();
    for (const tenantId of [fabrikamId, adatumId]) expect(await world.left(tenantId)).toEqual(keptOf(world));
  });

  it('that overlaps with another one comes to the same', async () => {
    const world = await createRetentionWorld();
    await world.run();
    world.clock.advance(dayMs);
    await Promise.all([world.run(), world.run()]);
    world.clock.advance(hourMs);
    await Promise.all([world.run(), world.run()]);
    expect(await world.left()).toEqual(keptOf(world));
    expect(await world.progress()).toMatchObject({ claimsFrom: keptFrom });
  });

  it('that is overtaken by another one, which read claims further, does not undo that', async () => {
    const world = await createRetentionWorld();
    await world.run();
    world.clock.advance(dayMs);
    const ahead = { claimsFrom: keptFrom, settledAt: world.clock.now() };
    const faults = createFaults((step) => {
      if (step === 'oldClaims.removeClaims')
        void world.tenants.update(fabrikamId, { retentionProgress: ahead });
      return undefined;
    });
    await world.run(faults);
    expect(await world.progress()).toEqual(ahead);
    expect(faults.steps.filter((step) => step === 'oldClaims.removeClaims')).toHaveLength(1);
  });

  it('saves how far it came, although polls change the tenant all the time', async () => {
    const world = await createRetentionWorld();
    await world.run();
    world.clock.advance(dayMs);
    let polls = 0;
    const faults = createFaults((step) => {
      const poll = { nextPollAt: world.clock.now(), quietPolls: ++polls };
      if (step === 'tenants.updateIfUnchanged' && polls % 3 !== 0)
        void world.tenants.update(fabrikamId, { poll });
      return undefined;
    });
    await world.run(faults);
    world.clock.advance(hourMs);
    await world.run();
    expect(await world.left()).toEqual(keptOf(world));
    expect(await world.progress()).toMatchObject({ claimsFrom: keptFrom });
  });
});

describe('a retention that becomes longer while claims are read', () => {
  it('deletes no younger claims, and once it is shorter again, all of them', async () => {
    const world = await createRetentionWorld();
    await world.run();
    world.clock.advance(dayMs);
    const slow = createFaults((step) => {
      if (step === 'oldClaims.removeClaims') world.clock.advance(4 * minuteMs);
      return undefined;
    });
    await world.run(slow);
    expect((await world.progress())?.pass).toMatchObject({ before: keptFrom });
    const { claims } = await world.left();
    await world.tenants.update(fabrikamId, { retention: { indexMonths: 6 } });
    await world.runTwice();
    const limit = new Date('2025-09-01T00:00:00.000Z');
    expect((await world.left()).claims).toEqual(claims.filter((id) => world.timeOf(id) >= limit));
    expect((await world.progress())?.claimsFrom).toEqual(limit);
    await world.tenants.update(fabrikamId, { retention });
    await world.run();
    expect((await world.left()).claims.length).toBeGreaterThan(keptOf(world).claims.length);
    world.clock.advance(dayMs);
    await world.run();
    expect((await world.left()).claims).toEqual(keptOf(world).claims);
  });
});

describe('records that were imported while the retention was longer', () => {
  it.each([
    ['after', false],
    ['while', true],
  ])('lose their claims with their rows, %s all older claims were read', async (_when, isReading) => {
    const world = await createRetentionWorld({ retention: { ...retention, indexMonths: 12, rawDays: 403 } });
    await world.runTwice();
    await world.tenants.update(fabrikamId, { retention });
    await world.runTwice();
    expect(await world.left()).toEqual(keptOf(world));
    await world.tenants.update(fabrikamId, { retention: { indexMonths: 6 } });
    world.clock.advance(dayMs);
    await world.runTwice();
    // Of October, which the longer retention keeps.
    await world.store(fabrikamId, 9);
    await world.tenants.update(fabrikamId, { retention });
    if (isReading) {
      const pass = { before: keptFrom, next: 'id-9' };
      await world.tenants.update(fabrikamId, { retentionProgress: { claimsFrom: keptFrom, pass } });
    }
    await world.run();
    expect((await world.left()).months[0]).toBe('202510');
    world.clock.advance(dayMs);
    await world.run();
    expect(await world.left()).toEqual(keptOf(world));
  });
});

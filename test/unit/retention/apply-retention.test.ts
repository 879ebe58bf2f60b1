/** What is deleted because a tenant's data is kept for a limited time, and in which order. */
import { describe, expect, it } from 'vitest';
import { applyRetention } from '../../../shared/retention/apply-retention.ts';
import { dayMs, hourMs, minuteMs } from '../../support/clock.ts';
import { crashAt, createFaults, failNext } from '../../support/faults.ts';
import { adatumId, fabrikamId } from '../../support/tenants.ts';
import { landingIdOf, rawBlobName } from '../../../shared/landing/landing-names.ts';
import { createRetentionWorld, keptFrom, keptOf, retention, times } from './retention-world.ts';

describe('the retention of a tenant', () => {
  it('is forever unless it or the settings say otherwise', async () => {
    const world = await createRetentionWorld({});
    await world.runTwice();
    expect(await world.left()).toEqual(world.all);
    expect(await world.retained()).toBeUndefined();
  });

  it('deletes older months, their claims, and older raw blobs, of this tenant only', async () => {
    const world = await createRetentionWorld();
    await world.runTwice();
    expect(await world.left()).toEqual(keptOf(world));
    expect(keptOf(world).months).toEqual(['202512', '202601', '202602', '202603']);
    expect(keptOf(world).days[0]).toBe('2025-11-15');
    expect(await world.left(adatumId)).toEqual(world.all);
    expect(await world.retained()).toMatchObject({ from: keptFrom });
    expect(await world.progress()).toEqual({ claimsFrom: keptFrom, settledAt: world.clock.now() });
  });

  it('is that of the settings for tenants that have none, and not for those that have', async () => {
    const world = await createRetentionWorld({ retention: {} });
    for (let day = 0; day < 2; day++) {
      await applyRetention(world.depsOf(createFaults(), retention), world.clock.startBudget(minuteMs));
      world.clock.advance(dayMs);
    }
    expect(await world.left()).toEqual(world.all);
    expect((await world.left(adatumId)).months).toEqual(keptOf(world).months);
  });

  it('without days for raw blobs deletes none of them', async () => {
    const world = await createRetentionWorld({ retention: { indexMonths: 3 } });
    await world.runTwice();
    expect(await world.left()).toEqual({ ...keptOf(world), days: world.all.days });
  });

  it('is said a day before anything is deleted, so that every host knows and an operator can take it back', async () => {
    const world = await createRetentionWorld();
    await world.run();
    expect(await world.retained()).toEqual({
      ...{ from: keptFrom, limit: keptFrom, decidedAt: world.clock.now() },
    });
    // Stays if the tenant is removed without its data and registered again.
    expect(await world.ledger.checkpoints(fabrikamId)).toMatchObject([{ retainedFrom: keptFrom }]);
    for (let hour = 1; hour < 23; hour++) {
      world.clock.advance(hourMs);
      await world.run();
      expect(await world.left()).toEqual(world.all);
    }
    world.clock.advance(hourMs);
    await world.run();
    expect(await world.left()).toEqual(keptOf(world));
  });

  it('says of raw blobs as well which days it deletes before it does, and never less', async () => {
    const [world, faults] = [await createRetentionWorld(), createFaults()];
    await world.runTwice(faults);
    const said = faults.steps.indexOf('tenants.updateIfUnchanged');
    expect(said).toBeLessThan(faults.steps.indexOf('rawRemoval.remove'));
    expect((await world.retained())?.rawFrom).toBe('2025-11-07');
    await world.tenants.update(fabrikamId, { retention: { indexMonths: 3, rawDays: 1000 } });
    world.clock.advance(31 * dayMs);
    await world.runTwice();
    expect((await world.retained())?.rawFrom).toBe('2025-11-07');
  });

  it('says nothing of raw blobs while the tenant is under legal hold', async () => {
    const world = await createRetentionWorld();
    await world.run();
    await world.hold();
    world.clock.advance(dayMs);
    await world.run();
    expect((await world.retained())?.rawFrom).toBeUndefined();
  });

  it('deletes rows, then raw blobs, then claims', async () => {
    const [world, faults] = [await createRetentionWorld(), createFaults()];
    await world.runTwice(faults);
    const kinds = faults.steps.filter((step) => /dropMonth|removeClaims|remove$/.test(step));
    expect([...new Set(kinds)]).toEqual(['index.dropMonth', 'rawRemoval.remove', 'oldClaims.removeClaims']);
    expect(kinds.lastIndexOf('index.dropMonth')).toBeLessThan(kinds.indexOf('rawRemoval.remove'));
    expect(kinds.lastIndexOf('rawRemoval.remove')).toBeLessThan(kinds.indexOf('oldClaims.removeClaims'));
  });

  it('costs eight requests in the first run of a day once it has deleted everything, and one in the others', async () => {
    const world = await createRetentionWorld();
    await world.runTwice();
    world.clock.advance(dayMs);
    const [first, second] = [createFaults(), createFaults()];
    await world.run(first);
    world.clock.advance(hourMs);
    await world.run(second);
    expect(first.steps).toEqual([
      ...['tenants.list', 'index.months'],
      ...['legalHolds.events', 'tenants.get', 'findings.removeBefore', 'rawNames.days'],
      ...['tenants.get', 'tenants.updateIfUnchanged'],
    ]);
    expect(second.steps).toEqual(['tenants.list']);
  });

  it('moves by a month, and never back', async () => {
    const world = await createRetentionWorld();
    await world.runTwice();
    await world.tenants.update(fabrikamId, { retention: { indexMonths: 6 } });
    world.clock.advance(31 * dayMs);
    await world.run();
    expect((await world.retained())?.from).toEqual(keptFrom);
    await world.tenants.update(fabrikamId, { retention });
    await world.runTwice();
    expect((await world.retained())?.from).toEqual(new Date('2026-01-01T00:00:00.000Z'));
    expect((await world.left()).months).toEqual(['202601', '202602', '202603']);
  });

  it('leaves what was announced while a longer one is set before it is deleted', async () => {
    const world = await createRetentionWorld();
    await world.run();
    await world.tenants.update(fabrikamId, { retention: { indexMonths: 6 } });
    world.clock.advance(dayMs);
    await world.runTwice();
    expect((await world.left()).months[0]).toBe('202509');
    expect((await world.retained())?.from).toEqual(keptFrom);
  });

  it.each([
    ['index.dropMonth', { retention: {} }],
    ['oldClaims.removeClaims', { retention: { indexMonths: 6 } }],
    ['rawRemoval.remove', { retention: { ...retention, rawDays: 1000 } }],
    ['index.dropMonth', { state: 'Removing' }],
  ] as const)('that changes during %s to %j lets nothing more be deleted', async (piece, changes) => {
    const world = await createRetentionWorld();
    await world.run();
    world.clock.advance(dayMs);
    const faults = createFaults((step, at) => {
      if (step === piece && !faults.steps.slice(0, at).includes(piece))
        void world.tenants.update(fabrikamId, changes);
      return undefined;
    });
    await world.run(faults);
    const later = faults.steps.slice(faults.steps.indexOf(piece) + 1);
    expect(faults.steps).toContain(piece);
    expect(later.filter((step) => /dropMonth|removeClaims|rawNames.names/.test(step))).toEqual([]);
  });

  it('is decided even though polls change the tenant after all were listed', async () => {
    const world = await createRetentionWorld();
    const poll = { nextPollAt: world.clock.now(), quietPolls: 1 };
    const faults = createFaults((step) => {
      if (step === 'legalHolds.events') void world.tenants.update(fabrikamId, { poll });
      return undefined;
    });
    await world.run(faults);
    expect((await world.retained())?.from).toEqual(keptFrom);
  });

  it('that became longer after all were listed decides nothing', async () => {
    const world = await createRetentionWorld();
    const faults = createFaults((step) => {
      if (step === 'legalHolds.events') void world.tenants.update(fabrikamId, { retention: {} });
      return undefined;
    });
    await world.run(faults);
    expect(await world.retained()).toBeUndefined();
    expect((await world.ledger.checkpoints(fabrikamId))[0]?.retainedFrom).toBeUndefined();
  });

  it('does not touch a tenant that is being removed', async () => {
    const world = await createRetentionWorld({ retention, state: 'Removing' });
    await world.runTwice();
    expect(await world.left()).toEqual(world.all);
  });

  it('leaves blobs that an immutability policy keeps, and reads no day after one that it keeps completely', async () => {
    const [world, faults] = [await createRetentionWorld(), createFaults()];
    world.raw.keep((name) => name > `tenant=${fabrikamId}/date=2025-03`);
    await world.runTwice(faults);
    expect((await world.left()).days[0]).toBe('2025-03-15');
    expect(faults.steps.filter((step) => step === 'rawNames.names')).toHaveLength(3);
    const [, , kept] = world.telemetry.of('retention.blobs.deleted');
    expect(kept).toEqual({ tenantId: fabrikamId, day: '2025-03-15', blobs: 0, retained: 1 });
  });
});

describe('within a budget', () => {
  it('it stops after a piece, and the next day continues where it stopped', async () => {
    const world = await createRetentionWorld();
    await world.run();
    const sizes: number[] = [];
    for (let day = 0; day < 60; day++) {
      world.clock.advance(dayMs);
      const budget = world.clock.startBudget(minuteMs);
      const faults = createFaults((step) => {
        // Everything but the first piece comes too late.
        if (/dropMonth|removeClaims|rawNames.names/.test(step)) world.clock.advance(minuteMs);
        return undefined;
      });
      await world.run(faults, budget);
      expect(
        faults.steps.filter((step) => /dropMonth|removeClaims|rawNames.names/.test(step)).length,
      ).toBeLessThan(2);
      const { months, claims, days } = await world.left();
      sizes.push(months.length + claims.length + days.length);
    }
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    expect((await world.left()).months).toEqual(['202602', '202603']);
  });

  it('no tenant keeps the others from their turns', async () => {
    const world = await createRetentionWorld();
    await world.tenants.update(adatumId, { retention });
    for (let day = 0; day < 2; day++) {
      const faults = createFaults((step) => {
        if (/updateIfUnchanged|dropMonth/.test(step)) world.clock.advance(minuteMs);
        return undefined;
      });
      await world.run(faults, world.clock.startBudget(minuteMs));
      world.clock.advance(dayMs);
    }
    expect([await world.retained(), await world.retained(adatumId)]).not.toContain(undefined);
  });
});

describe('a legal hold', () => {
  it('keeps everything, and nothing is said to be deleted', async () => {
    const world = await createRetentionWorld();
    await world.hold();
    await world.runTwice();
    expect(await world.left()).toEqual(world.all);
    expect(await world.retained()).toBeUndefined();
    await world.lift();
    await world.runTwice();
    expect(await world.left()).toEqual(keptOf(world));
  });

  it.each(['index.dropMonth', 'oldClaims.removeClaims', 'rawRemoval.remove'])(
    'that is placed during %s lets nothing more be deleted',
    async (piece) => {
      const world = await createRetentionWorld();
      await world.run();
      world.clock.advance(dayMs);
      const isHeld = { now: false };
      const faults = createFaults((step) => {
        if (step !== piece || isHeld.now) return undefined;
        isHeld.now = true;
        void world.hold();
        return undefined;
      });
      await world.run(faults);
      const later = faults.steps.slice(faults.steps.indexOf(piece) + 1);
      expect(later.filter((step) => /dropMonth|removeClaims|remove$/.test(step))).toEqual([]);
      const before = await world.left();
      await world.run();
      expect(await world.left()).toEqual(before);
      await world.lift();
      world.clock.advance(dayMs);
      await world.run();
      expect(await world.left()).toEqual(keptOf(world));
    },
  );

  it('that is placed while a day of many raw blobs is deleted keeps the rest of that day', async () => {
    const world = await createRetentionWorld();
    const [time = world.clock.now()] = times;
    const names = Array.from({ length: 1000 }, (_, part) =>
      rawBlobName(fabrikamId, time, landingIdOf(time, [], part + 1)),
    );
    for (const name of names) await world.raw.put(name, Buffer.from('{}'), {});
    await world.run();
    world.clock.advance(dayMs);
    const faults = createFaults((step) => {
      if (step === 'rawRemoval.remove' && faults.steps.filter((one) => one === step).length === 1)
        void world.hold();
      return undefined;
    });
    await world.run(faults);
    expect(faults.steps.filter((step) => step === 'rawRemoval.remove').length).toBeLessThanOrEqual(100);
    await world.lift();
    world.clock.advance(dayMs);
    await world.run();
    expect(await world.left()).toEqual(keptOf(world));
  });

  it('that cannot be read deletes nothing', async () => {
    const world = await createRetentionWorld();
    await world.run();
    world.clock.advance(dayMs);
    const away = failNext('legalHolds.events', new Error('Storage is away.'));
    await expect(world.run(away)).rejects.toThrow();
    expect(await world.left()).toEqual(world.all);
  });
});

describe('a crash', () => {
  it.each([
    ['in tables', false],
    ['in segments', true],
  ])(
    'at any step is made up for, and nothing is deleted that answers do not admit: %s',
    async (_where, compacted) => {
      const count = createFaults();
      const create = () => createRetentionWorld({ retention }, { compacted });
      await (await create()).runTwice(count);
      expect(count.steps.length).toBeGreaterThan(40);
      for (const fault of ['crashBefore', 'crashAfter'] as const) {
        for (let at = 0; at < count.steps.length; at++) {
          const world = await create();
          await world.runTwice(crashAt(at, fault)).catch(() => undefined);
          const { months } = await world.left();
          const from = (await world.retained())?.from;
          if (months.length < world.all.months.length) expect(from).toEqual(keptFrom);
          await world.run();
          expect(await world.left()).toEqual(keptOf(world));
        }
      }
    },
    60_000,
  );

  it('while it is decided deletes nothing', async () => {
    for (const fault of ['crashBefore', 'crashAfter'] as const) {
      for (let at = 0; at < 4; at++) {
        const world = await createRetentionWorld();
        await world.run(crashAt(at, fault)).catch(() => undefined);
        expect(await world.left()).toEqual(world.all);
        await world.runTwice();
        expect(await world.left()).toEqual(keptOf(world));
      }
    }
  });
});

/** Arrivals are deleted when no reader needs them anymore, and readers never miss one without being told. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ensureValid, oldestBeginning } from '../../../shared/feed/arrival-life.ts';
import { arrivalsEnd, atArrival, type ArrivalPosition } from '../../../shared/feed/arrival-sequence.ts';
import { expireArrivals } from '../../../shared/feed/expire-arrivals.ts';
import { readArrivals } from '../../../shared/feed/read-arrivals.ts';
import { dayMs, hourMs, minuteMs } from '../../support/clock.ts';
import { Crash, createFaults } from '../../support/faults.ts';
import { createArrivalsWorld } from './arrivals-world.ts';

function createWorld() {
  const world = createArrivalsWorld();
  const host = world.startHost();
  const waiting: ArrivalPosition[] = [];
  const subscriptions = { listOfSets: () => Promise.resolve(waiting.map((position) => ({ position }))) };
  const deps = {
    arrivals: world.log,
    subscriptions,
    telemetry: world.telemetry.telemetry,
    now: world.clock.now,
  };
  return {
    ...{ ...world, waiting },
    ingest: (tenantId = 'a') => world.ingest(host, tenantId),
    expire: (budget: AbortSignal = new AbortController().signal, changes: Partial<typeof deps> = {}) =>
      expireArrivals({ ...deps, ...changes }, budget),
    daysOld: () =>
      world.log.all().map(({ number }) => Math.floor((world.clock.now().getTime() - number) / dayMs)),
  };
}

describe('arrivals', () => {
  it('are deleted after 92 days, oldest first, and the report says how many rows that were', async () => {
    const { ingest, clock, expire, daysOld, telemetry } = createWorld();
    for (let day = 0; day < 100; day++) {
      await ingest();
      clock.advance(dayMs);
    }
    await expire();
    expect(daysOld()).toEqual(Array.from({ length: 91 }, (_, at) => 91 - at));
    expect(telemetry.of('retention.rows.purged')).toMatchObject([
      { kind: 'arrivals', rows: 18, finished: true },
    ]);
    await expire();
    expect(telemetry.of('retention.rows.purged')).toHaveLength(1);
  });

  it('that a webhook subscription has not delivered are kept, however old', async () => {
    const { ingest, clock, log, expire, waiting } = createWorld();
    for (let count = 0; count < 5; count++) await ingest();
    const [, , third] = log.all();
    waiting.push(atArrival(clock.now().getTime()), atArrival(third?.number ?? 0));
    clock.advance(400 * dayMs);
    await expire();
    expect(log.all()).toHaveLength(3);
    waiting.length = 0;
    await expire();
    expect(log.all()).toEqual([]);
  });

  it('are deleted in steps: a run that has no time left leaves the rest to the next one', async () => {
    const { ingest, clock, log, expire, telemetry } = createWorld();
    for (let count = 0; count < 25; count++) await ingest();
    clock.advance(93 * dayMs);
    const left = [];
    for (let run = 0; run < 3; run++) {
      await expire(AbortSignal.abort());
      left.push(log.all().length);
    }
    expect(left).toEqual([15, 5, 0]);
    expect(telemetry.of('retention.rows.purged')).toMatchObject([
      { rows: 20, finished: false },
      { rows: 20, finished: false },
      { rows: 10, finished: false },
    ]);
  });

  it('come to the same when runs end at any step, or two run at once', async () => {
    for (const end of ['crashBefore', 'crashAfter'] as const) {
      const { ingest, clock, log, expire } = createWorld();
      for (let count = 0; count < 25; count++) await ingest();
      clock.advance(93 * dayMs);
      await ingest();
      const arrivals = createFaults(() => end).inject('arrivals', log);
      await expect(expire(undefined, { arrivals })).rejects.toThrow(Crash);
      await Promise.all([expire(), expire()]);
      expect(log.all()).toHaveLength(1);
    }
  });
});

describe('a reader', () => {
  it('that waits for months while nothing arrives gets what arrives then', async () => {
    const world = createWorld();
    await world.ingest();
    let position = await arrivalsEnd(world.log, world.clock.now());
    const poll = async () => {
      const question = { filters: {}, limit: 10, belongs: () => Promise.resolve(true) };
      const batch = await readArrivals(world.deps, {
        ...question,
        position: ensureValid(position, world.clock.now()),
      });
      position = batch.position;
      return batch.records;
    };
    for (let month = 0; month < 12; month++) {
      world.clock.advance(30 * dayMs);
      await world.expire();
      expect(await poll()).toEqual([]);
    }
    const { ids } = await world.ingest();
    expect((await poll()).map(({ id }) => id)).toEqual(ids);
  });

  it('that was away for more than 90 days learns it, also if nothing is deleted yet', () => {
    const now = new Date('2027-01-01T00:00:00Z');
    const at = (days: number) => atArrival(now.getTime() - days * dayMs);
    expect(ensureValid(at(90), now)).toEqual(at(90));
    expect(() => ensureValid(at(90.001), now)).toThrow(
      expect.objectContaining({ status: 400, code: 'TriggerStateExpired' }),
    );
    expect(oldestBeginning(now)).toEqual(at(60));
  });

  const happening = fc.oneof(
    fc.record({ what: fc.constant('land'), days: fc.constant(0) }),
    fc.record({ what: fc.constant('wait'), days: fc.integer({ min: 1, max: 50 }) }),
    fc.record({ what: fc.constant('poll'), days: fc.constant(0) }),
    fc.record({ what: fc.constant('expire'), days: fc.constant(0) }),
  );

  it('sees each landing once, or learns that its position is too old, whenever arrivals are deleted', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { maxLength: 40 }), async (happenings) => {
        const world = createWorld();
        world.clock.advance(hourMs);
        const begin = async () => ({
          at: await arrivalsEnd(world.log, world.clock.now()),
          missed: [] as string[],
        });
        let reader = await begin();
        const poll = async () => {
          let valid: ArrivalPosition;
          try {
            valid = ensureValid(reader.at, world.clock.now());
          } catch {
            reader = await begin();
            return;
          }
          const batch = await readArrivals(world.deps, {
            ...{ filters: {}, limit: 1000, belongs: () => Promise.resolve(true) },
            position: valid,
          });
          expect(batch.records.map(({ id }) => id)).toEqual(reader.missed);
          reader = { at: batch.position, missed: [] };
        };
        for (const { what, days } of [...happenings, { what: 'poll', days: 0 }]) {
          world.clock.advance(days * dayMs + minuteMs);
          if (what === 'land') reader.missed.push(...(await world.ingest()).ids);
          else if (what === 'expire') await world.expire();
          else if (what === 'poll') await poll();
        }
      }),
      { numRuns: 200 },
    );
  });
});

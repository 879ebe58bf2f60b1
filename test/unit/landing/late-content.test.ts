/** Content that Microsoft lists late: found in bounded time, with few requests, and not claimed before. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../../shared/errors.ts';
import {
  faded,
  listedAges,
  settledThrough,
  withFound,
  type Lateness,
} from '../../../shared/landing/lateness.ts';
import { dayMs, hourMs, minuteMs, secondMs } from '../../support/clock.ts';
import { createFaults, failNext, crashAt } from '../../support/faults.ts';
import { sized } from '../../support/sizes.ts';
import { createLateWorld, hours, passTime, type LateWorld } from './late-world.ts';

async function checkpointOf({ ledger, tenant }: LateWorld) {
  const [checkpoint] = await ledger.checkpoints(tenant.tenantId);
  if (checkpoint === undefined) throw new Error('Nothing was listed.');
  return checkpoint;
}

async function latenessOf(world: LateWorld): Promise<Lateness | undefined> {
  return (await checkpointOf(world)).lateness;
}

/** Positions of found content, without what has faded. */
async function positions(world: LateWorld): Promise<readonly number[]> {
  const { counts = [] } = (await latenessOf(world)) ?? {};
  return counts.flatMap((count, position) => (count > 0.5 ? [position] : []));
}

describe('content that is listed late', () => {
  it.each([
    { late: '9 minutes', lateMs: 9 * minuteMs, withinMs: 15 * minuteMs, busy: true },
    { late: '40 minutes', lateMs: 40 * minuteMs, withinMs: hours(2.2), busy: true },
    { late: '2 hours', lateMs: hours(2), withinMs: hours(9.2), busy: true },
    { late: '5 hours', lateMs: hours(5), withinMs: hours(9.2), busy: false },
    { late: '17 hours', lateMs: hours(17), withinMs: hours(23.6), busy: true },
    { late: '17 hours, and hardly any', lateMs: hours(17), withinMs: hours(24.2), busy: false },
  ])('by $late is found without a reconciliation, in bounded time', async ({ lateMs, withinMs, busy }) => {
    const world = createLateWorld();
    await passTime(world, { ms: hourMs });
    const late = world.publishLate(lateMs);
    const publish = () => {
      if (busy) world.publishLate(0);
    };
    await passTime(world, { ms: withinMs }, publish);
    expect(await world.found()).toContain(late.contentId);
  });

  it('is counted by the age at which its time was listed when it was found', async () => {
    const world = createLateWorld();
    const busy = () => void world.publishLate(0);
    await passTime(world, { ms: hourMs }, busy);
    for (const lateMs of [0, 7 * minuteMs, 40 * minuteMs, hours(3), hours(12)]) world.publishLate(lateMs);
    await passTime(world, { ms: hours(25) }, busy);
    expect(await positions(world)).toEqual([0, 1, 2, 3, 4]);
    world.publishLate(hours(40));
    await passTime(world, { ms: hours(41) });
    await world.pollNow(createFaults(), { reason: 'reconcile' });
    expect(await positions(world)).toEqual([0, 1, 2, 3, 4, 5]);
  });
});

describe('content that Auditkeep lists late', () => {
  it.each(['first listing', 'outage', 'backlog', 'failed polls'])(
    'because of a %s, was not late',
    async (why) => {
      const world = createLateWorld();
      if (why !== 'first listing') await passTime(world, { ms: hourMs });
      for (let at = 0; at < 12; at++) {
        world.publishLate(0);
        world.clock.advance(20 * minuteMs);
        if (why === 'failed polls')
          await world.pollNow(failNext('ledger.advance', new Error('Storage is away.')));
      }
      if (why === 'backlog') world.feed.pageSize = 2;
      world.feed.beforeFetch(() => {
        if (why === 'backlog') world.clock.advance(25 * secondMs);
      });
      await passTime(world, { ms: hours(12) });
      expect((await world.found()).size).toBe(12);
      expect((await positions(world)).filter((position) => position > 0)).toEqual([]);
    },
  );

  it('because its subscription was stopped, was not late, nor is what the feed fills in afterwards', async () => {
    const world = createLateWorld();
    await passTime(world, { ms: hourMs });
    world.feed.stop('Audit.Exchange');
    world.publishLate(hours(3));
    await passTime(world, { ms: hours(10) });
    expect((await world.found()).size).toBe(1);
    expect(await positions(world)).toEqual([]);
  });

  it('is not counted in a tenant of an earlier release, until its first poll by this one', async () => {
    const world = createLateWorld();
    await world.ledger.advance(world.tenant.tenantId, {
      contentType: 'Audit.Exchange',
      listedThrough: world.clock.now(),
    });
    world.publishLate(2 * minuteMs);
    await passTime(world, { ms: hourMs });
    expect(await positions(world)).toEqual([]);
    const busy = () => void world.publishLate(0);
    await passTime(world, { ms: 20 * minuteMs }, busy);
    world.publishLate(7 * minuteMs);
    await passTime(world, { ms: hourMs }, busy);
    expect(await positions(world)).toEqual([0, 1]);
  });
});

describe('one delay', () => {
  it('changes neither what is listed again nor what is complete, however much it holds back', async () => {
    const world = createLateWorld();
    const publish = () => void world.publishLate(0);
    await passTime(world, { ms: dayMs }, publish);
    for (let at = 0; at < 300; at++) world.publishLate(hours(4));
    await passTime(world, { ms: dayMs }, publish);
    const checkpoint = await checkpointOf(world);
    expect(settledThrough(checkpoint)).toEqual({ through: checkpoint.listedThrough, position: 0 });
    // It is not concealed either.
    expect((await world.completeness()).confidence).toBeLessThan(0.7);
  });
});

describe('the history of a content type', () => {
  const start = new Date('2026-03-10T12:00:00Z');
  const after = (ms: number) => new Date(start.getTime() + ms);
  /** Three days in which a quarter of the content was found at an age of six hours. */
  function usuallyLate(): Lateness {
    let lateness: Lateness | undefined;
    for (let hour = -72; hour <= 0; hour++)
      lateness = withFound(lateness, [0, 0, 0, 3], after(hour * hourMs));
    if (lateness === undefined) throw new Error('Nothing was found.');
    return lateness;
  }
  const positionAt = (lateness: Lateness, now: Date) =>
    settledThrough({ listedThrough: now, lateness }).position;

  it('halves every four days, both its content and its delays', () => {
    const before = usuallyLate();
    const later = faded(before, after(4 * dayMs));
    expect(later.delays).toBeCloseTo(before.delays / 2);
    expect(later.counts).toHaveLength(before.counts.length);
    for (const [position, count] of before.counts.entries())
      expect(later.counts[position]).toBeCloseTo(count / 2);
    const added = withFound(before, [3], after(4 * dayMs));
    expect(added?.counts[3]).toBeCloseTo((before.counts[3] ?? 0) / 2 + 1);
    expect(added?.delays).toBeCloseTo(before.delays / 2 + 1);
  });

  it('holds nothing back three weeks after the last delay, if content was on time or there was none', () => {
    const before = usuallyLate();
    expect(positionAt(before, after(0))).toBe(3);
    expect(positionAt(before, after(3 * dayMs))).toBe(3);
    expect(positionAt(before, after(21 * dayMs))).toBe(0);
    let busy: Lateness | undefined = before;
    for (let hour = 1; hour <= 21 * 24; hour++) busy = withFound(busy, [0, 0, 0], after(hour * hourMs));
    expect(positionAt(busy ?? before, after(21 * dayMs))).toBe(0);
  });

  it('still holds back three weeks later if content is late as often as before', () => {
    let lateness: Lateness | undefined = usuallyLate();
    for (let hour = 1; hour <= 21 * 24; hour++)
      lateness = withFound(lateness, [0, 0, 0, 3], after(hour * hourMs));
    expect(positionAt(lateness ?? usuallyLate(), after(21 * dayMs))).toBe(3);
  });
});

describe('a tenant whose content is usually late', () => {
  it.each([
    { lateMs: 8 * minuteMs, position: 1, behindMs: 10 * minuteMs },
    { lateMs: 45 * minuteMs, position: 2, behindMs: hourMs },
    { lateMs: hours(4), position: 3, behindMs: hours(9.5) },
    { lateMs: hours(16), position: 3, behindMs: hours(9.5) },
  ])(
    'by $lateMs ms is complete that much later, but never by a day',
    async ({ lateMs, position, behindMs }) => {
      const world = createLateWorld();
      let count = 0;
      const publish = () => void world.publishLate(++count % 10 === 0 ? lateMs : 0);
      await passTime(world, { ms: hours(54) }, publish);
      const checkpoint = await checkpointOf(world);
      const settled = settledThrough(checkpoint);
      expect(settled.position).toBe(position);
      const behind = checkpoint.listedThrough.getTime() - settled.through.getTime();
      expect(behind).toBeGreaterThan(0);
      expect(behind).toBeLessThanOrEqual(behindMs + 5 * secondMs);
    },
  );

  it('is complete through what was found when it was passed, as often as its confidence says', async () => {
    const world = createLateWorld();
    const { ledger, tenant } = world;
    const anyDelay = fc.record({ percent: fc.nat(99), lateMs: fc.nat(hours(10)) });
    const delays = fc.sample(anyDelay, { numRuns: 12 * 24 * 5, seed: 7 });
    let [passed, missing, through] = [0, 0, new Date(0)];
    await passTime(world, { ms: 5 * dayMs }, async () => {
      const { percent = 99, lateMs = 0 } = delays[world.published.length] ?? {};
      world.publishLate(percent < 5 ? lateMs : 0);
      const { completeThrough = through } = await world.completeness();
      const contents = world.published
        .map(({ content }) => content)
        .filter(({ contentCreated: created }) => created >= through && created < completeThrough);
      if (completeThrough > through) through = completeThrough;
      // The history is short at first.
      if (world.published.length < 12 * 24 * 2) return;
      passed += contents.length;
      missing += contents.length - (await ledger.known(tenant.tenantId, contents)).size;
    });
    const { confidence = 0 } = await world.completeness();
    expect(passed).toBeGreaterThan(12 * 24 * 2);
    expect(confidence).toBeGreaterThan(0.95);
    expect(missing / passed).toBeLessThanOrEqual(1 - confidence);
  });
});

describe('the requests of a day', () => {
  /** After the first day, because nothing is due before. */
  async function requestsOf(isBusy: boolean) {
    const world = createLateWorld();
    const publish = () => {
      if (isBusy) world.publishLate(0);
    };
    await passTime(world, { ms: 2 * dayMs }, publish);
    const before = world.feed.listed.length;
    let polls = 0;
    await passTime(world, { ms: dayMs }, async () => {
      publish();
      if ((await world.stored()).poll.nextPollAt <= world.clock.now()) polls++;
    });
    return { lists: world.feed.listed.length - before, polls };
  }

  it('of a tenant without content are one for each poll, as if nothing was listed again', async () => {
    const { lists, polls } = await requestsOf(false);
    expect(polls).toBe(48);
    expect(lists).toBe(48);
  });

  it('of a tenant with new content in each poll are 37 more at most', async () => {
    const { lists, polls } = await requestsOf(true);
    expect(polls).toBe(288);
    expect(lists - polls).toBeGreaterThan(30);
    expect(lists - polls).toBeLessThanOrEqual(37);
  });

  it('do not include any to storage', async () => {
    const steps = async (isFirst: boolean) => {
      const world = createLateWorld();
      await passTime(world, { ms: isFirst ? 5 * minuteMs : hours(30) });
      world.clock.advance(hours(2));
      const faults = createFaults();
      await world.pollNow(faults);
      return faults.steps.toSorted();
    };
    expect(await steps(false)).toEqual(await steps(true));
  });
});

const throttled = new UpstreamError('pause', 'AF429', 'Too many requests.');

type Move =
  | { readonly kind: 'publish'; readonly lateMs: number }
  | { readonly kind: 'wait'; readonly ms: number }
  | {
      readonly kind: 'poll';
      readonly reconcile: boolean;
      /** A reconciliation begins here, as one that continues or fills a range does; null: with what the feed still has. */
      readonly sinceMs: number | null;
      readonly fault: number | null;
    }
  | { readonly kind: 'index' | 'stop' | 'throttle' };

const anyMove: fc.Arbitrary<Move> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('publish' as const),
      lateMs: fc.oneof(fc.constant(0), fc.nat(20 * minuteMs), fc.nat(30 * hourMs)),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('wait' as const),
      ms: fc.oneof(fc.nat(15 * minuteMs), fc.nat(5 * hourMs)),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant('poll' as const),
      reconcile: fc.boolean(),
      sinceMs: fc.option(fc.oneof(fc.nat(5 * hourMs), fc.nat(7 * dayMs)), { freq: 2 }),
      fault: fc.option(fc.nat(14), { freq: 1 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constantFrom('index' as const, 'index' as const, 'stop' as const, 'throttle' as const),
    }),
  },
);

function requestOf({ clock }: LateWorld, { reconcile, sinceMs }: Extract<Move, { kind: 'poll' }>) {
  if (!reconcile) return {};
  const since = sinceMs === null ? undefined : new Date(clock.now().getTime() - sinceMs).toISOString();
  return { reason: 'reconcile', since } as const;
}

/** A history that makes the tenant usually late, at one of the ages. */
async function withHistory(world: LateWorld, position: number): Promise<void> {
  await world.pollNow();
  const checkpoint = await checkpointOf(world);
  const counts = [90, 0, 0, 0, 0, 0].with(position, 100);
  const lateness = { counts, delays: 9, asOf: world.clock.now() };
  await world.ledger.advance(world.tenant.tenantId, { ...checkpoint, lateness });
}

/** Microsoft had listed it at an age at which its time was listed, before it counted as complete. */
async function expectTruth(world: LateWorld): Promise<void> {
  const checkpoint = await checkpointOf(world);
  const { completeThrough } = await world.completeness();
  const { position } = settledThrough(checkpoint);
  const foundAt = Math.max(listedAges[position] ?? 0, 0);
  const [found, gaps] = [await world.found(), await world.ledger.gaps(world.tenant.tenantId)];
  const missing = world.published.filter(({ content: { contentId, contentCreated }, lateMs }) => {
    const isClaimed = completeThrough !== undefined && contentCreated < completeThrough && lateMs <= foundAt;
    const isGap = gaps.some(({ window }) => contentCreated >= window.start && contentCreated < window.end);
    return isClaimed && !isGap && !found.has(contentId);
  });
  expect(missing).toEqual([]);
}

describe('whatever happens, completeThrough', () => {
  it('is never later than what was listed, at the ages that the history of the tenant requires', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(3),
        fc.array(anyMove, { maxLength: 40, size: 'max' }),
        async (position, moves) => {
          const world = createLateWorld();
          await withHistory(world, position);
          for (const move of moves) {
            world.clock.advance(secondMs);
            if (move.kind === 'poll') {
              const faults = move.fault === null ? createFaults() : crashAt(move.fault, 'crashAfter');
              await world.pollNow(faults, requestOf(world, move));
            } else if (move.kind === 'publish') world.publishLate(move.lateMs);
            else if (move.kind === 'wait') world.clock.advance(move.ms);
            else if (move.kind === 'index') await world.index();
            else if (move.kind === 'stop') world.feed.stop('Audit.Exchange');
            else world.feed.refuse('list', '*', throttled, 1);
            await expectTruth(world);
          }
        },
      ),
      { numRuns: sized(150, 3000) },
    );
  });
});

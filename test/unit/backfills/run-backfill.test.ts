/** What a backfill makes of Microsoft's log, however that behaves, and wherever the host is killed. */
import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../../shared/errors.ts';
import { backfillEffects } from '../../../shared/backfills/backfill-work.ts';
import { publicBackfill } from '../../../shared/backfills/public-backfill.ts';
import { cancelOperation } from '../../../shared/operations/end-operation.ts';
import { OperationInProgressError } from '../../../shared/operations/start-operation.ts';
import { dayMs, hourMs, minuteMs } from '../../support/clock.ts';
import { Crash, crashAt, createFaults } from '../../support/faults.ts';
import { guidOf } from '../index/placed-records.ts';
import {
  createBackfillWorld,
  daysAgo,
  now,
  recordAgo,
  tenantId,
  type BackfillWorld,
} from './backfill-world.ts';

/** One record every five hours, from three to thirty days ago: 130 records. */
const hours = Array.from({ length: 130 }, (_, at) => 3 * 24 + at * 5);
const ids = (ago: readonly number[]) => ago.map(guidOf).sort();

async function backfilled(world: BackfillWorld) {
  const { id } = await world.start();
  await world.settle();
  return await world.endOf(id);
}

const idsOf = async (world: BackfillWorld) => (await world.found()).map(({ id }) => id).sort();

describe('a backfill', () => {
  it('finds each record of its range once, as backfilled, and accounts for every row', async () => {
    const world = createBackfillWorld([...hours, 31 * 24]);
    const result = await backfilled(world);
    expect(result).toMatchObject({
      ...{ status: 'Succeeded', readCount: 130, landedCount: 130, addedCount: 130, duplicateCount: 0 },
      ...{ ranges: 3, rangesDone: 3, queryCount: 3, refused: [], unfinished: [] },
      searched: [{ fromDateTime: daysAgo(30).toISOString(), toDateTime: daysAgo(2).toISOString() }],
    });
    expect(await idsOf(world)).toEqual(ids(hours));
    expect(new Set((await world.found()).map(({ source }) => source))).toEqual(new Set(['backfill']));
  });

  it('has what the feed still has polled again, once, and leaves the rest of the range to it', async () => {
    const world = createBackfillWorld(hours);
    await backfilled(world);
    expect(world.queues.pollRequests).toEqual([
      { version: 1, tenantId, reason: 'reconcile', since: '2026-03-03T12:05:00.000Z' },
    ]);
    const older = createBackfillWorld(hours);
    await older.start({ to: daysAgo(8) });
    await older.settle();
    expect(older.queues.pollRequests).toEqual([]);
  });

  it('searches up to the first listing, or as far back as the feed goes if that was earlier', async () => {
    for (const [collected, end] of [
      [2, 2],
      [60, 7],
    ] as const) {
      const world = createBackfillWorld(hours, { collectedFrom: daysAgo(collected) });
      const { request } = await world.start();
      expect(request.searchTo).toEqual(daysAgo(end));
    }
  });

  it('searches what has just happened a day later, when it can be found, and the rest at once', async () => {
    const world = createBackfillWorld(hours, { collectedFrom: now });
    const { id } = await world.start();
    world.auditSearch.log([recordAgo(20), recordAgo(1)]);
    await world.step();
    expect(await world.endOf(id)).toMatchObject({ status: 'Running', rangesDone: 3, ranges: 4 });
    world.auditSearch.log([recordAgo(2)]);
    // The feed delivers late what happened before its first listing: that is new, and stays of the feed.
    await world.feed([recordAgo(1, { n: 'feed' })]);
    await world.settle();
    expect(world.clock.now()).toEqual(new Date(now.getTime() + dayMs + minuteMs / 6));
    expect(await world.endOf(id)).toMatchObject({ status: 'Succeeded', addedCount: 132, duplicateCount: 1 });
    const found = await world.found();
    expect(found.filter(({ source }) => source === 'feed').map((record) => record.id)).toEqual([guidOf(1)]);
  });

  it('takes what the feed has delivered for known, however Microsoft spells it', async () => {
    const world = createBackfillWorld(hours);
    const known = hours.slice(0, 40);
    await world.feed(known.map((ago) => recordAgo(ago, { Spelled: 'otherwise' })));
    expect(await backfilled(world)).toMatchObject({
      status: 'Succeeded',
      addedCount: 90,
      duplicateCount: 40,
    });
    expect(await idsOf(world)).toEqual(ids(hours));
  });

  it('twice finds nothing new', async () => {
    const world = createBackfillWorld(hours);
    await backfilled(world);
    expect(await backfilled(world)).toMatchObject({
      status: 'Succeeded',
      addedCount: 0,
      duplicateCount: 130,
    });
    expect(await idsOf(world)).toEqual(ids(hours));
  });

  it('counts apart what a retention deletes before it is indexed', async () => {
    const world = createBackfillWorld([100, 200, 300]);
    world.indexing.keptFrom = () => Promise.resolve(new Date(now.getTime() - 250 * hourMs));
    expect(await backfilled(world)).toMatchObject({
      ...{ status: 'Succeeded', landedCount: 3, addedCount: 2, duplicateCount: 0, pastRetentionCount: 1 },
    });
  });

  it('refuses rows that are not records of the tenant, and counts them', async () => {
    const world = createBackfillWorld(hours.slice(0, 5));
    world.auditSearch.log([recordAgo(200, { OrganizationId: guidOf(77) }), recordAgo(201, { UserId: '' })]);
    expect(await backfilled(world)).toMatchObject({
      ...{ status: 'Succeeded', readCount: 7, landedCount: 5, refusedCount: 2 },
      refused: [
        { reason: 'noUser', count: 1 },
        { reason: 'otherTenant', count: 1 },
      ],
    });
  });

  it('does not count a range as backfilled of which rows were refused, unless they are of other tenants', async () => {
    const world = createBackfillWorld(hours.slice(0, 5));
    world.auditSearch.log([
      recordAgo(25 * 24, { UserId: '' }),
      recordAgo(15 * 24, { OrganizationId: guidOf(77) }),
    ]);
    const { status, searched } = await backfilled(world);
    expect({ status, searched }).toEqual({
      status: 'Succeeded',
      searched: [{ fromDateTime: daysAgo(30).toISOString(), toDateTime: daysAgo(2).toISOString() }],
    });
    expect((await world.tenants.get(tenantId))?.backfilled).toEqual([
      { start: daysAgo(20), end: daysAgo(2) },
    ]);
  });

  it('counts as backfilled only what Microsoft still kept when it was read', async () => {
    const world = createBackfillWorld(hours);
    await world.start({ from: daysAgo(180) });
    world.clock.advance(3 * dayMs);
    await world.settle();
    const [first] = (await world.tenants.get(tenantId))?.backfilled ?? [];
    expect(first?.start.getTime()).toBeGreaterThanOrEqual(daysAgo(177).getTime());
  });

  it('is not news: nothing of it is in the feed', async () => {
    const world = createBackfillWorld(hours);
    await backfilled(world);
    expect(await world.landings.lastSequence(tenantId)).toBe(0);
  });

  it('waits for slow queries with a delayed message, ever longer, and says since when', async () => {
    const world = createBackfillWorld(hours, { runsMs: 40 * minuteMs });
    const { id } = await world.start();
    await world.step();
    expect(await world.endOf(id)).toMatchObject({
      ...{ status: 'Running', waitingSinceDateTime: now.toISOString() },
    });
    await world.settle();
    expect(await world.endOf(id)).toMatchObject({ status: 'Succeeded', addedCount: 130, queryCount: 3 });
    expect(world.queues.operations.length).toBeLessThan(30);
  });

  it('splits ranges in which Microsoft finds more than it shows', async () => {
    const world = createBackfillWorld(hours, { limit: 20 });
    expect(await backfilled(world)).toMatchObject({
      status: 'Succeeded',
      addedCount: 130,
      duplicateCount: 0,
    });
  });

  it('splits ranges whose records cannot be read to their end, and knows it of the next ones', async () => {
    const world = createBackfillWorld(hours, { failsAfter: 12, pageSize: 3 });
    const result = await backfilled(world);
    expect(result).toMatchObject({ status: 'Succeeded', addedCount: 130, unfinished: [] });
    // The three that were planned, and less than two for each dozen.
    expect(result.queryCount).toBeLessThan(3 + 2 * (130 / 12));
  });

  it('reads until two readings agree, as one alone may leave out records', async () => {
    const world = createBackfillWorld(hours, { unsteadyReads: 2 });
    expect(await backfilled(world)).toMatchObject({ status: 'Succeeded', addedCount: 130 });
    expect(await idsOf(world)).toEqual(ids(hours));
  });

  it('never calls a range searched whose readings never agree', async () => {
    const world = createBackfillWorld(hours, { unsteadyReads: 1000 });
    const result = await backfilled(world);
    expect(result).toMatchObject({ status: 'Failed', errorCode: 'BackfillIncomplete', searched: [] });
    expect(new Set(result.unfinished.map(({ reason }) => reason))).toEqual(new Set(['unsteady']));
    // What was found is there.
    expect(await idsOf(world)).toEqual(ids(hours));
  });

  it('makes another query for one that failed, and gives up a range whose queries all fail', async () => {
    const some = createBackfillWorld(hours, { failures: 2 });
    expect(await backfilled(some)).toMatchObject({ status: 'Succeeded', addedCount: 130, queryCount: 5 });
    const all = createBackfillWorld(hours, { failures: 10_000 });
    const result = await backfilled(all);
    expect(result).toMatchObject({ status: 'Failed', errorCode: 'BackfillIncomplete', searched: [] });
    expect(new Set(result.unfinished.map(({ reason }) => reason))).toEqual(new Set(['failed']));
    expect((await all.tenants.get(tenantId))?.backfilled).toEqual([]);
  });

  it('of more than Microsoft shows of a minute says so', async () => {
    const world = createBackfillWorld([], { limit: 2 });
    world.auditSearch.log([300, 301, 302].map((at) => recordAgo(200, { Id: guidOf(at) })));
    const result = await backfilled(world);
    expect(result).toMatchObject({ status: 'Failed', errorCode: 'BackfillIncomplete', addedCount: 2 });
    expect(result.unfinished).toHaveLength(1);
    expect(result.unfinished).toMatchObject([{ reason: 'cutShort' }]);
  });

  it('makes no more queries than it may', async () => {
    const world = createBackfillWorld(hours, { limit: 1 });
    world.deps.backfillLimits.queries = 40;
    const result = await backfilled(world);
    expect(result).toMatchObject({ status: 'Failed', errorCode: 'BackfillIncomplete' });
    expect(result.queryCount).toBeLessThanOrEqual(45);
    expect(result.unfinished.some(({ reason }) => reason === 'tooManyQueries')).toBe(true);
  });

  it('has no more queries at once than Microsoft takes', async () => {
    const world = createBackfillWorld(hours, { atOnce: 1, runsMs: 10 * minuteMs });
    expect(await backfilled(world)).toMatchObject({ status: 'Succeeded', addedCount: 130, queryCount: 3 });
  });

  it('waits while Microsoft is away, and fails after two days with what to do', async () => {
    for (const [hoursAway, status] of [
      [40, 'Succeeded'],
      [60, 'Failed'],
    ] as const) {
      const world = createBackfillWorld(hours);
      const { id } = await world.start();
      world.auditSearch.rules.refusal = new UpstreamError(
        'retry',
        'HTTP503',
        'Microsoft Graph answered 503.',
      );
      const back = createFaults(() => {
        const isBack = world.clock.now().getTime() - now.getTime() > hoursAway * hourMs;
        if (isBack) world.auditSearch.rules.refusal = undefined;
        return undefined;
      });
      await world.settle(back);
      const result = await world.endOf(id);
      expect([hoursAway, result.status]).toEqual([hoursAway, status]);
      if (status === 'Failed') expect(result.errorMessage).toContain('Start another backfill later.');
    }
  });

  it('fails at once when the permission was taken away, and says how to get it back', async () => {
    const world = createBackfillWorld(hours);
    const { id } = await world.start();
    const cure = 'Open a consent link.';
    world.auditSearch.rules.refusal = new UpstreamError('fail', 'Denied', 'It is not allowed.', { cure });
    await world.settle();
    expect(await world.endOf(id)).toMatchObject({
      ...{ status: 'Failed', errorCode: 'Denied' },
      errorMessage: 'It is not allowed. Open a consent link. Records that were found before are kept.',
    });
  });

  it('advances in every run, however small its budget', async () => {
    const world = createBackfillWorld(hours);
    const { id } = await world.start();
    await world.settle(createFaults(), 0);
    expect(await world.endOf(id)).toMatchObject({ status: 'Succeeded', addedCount: 130 });
  });

  it('is canceled at once, and what has landed stays', async () => {
    const world = createBackfillWorld(hours);
    const { id } = await world.start();
    const dying = createFaults((step) => (step === 'queues.requestIndexing' ? 'crashAfter' : undefined));
    await expect(world.settle(dying)).rejects.toThrow(Crash);
    const found = await world.backfills.get({ tenantId, id });
    if (found !== undefined) await cancelOperation(world.deps, backfillEffects(world.deps), found);
    await world.settle();
    expect(await world.endOf(id)).toMatchObject({ status: 'Canceled' });
    expect(world.raw.names()).toHaveLength(1);
  });

  it('that is canceled says at its own address what it has searched', async () => {
    const world = createBackfillWorld(hours);
    const { id } = await world.start();
    await world.settle();
    const found = await world.backfills.get({ tenantId, id });
    expect(found).toBeDefined();
    if (found === undefined) return;
    const canceled = { ...found, status: 'Canceled' as const };
    expect(publicBackfill(canceled)).toMatchObject({
      searched: [{ fromDateTime: daysAgo(30).toISOString(), toDateTime: daysAgo(2).toISOString() }],
    });
  });

  it('is one at a time in a tenant', async () => {
    const world = createBackfillWorld(hours);
    await world.start();
    await expect(world.start()).rejects.toThrow(OperationInProgressError);
  });
});

describe('a backfill is refused', () => {
  it.each([
    ['that ends before it begins', { from: daysAgo(3), to: daysAgo(3) }, 'from'],
    ['that ends in the future', { to: daysAgo(-1) }, 'to'],
    ['that begins more than a year ago', { from: daysAgo(400) }, 'from'],
  ])('%s', async (_what, wanted, target) => {
    const world = createBackfillWorld(hours);
    await expect(world.start(wanted)).rejects.toMatchObject({ status: 400, target });
    expect(world.queues.operations).toEqual([]);
  });

  it('of what the retention would delete at once, with what to do', async () => {
    const world = createBackfillWorld(hours);
    await world.tenants.update(tenantId, { retention: { indexMonths: 3 } });
    const started = world.start({ from: new Date('2025-11-30T23:59:59Z') });
    await expect(started).rejects.toMatchObject({ status: 400, target: 'from' });
    await expect(started).rejects.toThrow(/must be 2025-12-01T00:00:00.000Z or later: the retention/);
    await world.start({ from: new Date('2025-12-01T00:00:00Z') });
  });

  it('without the permission, with what to do', async () => {
    const world = createBackfillWorld(hours);
    const cure = 'Open a consent link.';
    world.auditSearch.rules.refusal = new UpstreamError('fail', 'Denied', 'It is not allowed.', { cure });
    await expect(world.start()).rejects.toMatchObject({
      ...{ status: 409, code: 'BackfillNotPermitted', message: 'It is not allowed. Open a consent link.' },
    });
    // The feed needs no such permission.
    world.auditSearch.rules.refusal = undefined;
    await world.start({ from: daysAgo(1) });
  });

  it('before the first listing', async () => {
    const world = createBackfillWorld(hours);
    const tenant = await world.tenants.get(tenantId);
    if (tenant === undefined) throw new Error('The tenant does not exist.');
    world.listed = () => Promise.resolve();
    await expect(world.start()).rejects.toMatchObject({ status: 409, code: 'CollectionNotStarted' });
  });
});

const few = hours.slice(0, 7);

/** Few records, all that can happen: a split, a failed query, and an unsteady reading. */
const eventful = () =>
  createBackfillWorld(few, { failures: 1, failsAfter: 6, unsteadyReads: 1, pageSize: 3 });

async function seenIn(world: BackfillWorld, id: string) {
  const { status, addedCount, searched, unfinished } = await world.endOf(id);
  const { backfilled: known } = (await world.tenants.get(tenantId)) ?? {};
  return { status, addedCount, searched, unfinished, known, ids: await idsOf(world) };
}

describe('a backfill that is killed', () => {
  it('between any two steps comes to the same, and makes no query twice', async () => {
    const wanted = { from: daysAgo(5) };
    const whole = createFaults();
    const calm = eventful();
    const { id: calmId } = await calm.start(wanted);
    await calm.settle(whole);
    const expected = await seenIn(calm, calmId);
    expect(expected).toMatchObject({ status: 'Succeeded', addedCount: 7, ids: ids(few) });
    expect(whole.steps.length).toBeGreaterThan(60);
    for (const fault of ['crashBefore', 'crashAfter'] as const) {
      for (let step = 0; step < whole.steps.length; step++) {
        const world = eventful();
        const { id } = await world.start(wanted);
        await expect(world.settle(crashAt(step, fault))).rejects.toThrow(Crash);
        // Later than the landing that was begun.
        world.clock.advance(minuteMs);
        await world.indexAll();
        await world.settle();
        expect([step, fault, await seenIn(world, id)]).toEqual([step, fault, expected]);
        const names = world.auditSearch.queries.map(({ name }) => name);
        expect([step, fault, new Set(names).size]).toEqual([step, fault, names.length]);
      }
    }
  });
});

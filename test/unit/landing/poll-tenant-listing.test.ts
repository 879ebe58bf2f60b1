import { setImmediate } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import { oldestListable } from '../../../shared/activity/windows.ts';
import { UpstreamError } from '../../../shared/errors.ts';
import { dayMs, hourMs, minuteMs, secondMs } from '../../support/clock.ts';
import { contentNamed } from '../../support/content.ts';
import { pageOf } from '../../support/fakes/activity-feed.ts';
import { Crash, createFaults } from '../../support/faults.ts';
import { markingStops } from '../../../shared/landing/feed-stops.ts';
import { pollTenant } from '../../../shared/landing/poll-tenant.ts';
import { createPollWorld, type PollWorld } from '../../support/poll-world.ts';

const throttled = new UpstreamError('pause', 'AF429', 'Too many requests.');

async function checkpointsOf({ ledger, tenant }: PollWorld): Promise<Record<string, Date>> {
  const checkpoints = await ledger.checkpoints(tenant.tenantId);
  return Object.fromEntries(checkpoints.map((each) => [each.contentType, each.listedThrough]));
}

describe('a listing', () => {
  it.each([1, 10, 11, 12, 15, 20, 22, 199, 200, 201])(
    'of %i content blobs is landed completely',
    async (count) => {
      const world = createPollWorld();
      for (let at = 0; at < count; at++) world.publish(`blob-${at}`, { records: 1, ago: hourMs + at });
      expect(await world.poll()).toMatchObject({ contentBlobs: count, records: count });
      expect(new Set(world.requestedLines()).size).toBe(count);
    },
  );

  it('of content with the same creation time leaves none out, now or later', async () => {
    const world = createPollWorld();
    for (let at = 0; at < 5; at++) world.publish(`early-${at}`, { ago: minuteMs });
    await world.poll();
    for (let at = 0; at < 5; at++) world.publish(`late-${at}`, { ago: minuteMs });
    await world.poll();
    expect(new Set(world.requestedLines()).size).toBe(30);
  });
});

describe('a content type that cannot be listed', () => {
  it('is always retried, however often it fails', async () => {
    const world = createPollWorld();
    world.publish('first');
    const error = new UpstreamError('retry', 'AF50000', 'It failed.');
    world.feed.refuse('list', 'Audit.Exchange', error);
    for (let poll = 0; poll < 10; poll++) {
      await world.poll();
      world.clock.advance(10 * minuteMs);
    }
    expect(await checkpointsOf(world)).toEqual({});
    world.feed.relent();
    expect(await world.poll()).toMatchObject({ contentBlobs: 1, gaps: 0 });
  });

  it('keeps its own checkpoint and does not stop other types', async () => {
    const world = createPollWorld({ contentTypes: ['Audit.Exchange', 'Audit.SharePoint'] });
    await world.poll();
    const before = await checkpointsOf(world);
    world.clock.advance(hourMs);
    world.publish('site', { type: 'Audit.SharePoint', ago: 10 * minuteMs });
    const error = new UpstreamError('retry', 'AF50000', 'It failed.');
    world.feed.refuse('list', 'Audit.Exchange', error);
    const outcome = await world.poll();
    expect(outcome.errors).toEqual(new Map([['Audit.Exchange', error]]));
    expect(outcome.contentBlobs).toBe(1);
    const after = await checkpointsOf(world);
    expect(after['Audit.Exchange']).toEqual(before['Audit.Exchange']);
    expect(after['Audit.SharePoint']).toEqual(new Date(world.clock.now().getTime() - 5 * secondMs));
  });

  it('keeps what was listed before a later page failed, and lists the slice again', async () => {
    const world = createPollWorld();
    world.feed.pageSize = 1;
    world.publish('first', { ago: 2 * hourMs });
    world.publish('second', { ago: hourMs });
    let seen = 0;
    world.feed.reshape(async function* (pages) {
      for await (const page of pages) {
        seen += page.contents.length;
        if (seen === 2) throw new UpstreamError('retry', 'AF20031', 'No such page.');
        yield page;
      }
    });
    await world.poll();
    expect(world.requestedLines()).toHaveLength(3);
    const before = await checkpointsOf(world);
    expect(before['Audit.Exchange']?.getTime()).toBeLessThan(world.clock.now().getTime() - 2 * hourMs);
    await world.poll();
    expect(world.feed.fetched).toHaveLength(2);
  });

  it('is subscribed to again, once, if its subscription is missing', async () => {
    const world = createPollWorld();
    world.publish('first');
    world.feed.stop('Audit.Exchange');
    expect(await world.poll()).toMatchObject({ contentBlobs: 1, errors: new Map() });
    expect(world.feed.started).toEqual(['Audit.Exchange']);
  });

  it('reports the error if a new subscription is refused', async () => {
    const world = createPollWorld();
    world.feed.stop('Audit.Exchange');
    const error = new UpstreamError('waitForAuditing', 'TenantDoesNotExist', 'Switch it on.');
    world.feed.refuse('start', 'Audit.Exchange', error);
    const outcome = await world.poll();
    expect(outcome.errors).toEqual(new Map([['Audit.Exchange', error]]));
    expect(await checkpointsOf(world)).toEqual({});
  });
});

describe('a content type that is listed for the first time', () => {
  it('is collected from then on, whatever the feed still had, and keeps that moment', async () => {
    const world = createPollWorld();
    world.publish('early', { ago: 3 * dayMs });
    const collectedFrom = world.clock.now();
    for (let poll = 0; poll < 3; poll++) {
      await world.poll({ reconcile: poll === 1 });
      expect(await world.ledger.checkpoints(world.tenant.tenantId)).toMatchObject([{ collectedFrom }]);
      world.clock.advance(hourMs);
    }
  });

  it('is not collected from a moment in the future, once a clock that was wrong is right', async () => {
    const world = createPollWorld();
    const future = new Date(world.clock.now().getTime() + 365 * dayMs);
    const checkpoint = {
      contentType: 'Audit.Exchange',
      listedThrough: future,
      collectedFrom: future,
    } as const;
    await world.ledger.advance(world.tenant.tenantId, checkpoint);
    await world.poll();
    const [repaired] = await world.ledger.checkpoints(world.tenant.tenantId);
    expect(repaired?.collectedFrom).toEqual(world.clock.now());
  });

  it('has no such moment if an earlier release listed it: no one knows', async () => {
    const world = createPollWorld();
    const listedThrough = world.clock.now();
    await world.ledger.advance(world.tenant.tenantId, { contentType: 'Audit.Exchange', listedThrough });
    world.clock.advance(hourMs);
    await world.poll();
    const [checkpoint] = await world.ledger.checkpoints(world.tenant.tenantId);
    expect(checkpoint?.listedThrough.getTime()).toBeGreaterThan(listedThrough.getTime());
    expect(checkpoint?.collectedFrom).toBeUndefined();
  });
});

describe('a feed that was stopped since it was last listed', () => {
  const stopped = new UpstreamError('startSubscription', 'AF20023', 'It is disabled.');
  const auditingOff = new UpstreamError('waitForAuditing', 'AF20011', 'Auditing is off.');

  /** Listed, then stopped. */
  async function createStopped({ error = stopped, waitMs = hourMs, polls = 1 } = {}) {
    const world = createPollWorld();
    await world.poll();
    const start = (await checkpointsOf(world))['Audit.Exchange'];
    world.clock.advance(waitMs);
    world.feed.refuse('list', 'Audit.Exchange', error, polls);
    const gaps = () => world.ledger.gaps(world.tenant.tenantId);
    const gap = (end = world.clock.now()) => ({
      ...{ contentType: 'Audit.Exchange', reason: 'feedStopped', code: error.code },
      ...{ window: { start, end }, recordedAt: end },
    });
    return { ...world, gap, gaps };
  }

  it('has a gap until the poll that starts it, and no other later', async () => {
    const world = await createStopped();
    const gap = world.gap();
    expect(await world.poll()).toMatchObject({ gaps: 1 });
    world.clock.advance(hourMs);
    expect(await world.poll()).toMatchObject({ gaps: 0 });
    expect(await world.gaps()).toEqual([gap]);
    expect(world.telemetry.of('landing.gap.recorded')).toHaveLength(1);
  });

  it.each([1, 8])('has a gap until it is listed again, after %s days without auditing', async (days) => {
    const world = await createStopped({ error: auditingOff, polls: days });
    for (let day = 0; day < days; day++) {
      expect(await world.poll()).toMatchObject({ gaps: 0 });
      world.clock.advance(dayMs);
    }
    await world.poll();
    const gap = world.gap();
    world.clock.advance(hourMs);
    await world.poll();
    expect(await world.gaps()).toEqual([gap]);
    expect(world.telemetry.of('landing.gap.recorded')).toHaveLength(1);
  });

  it.each([hourMs, 9 * dayMs])(
    'has its gap even if the host is killed before it starts it or after, %s ms later',
    async (waitMs) => {
      for (const fault of ['crashBefore', 'crashAfter'] as const) {
        const world = await createStopped({ waitMs });
        const faults = createFaults((step) => (step === 'feed.startSubscription' ? fault : undefined));
        const dying = faults.inject('feed', world.feed);
        const starting = { ...world.feed, startSubscription: dying.startSubscription.bind(dying) };
        const feed = markingStops(starting, world.ledger);
        const deps = { ...world.depsOf(faults), feed };
        const budget = world.clock.startBudget(hourMs);
        await expect(pollTenant(deps, world.tenant, { budget })).rejects.toThrow(Crash);
        world.clock.advance(hourMs);
        await world.poll();
        expect(await world.gaps()).toEqual([world.gap()]);
      }
    },
  );

  it('has a gap if not a poll but someone else started it', async () => {
    const world = await createStopped();
    world.feed.relent();
    await markingStops(world.feed, world.ledger).startSubscription(world.tenant, 'Audit.Exchange');
    await world.poll();
    expect(await world.gaps()).toEqual([world.gap()]);
  });

  /** Listed, then three days of outage: the next poll lists more than one slice. */
  async function createBehind() {
    const world = createPollWorld();
    await world.poll();
    world.clock.advance(3 * dayMs);
    return { ...world, gaps: () => world.ledger.gaps(world.tenant.tenantId) };
  }

  it.each(['AF20023', 'AF20011'])(
    'has a gap since the slice before, if the same poll listed that: %s',
    async (code) => {
      const world = await createBehind();
      const error = code === 'AF20011' ? auditingOff : stopped;
      const start = world.clock.now();
      let slices = 0;
      world.feed.reshape(async function* (pages) {
        yield* pages;
        world.clock.advance(minuteMs);
        if (++slices === 2) world.feed.refuse('list', 'Audit.Exchange', error, 1);
      });
      await world.poll();
      world.feed.reshape((pages) => pages);
      world.clock.advance(hourMs);
      await world.poll();
      const gaps = await world.gaps();
      expect(gaps).toMatchObject([{ reason: 'feedStopped', code: error.code }]);
      const [window] = gaps.map((gap) => gap.window);
      // The second slice was requested a minute after the first one.
      expect(window?.start).toEqual(new Date(start.getTime() + minuteMs));
    },
  );

  it.each([-40 * minuteMs, 40 * minuteMs])(
    'has a gap that ends by the clock of Microsoft if that of the host is off by %s ms',
    async (offMs) => {
      const world = createPollWorld();
      const listedAt = world.clock.now();
      await world.poll();
      const start = (await checkpointsOf(world))['Audit.Exchange'];
      world.clock.advance(10 * minuteMs + offMs);
      world.feed.microsoftNow = () => new Date(world.clock.now().getTime() - offMs);
      world.feed.refuse('list', 'Audit.Exchange', stopped, 1);
      await world.poll();
      // The last second in which it may have been stopped: Microsoft tells no fractions.
      const end = new Date(listedAt.getTime() + 10 * minuteMs + secondMs);
      expect(await world.ledger.gaps(world.tenant.tenantId)).toMatchObject([{ window: { start, end } }]);
    },
  );

  it('has a gap that begins by the clock of Microsoft if that of the host is ahead', async () => {
    const world = await createBehind();
    const offMs = 40 * minuteMs;
    world.feed.microsoftNow = () => new Date(world.clock.now().getTime() - offMs);
    const start = world.feed.microsoftNow();
    let slices = 0;
    world.feed.reshape(async function* (pages) {
      yield* pages;
      if (++slices === 2) world.feed.refuse('list', 'Audit.Exchange', auditingOff, 1);
    });
    await world.poll();
    world.feed.reshape((pages) => pages);
    world.clock.advance(hourMs);
    await world.poll();
    expect(await world.gaps()).toMatchObject([{ reason: 'feedStopped', window: { start } }]);
  });

  it('keeps the mark that a check makes while a poll is listing it', async () => {
    const world = await createBehind();
    const [before] = await world.ledger.checkpoints(world.tenant.tenantId);
    let isMarked = false;
    world.feed.reshape(async function* (pages) {
      if (!isMarked)
        await markingStops(world.feed, world.ledger).startSubscription(world.tenant, 'Audit.Exchange');
      isMarked = true;
      yield* pages;
    });
    await world.poll();
    world.clock.advance(minuteMs);
    await world.poll();
    const window = { start: before?.listedThrough, end: world.clock.now() };
    expect(await world.gaps()).toMatchObject([{ reason: 'feedStopped', code: 'AF20023', window }]);
    world.clock.advance(hourMs);
    expect(await world.poll()).toMatchObject({ gaps: 0 });
  });

  it('that was never listed has none: nothing was claimed', async () => {
    const world = createPollWorld();
    world.feed.refuse('list', 'Audit.Exchange', stopped, 1);
    await world.poll();
    expect(await world.ledger.gaps(world.tenant.tenantId)).toEqual([]);
  });
});

describe('an outage longer than the retention of the feed', () => {
  it('is recorded as a gap, and the rest is landed', async () => {
    const world = createPollWorld();
    await world.poll();
    const listedThrough = (await checkpointsOf(world))['Audit.Exchange'];
    world.clock.advance(9 * dayMs);
    const lastListable = world.publish('kept', { ago: 6 * dayMs });
    expect(await world.poll()).toMatchObject({ contentBlobs: 1, gaps: 1, finished: true });
    expect(await world.ledger.gaps(world.tenant.tenantId)).toEqual([
      {
        contentType: 'Audit.Exchange',
        window: { start: listedThrough, end: oldestListable(world.clock.now()) },
        reason: 'feedExpired',
        code: 'AF20055',
        recordedAt: world.clock.now(),
      },
    ]);
    expect(world.feed.fetched).toEqual([lastListable.contentId]);
  });

  it('is one gap, however many polls it takes to catch up', async () => {
    const world = createPollWorld();
    await world.poll();
    world.clock.advance(9 * dayMs);
    world.feed.refuse('list', 'Audit.Exchange', new UpstreamError('retry', 'AF50000', 'It failed.'), 3);
    for (let poll = 0; poll < 5; poll++) {
      await world.poll();
      world.clock.advance(minuteMs);
    }
    expect(await world.ledger.gaps(world.tenant.tenantId)).toHaveLength(1);
  });

  it('leaves no gap if nothing was ever listed', async () => {
    const world = createPollWorld();
    expect(await world.poll()).toMatchObject({ gaps: 0 });
  });
});

describe('a poll whose budget is spent', () => {
  it('is not finished and moves the checkpoint to the last slice that it listed completely', async () => {
    const world = createPollWorld({ deps: { fetchConcurrency: 1 } });
    for (let day = 0; day < 6; day++) world.publish(`day-${day}`, { ago: day * dayMs + hourMs });
    const budget = world.clock.startBudget(10 * minuteMs);
    world.feed.beforeFetch(() => {
      world.clock.advance(6 * minuteMs);
    });
    const outcome = await world.poll({ budget });
    expect(outcome.finished).toBe(false);
    const listedThrough = (await checkpointsOf(world))['Audit.Exchange'];
    expect(listedThrough?.getTime()).toBeLessThan(world.clock.now().getTime() - dayMs);
    await world.poll();
    expect(new Set(world.requestedLines()).size).toBe(18);
    expect(world.feed.fetched).toHaveLength(6);
  });

  it('makes durable what was received while another body is still stuck, which becomes open', async () => {
    const world = createPollWorld();
    const stuck = world.publish('stuck', { ago: 3 * hourMs });
    world.publish('sound', { ago: 2 * hourMs });
    const budget = world.clock.startBudget(minuteMs);
    const deps = world.depsOf(createFaults());
    const isSoundReceived = () => world.feed.fetched.some((contentId) => contentId !== stuck.contentId);
    const fetchContent: typeof world.feed.fetchContent = async (tenant, contentUri) => {
      if (contentUri !== stuck.contentUri) return await world.feed.fetchContent(tenant, contentUri);
      await vi.waitUntil(isSoundReceived, 30_000);
      await setImmediate();
      world.clock.advance(2 * minuteMs);
      await vi.waitUntil(() => world.queues.indexRequests.length > 0, 30_000);
      throw new UpstreamError('retry', 'Idle', 'It stopped.');
    };
    const feed = { ...world.feed, fetchContent };
    expect(await pollTenant({ ...deps, feed }, world.tenant, { budget })).toMatchObject({ deferred: 1 });
    expect(world.requestedLines()).toHaveLength(3);
    expect(await world.ledger.open(world.tenant.tenantId)).toMatchObject([{ content: stuck, code: 'Idle' }]);
  });

  it('lists nothing if the budget was spent at the start', async () => {
    const world = createPollWorld();
    world.publish('first');
    const outcome = await world.poll({ budget: world.clock.startBudget(0) });
    expect(outcome).toMatchObject({ contentBlobs: 0, finished: false });
    expect(await checkpointsOf(world)).toEqual({});
  });

  it('never moves a checkpoint back when it was reconciling', async () => {
    const world = createPollWorld();
    await world.poll();
    const before = await checkpointsOf(world);
    world.clock.advance(hourMs);
    const budget = world.clock.startBudget(minuteMs);
    world.feed.reshape(async function* (pages) {
      world.clock.advance(40 * secondMs);
      yield* pages;
    });
    expect(await world.poll({ reconcile: true, budget })).toMatchObject({ finished: false });
    expect(world.feed.listed.length).toBeGreaterThan(1);
    expect(await checkpointsOf(world)).toEqual(before);
  });
});

describe('throttling', () => {
  it('ends the poll with a pause, and leaves the throttled content blob open', async () => {
    const world = createPollWorld();
    const hit = world.publish('hit');
    world.feed.refuse('fetch', hit.contentId, throttled);
    const outcome = await world.poll();
    expect(outcome).toMatchObject({ pause: throttled, deferred: 1 });
    expect(await world.ledger.open(world.tenant.tenantId)).toMatchObject([{ content: hit, code: 'AF429' }]);
  });

  it('of a listing pauses the tenant and lists no further type', async () => {
    const world = createPollWorld({ contentTypes: ['Audit.Exchange', 'Audit.SharePoint'] });
    world.feed.refuse('list', 'Audit.Exchange', throttled);
    const outcome = await world.poll();
    expect(outcome).toMatchObject({ pause: throttled, finished: false });
    expect(world.feed.listed.map(({ contentType }) => contentType)).toEqual(['Audit.Exchange']);
    expect(await checkpointsOf(world)).toEqual({});
  });

  it('fetches no more content of the current page', async () => {
    const world = createPollWorld();
    for (let at = 0; at < 50; at++) world.publish(`page-${at}`);
    world.feed.refuse('fetch', '*', throttled);
    await world.poll();
    expect(world.feed.fetched.length).toBeLessThanOrEqual(2 * 3);
  });

  it('fetches no more pending content', async () => {
    const world = createPollWorld();
    for (let at = 0; at < 50; at++) world.publish(`open-${at}`);
    world.feed.refuse('fetch', '*', new UpstreamError('retry', 'AF50000', 'It failed.'));
    await world.poll();
    world.feed.relent();
    world.feed.refuse('fetch', '*', throttled);
    world.clock.advance(hourMs);
    const before = world.feed.fetched.length;
    await world.poll();
    expect(world.feed.fetched.length - before).toBeLessThanOrEqual(2 * 3);
    world.feed.relent();
    world.clock.advance(hourMs);
    await world.poll();
    expect(new Set(world.requestedLines()).size).toBe(150);
  });
});

describe('a list that does not end', () => {
  const contentTypes = ['Audit.Exchange', 'Audit.SharePoint'] as const;

  it('of empty pages costs the other content type nothing, is an error, and keeps its checkpoint', async () => {
    const world = createPollWorld({ contentTypes });
    await world.poll();
    const before = await checkpointsOf(world);
    world.clock.advance(hourMs);
    const now = world.clock.now();
    world.publish('site', { type: 'Audit.SharePoint', ago: 10 * minuteMs });
    let pagesRead = 0;
    world.feed.reshapeType('Audit.Exchange', async function* () {
      for (;;) {
        pagesRead += 1;
        if (pagesRead % 100 === 0) world.clock.advance(minuteMs);
        yield await Promise.resolve(pageOf([]));
      }
    });
    const outcome = await world.poll({ budget: world.clock.startBudget(5 * minuteMs) });
    expect(outcome).toMatchObject({ contentBlobs: 1, finished: true });
    expect([...outcome.errors].map(([type, { code }]) => [type, code])).toEqual([
      ['Audit.Exchange', 'BudgetSpent'],
    ]);
    const after = await checkpointsOf(world);
    expect(after['Audit.Exchange']).toEqual(before['Audit.Exchange']);
    expect(after['Audit.SharePoint']).toEqual(new Date(now.getTime() - 5 * secondMs));
    expect(world.telemetry.of('landing.listing.failed')).toMatchObject([
      { contentType: 'Audit.Exchange', code: 'BudgetSpent' },
    ]);
  });

  it('of ever new content leaves every second page to the other content type', async () => {
    const world = createPollWorld({ contentTypes });
    for (let at = 0; at < 5; at++)
      world.publish(`site-${at}`, { type: 'Audit.SharePoint', ago: hourMs + at });
    world.feed.pageSize = 1;
    let invented = 0;
    world.feed.reshapeType('Audit.Exchange', async function* () {
      for (;;) {
        invented += 1;
        const created = new Date(world.clock.now().getTime() - hourMs);
        if (invented === 200) world.clock.advance(hourMs);
        yield await Promise.resolve(pageOf([contentNamed(`invented-${invented}`, created)]));
      }
    });
    const outcome = await world.poll({ budget: world.clock.startBudget(5 * minuteMs) });
    expect(outcome).toMatchObject({ contentBlobs: 5, finished: false });
  });

  it('is read no further than the page during which the budget is spent', async () => {
    const world = createPollWorld();
    let pagesRead = 0;
    world.feed.reshape(async function* () {
      for (;;) {
        pagesRead += 1;
        world.clock.advance(2 * minuteMs);
        yield await Promise.resolve(pageOf([]));
      }
    });
    await world.poll({ budget: world.clock.startBudget(5 * minuteMs) });
    expect(pagesRead).toBe(3);
  });
});

describe('an item that cannot be used', () => {
  it('is a gap and an event, once, while the others land and the checkpoint moves', async () => {
    const world = createPollWorld();
    const sound = world.publish('sound', { ago: minuteMs });
    const content = { ...contentNamed('odd', sound.contentCreated), contentUri: '' };
    world.feed.reshape(async function* (pages) {
      const unusable = [{ content, code: 'ItemWithoutContentUri' }];
      for await (const page of pages) yield page.contents.length === 0 ? page : { ...page, unusable };
    });
    expect(await world.poll()).toMatchObject({ contentBlobs: 1, gaps: 1, errors: new Map() });
    expect(await world.poll()).toMatchObject({ gaps: 0 });
    expect(await world.poll({ reconcile: true })).toMatchObject({ gaps: 0 });
    expect(await world.ledger.gaps(world.tenant.tenantId)).toMatchObject([
      { contentId: content.contentId, reason: 'contentUnusable', code: 'ItemWithoutContentUri' },
    ]);
    expect(world.telemetry.of('landing.content.unusable')).toMatchObject([
      { contentId: content.contentId, code: 'ItemWithoutContentUri' },
    ]);
    const { 'Audit.Exchange': listedThrough } = await checkpointsOf(world);
    expect(listedThrough).toEqual(new Date(world.clock.now().getTime() - 5 * secondMs));
    expect(world.feed.fetched).toEqual([sound.contentId]);
  });

  it('that a reconciliation finds in order is fetched, and its gap is closed', async () => {
    const world = createPollWorld();
    const content = world.publish('odd');
    let isOdd = true;
    world.feed.reshape(async function* (pages) {
      for await (const page of pages) {
        const unusable = page.contents.map((each) => ({ content: each, code: 'ItemOfForeignUri' }));
        yield isOdd ? { contents: [], unusable } : page;
      }
    });
    await world.poll();
    expect(await world.ledger.gaps(world.tenant.tenantId)).toHaveLength(1);
    isOdd = false;
    await world.poll({ reconcile: true });
    expect(world.feed.fetched).toEqual([content.contentId]);
    expect(await world.ledger.gaps(world.tenant.tenantId)).toEqual([]);
  });
});

describe('a clock that is ahead', () => {
  it('moves no checkpoint past the moment at which Microsoft answered', async () => {
    const world = createPollWorld();
    const answeredAt = new Date(world.clock.now().getTime() - hourMs);
    world.feed.reshape(async function* (pages) {
      for await (const page of pages) yield { ...page, answeredAt };
    });
    expect(await world.poll()).toMatchObject({ finished: true });
    const { 'Audit.Exchange': listedThrough } = await checkpointsOf(world);
    expect(listedThrough).toEqual(new Date(answeredAt.getTime() - 5 * secondMs));
  });

  it('lists nothing again before Microsoft takes it for an hour old', async () => {
    const world = createPollWorld();
    await world.poll();
    const [before] = await world.ledger.checkpoints(world.tenant.tenantId);
    world.clock.advance(3 * hourMs);
    world.feed.microsoftNow = () => new Date(world.clock.now().getTime() - 150 * minuteMs);
    await world.poll({ reconcile: true });
    const [after] = await world.ledger.checkpoints(world.tenant.tenantId);
    expect(after?.revisitedThrough).toEqual(before?.revisitedThrough);
  });

  it('loses nothing once it is right: a checkpoint in the future moves back, and listing starts before now', async () => {
    const world = createPollWorld();
    const { tenantId } = world.tenant;
    const ahead = new Date(world.clock.now().getTime() + 3 * hourMs);
    await world.ledger.advance(tenantId, { contentType: 'Audit.Exchange', listedThrough: ahead });
    const content = world.publish('meanwhile', { ago: minuteMs });
    await world.poll();
    expect(world.feed.fetched).toEqual([content.contentId]);
    const { 'Audit.Exchange': listedThrough } = await checkpointsOf(world);
    expect(listedThrough).toEqual(new Date(world.clock.now().getTime() - 5 * secondMs));
  });

  it('is not blamed for an answer that claims to be older than its window: nothing is known to be listed', async () => {
    const world = createPollWorld();
    world.feed.reshape(async function* (pages) {
      for await (const page of pages) yield { ...page, answeredAt: new Date(0) };
    });
    await world.poll();
    expect(await checkpointsOf(world)).toEqual({});
  });
});

describe('a clock that is behind', () => {
  it('claims nothing of the time before Microsoft was first asked', async () => {
    const world = createPollWorld();
    const askedAt = new Date(world.clock.now().getTime() + hourMs);
    world.feed.microsoftNow = () => askedAt;
    await world.poll();
    const [checkpoint] = await world.ledger.checkpoints(world.tenant.tenantId);
    expect(checkpoint?.collectedFrom).toEqual(askedAt);
  });

  it('moves no checkpoint back', async () => {
    const world = createPollWorld();
    world.feed.microsoftNow = () => world.clock.now();
    await world.poll();
    const before = await checkpointsOf(world);
    world.clock.advance(-hourMs);
    world.feed.microsoftNow = () => new Date(world.clock.now().getTime() + hourMs);
    await world.poll();
    expect(await checkpointsOf(world)).toEqual(before);
  });
});

import { describe, expect, it } from 'vitest';
import { oldestListable } from '../../../shared/activity/windows.ts';
import { UpstreamError } from '../../../shared/errors.ts';
import { dayMs, hourMs, minuteMs, secondMs } from '../../support/clock.ts';
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
        seen += page.length;
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
    const world = createPollWorld();
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

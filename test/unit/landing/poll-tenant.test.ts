import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../../shared/errors.ts';
import type { OpenContent } from '../../../shared/landing/ledger.ts';
import { pollTenant } from '../../../shared/landing/poll-tenant.ts';
import { dayMs, hourMs, minuteMs, secondMs } from '../../support/clock.ts';
import { bodyOf, contentNamed, recordTexts } from '../../support/content.ts';
import { pageOf } from '../../support/fakes/activity-feed.ts';
import { createFaults } from '../../support/faults.ts';
import { createPollWorld, type PollWorld } from '../../support/poll-world.ts';
import { recordLastArguments } from '../../support/record-budgets.ts';

const busy = new UpstreamError('retry', 'AF50000', 'It failed.');
const gone = new UpstreamError('gone', 'AF20050', 'It does not exist.');

function openOf({ ledger, tenant }: PollWorld): Promise<readonly OpenContent[]> {
  return ledger.open(tenant.tenantId);
}

function statesOf({ ledger, tenant }: PollWorld): Record<string, string> {
  return Object.fromEntries(
    ledger.allSettled(tenant.tenantId).map((row) => [row.content.contentId, row.state]),
  );
}

async function checkpointOf({ ledger, tenant }: PollWorld): Promise<Date | undefined> {
  return (await ledger.checkpoints(tenant.tenantId))[0]?.listedThrough;
}

describe('a poll', () => {
  it('lands what is new and advances the checkpoint to the end of the listing', async () => {
    const world = createPollWorld();
    const content = world.publish('first', { records: 3 });
    const outcome = await world.poll();
    expect(outcome).toMatchObject({ contentBlobs: 1, records: 3, deferred: 0, gaps: 0, finished: true });
    expect(world.requestedLines()).toEqual(recordTexts('first', 3));
    expect(statesOf(world)).toEqual({ [content.contentId]: 'landed' });
    expect(await checkpointOf(world)).toEqual(new Date(world.clock.now().getTime() - 5 * secondMs));
  });

  it('passes its budget to every call of the feed', async () => {
    const world = createPollWorld();
    world.publish('first');
    world.feed.stop('Audit.Exchange');
    const calls: (readonly [string, unknown])[] = [];
    const deps = { ...world.depsOf(createFaults()), feed: recordLastArguments(world.feed, calls) };
    const budget = world.clock.startBudget(hourMs);
    await pollTenant(deps, world.tenant, { budget });
    const methods = new Set(['listContent', 'startSubscription', 'fetchContent']);
    expect(new Set(calls.map(([method]) => method))).toEqual(methods);
    expect(calls.filter(([, last]) => last !== budget)).toEqual([]);
  });

  it('stores a receipt for what it received', async () => {
    const world = createPollWorld();
    world.publish('first', { records: 3 });
    await world.poll();
    const [row] = world.ledger.allSettled(world.tenant.tenantId);
    const bytes = Buffer.concat(bodyOf(recordTexts('first', 3))).length;
    expect(row).toMatchObject({ attempts: 1, receipt: { records: 3, bytes } });
    expect(row?.landingId).toBe(world.queues.indexRequests[0]?.landingId);
  });

  it('lands content of all types in one blob', async () => {
    const world = createPollWorld({ contentTypes: ['Audit.Exchange', 'Audit.SharePoint'] });
    world.publish('mail');
    world.publish('site', { type: 'Audit.SharePoint' });
    await world.poll();
    expect(world.raw.names()).toHaveLength(1);
    expect(world.landings.all(world.tenant.tenantId)).toMatchObject([{ contentBlobs: 2, records: 6 }]);
  });

  it('fetches nothing that it knows, although listings overlap', async () => {
    const world = createPollWorld();
    world.publish('first', { ago: minuteMs });
    await world.poll();
    world.clock.advance(2 * minuteMs);
    expect(await world.poll()).toMatchObject({ contentBlobs: 0, finished: true });
    expect(world.feed.fetched).toHaveLength(1);
    await world.poll({ reconcile: true });
    expect(world.feed.fetched).toHaveLength(1);
  });

  it('finds content that shows up late, with a contentCreated before the checkpoint', async () => {
    const world = createPollWorld();
    await world.poll();
    const late = world.publish('late', { ago: 8 * minuteMs });
    await world.poll();
    expect(statesOf(world)).toEqual({ [late.contentId]: 'landed' });
  });

  it('finds content of any age on reconciling', async () => {
    const world = createPollWorld();
    await world.poll();
    const late = world.publish('late', { ago: 3 * dayMs });
    await world.poll();
    expect(statesOf(world)).toEqual({});
    await world.poll({ reconcile: true });
    expect(statesOf(world)).toEqual({ [late.contentId]: 'landed' });
  });

  it('follows all pages, even after an empty first one', async () => {
    const world = createPollWorld();
    world.feed.pageSize = 2;
    for (let at = 0; at < 7; at++) world.publish(`page-${at}`, { ago: hourMs + at });
    world.feed.reshape(async function* (pages) {
      yield pageOf([]);
      yield* pages;
    });
    expect(await world.poll()).toMatchObject({ contentBlobs: 7 });
  });

  it('catches up on an outage of several days in windows that the feed accepts', async () => {
    const world = createPollWorld();
    await world.poll();
    world.clock.advance(5 * dayMs);
    for (let day = 0; day < 5; day++) world.publish(`day-${day}`, { ago: day * dayMs + hourMs });
    expect(await world.poll()).toMatchObject({ contentBlobs: 5, gaps: 0, errors: new Map() });
  });

  it('fetches content once that is listed on two pages', async () => {
    const world = createPollWorld();
    const content = world.publish('twice');
    world.feed.reshape(async function* (pages) {
      for await (const page of pages) yield* [page, page];
    });
    await world.poll();
    expect(world.feed.fetched).toEqual([content.contentId]);
  });
});

describe('content that cannot be fetched yet', () => {
  it('does not stop the poll, becomes an open row, and the checkpoint advances', async () => {
    const world = createPollWorld();
    const failing = world.publish('failing');
    world.publish('sound');
    world.feed.refuse('fetch', failing.contentId, busy);
    expect(await world.poll()).toMatchObject({ contentBlobs: 1, deferred: 1, waiting: 1, finished: true });
    expect(await openOf(world)).toMatchObject([
      { content: failing, state: 'pending', attempts: 1, code: 'AF50000' },
    ]);
    expect(await checkpointOf(world)).toEqual(new Date(world.clock.now().getTime() - 5 * secondMs));
    expect(world.telemetry.of('landing.content.deferred')).toMatchObject([
      { contentId: failing.contentId, code: 'AF50000', attempts: 1 },
    ]);
  });

  it('is fetched again when it is due, not before, and then closed', async () => {
    const world = createPollWorld();
    const failing = world.publish('failing');
    world.feed.refuse('fetch', failing.contentId, busy, 1);
    await world.poll();
    await world.poll();
    expect(world.feed.fetched).toHaveLength(1);
    world.clock.advance(2 * minuteMs);
    await world.poll();
    expect(world.ledger.allSettled(world.tenant.tenantId)).toMatchObject([{ state: 'landed', attempts: 2 }]);
    expect(await openOf(world)).toEqual([]);
  });

  it('waits longer each time, up to about six hours', async () => {
    const world = createPollWorld();
    const failing = world.publish('failing');
    world.feed.refuse('fetch', failing.contentId, busy);
    const waits: number[] = [];
    for (let attempt = 0; attempt < 11; attempt++) {
      await world.poll();
      const due = (await openOf(world))[0]?.nextAttemptAt ?? world.clock.now();
      waits.push(due.getTime() - world.clock.now().getTime());
      world.clock.set(due);
    }
    for (const [attempt, wait] of waits.entries()) {
      const nominal = Math.min(2 ** attempt * minuteMs, 6 * hourMs);
      expect(Math.abs(wait - nominal)).toBeLessThanOrEqual(nominal / 8 + 1);
    }
  });

  it('waits as long as Retry-After requests', async () => {
    const world = createPollWorld();
    const failing = world.publish('failing');
    const error = new UpstreamError('retry', 'HTTP503', 'Busy.', { retryAfterMs: 42 * minuteMs });
    world.feed.refuse('fetch', failing.contentId, error);
    await world.poll();
    const dueAt = new Date(world.clock.now().getTime() + 42 * minuteMs);
    expect(await openOf(world)).toMatchObject([{ nextAttemptAt: dueAt }]);
  });

  it('becomes a gap once no attempt is left before it expires', async () => {
    const world = createPollWorld();
    const failing = world.publish('failing');
    world.feed.refuse('fetch', failing.contentId, busy);
    for (let attempt = 0; attempt < 60; attempt++) {
      await world.poll();
      world.clock.set((await openOf(world))[0]?.nextAttemptAt ?? world.clock.now());
    }
    expect(await openOf(world)).toEqual([]);
    expect(statesOf(world)).toEqual({ [failing.contentId]: 'gone' });
    expect(await world.ledger.gaps(world.tenant.tenantId)).toMatchObject([
      { contentId: failing.contentId, reason: 'contentExpired', code: 'AF50000' },
    ]);
  });
});

describe('content that Microsoft says does not exist', () => {
  it.each(['AF20050', 'AF20051'])(
    'with %s becomes a gap after an hour of such answers, never silence',
    async (code) => {
      const world = createPollWorld();
      const lost = world.publish('lost');
      world.publish('sound');
      world.feed.refuse('fetch', lost.contentId, new UpstreamError('gone', code, 'It does not exist.'));
      const started = world.clock.now();
      expect(await world.poll()).toMatchObject({ contentBlobs: 1, gaps: 0, deferred: 1 });
      while ((await openOf(world)).length > 0) {
        world.clock.set((await openOf(world))[0]?.nextAttemptAt ?? world.clock.now());
        await world.poll();
      }
      const elapsed = world.clock.now().getTime() - started.getTime();
      expect(elapsed).toBe(hourMs);
      expect(await world.ledger.gaps(world.tenant.tenantId)).toMatchObject([
        { contentId: lost.contentId, contentType: 'Audit.Exchange', reason: 'contentGone', code },
      ]);
      expect(world.telemetry.of('landing.gap.recorded')).toMatchObject([{ reason: 'contentGone', code }]);
      expect(statesOf(world)).toMatchObject({ [lost.contentId]: 'gone' });
    },
  );

  it('only once, and lands afterwards, leaves no gap', async () => {
    const world = createPollWorld();
    const late = world.publish('late');
    world.feed.refuse('fetch', late.contentId, gone, 1);
    await world.poll();
    world.clock.advance(2 * minuteMs);
    expect(await world.poll()).toMatchObject({ contentBlobs: 1, gaps: 0 });
    expect(statesOf(world)).toEqual({ [late.contentId]: 'landed' });
  });

  it('in answers that other failures interrupt is not lost yet', async () => {
    const world = createPollWorld();
    const content = world.publish('on and off');
    for (const error of [gone, busy, gone, busy]) {
      world.feed.refuse('fetch', content.contentId, error, 1);
      await world.poll();
      world.clock.advance(40 * minuteMs);
    }
    expect(await world.ledger.gaps(world.tenant.tenantId)).toEqual([]);
    expect(await world.poll()).toMatchObject({ contentBlobs: 1 });
  });

  it('shortly before it expires is a gap at once', async () => {
    const world = createPollWorld();
    const content = world.publish('old', { ago: hourMs });
    world.clock.set(new Date(content.contentExpiration.getTime() - 6 * minuteMs));
    world.feed.refuse('fetch', content.contentId, gone);
    expect(await world.poll()).toMatchObject({ gaps: 1, deferred: 0 });
    const gaps = await world.ledger.gaps(world.tenant.tenantId);
    expect(gaps).toMatchObject([{ contentId: content.contentId, reason: 'contentGone' }]);
  });
});

describe('content that is lost', () => {
  async function lose(name: string) {
    const world = createPollWorld();
    const lost = world.publish(name);
    world.feed.refuse('fetch', lost.contentId, gone);
    await world.poll();
    world.clock.advance(hourMs);
    await world.poll();
    expect(statesOf(world)).toEqual({ [lost.contentId]: 'gone' });
    return { ...world, lost };
  }

  it('is fetched again by a reconciliation that finds it listed, and its gap is closed when it lands', async () => {
    const world = await lose('found');
    world.feed.relent();
    await world.poll();
    expect(statesOf(world)).toEqual({ [world.lost.contentId]: 'gone' });
    expect(await world.poll({ reconcile: true })).toMatchObject({ contentBlobs: 1 });
    expect(statesOf(world)).toEqual({ [world.lost.contentId]: 'landed' });
    expect(await world.ledger.gaps(world.tenant.tenantId)).toEqual([]);
    expect(world.requestedLines()).toEqual(recordTexts('found', 3));
  });

  it('is fetched once by a reconciliation if it is still gone, and has one gap', async () => {
    const world = await lose('gone');
    const before = world.feed.fetched.length;
    expect(await world.poll({ reconcile: true })).toMatchObject({ gaps: 0, deferred: 0 });
    expect(world.feed.fetched.length - before).toBe(1);
    expect(await world.ledger.gaps(world.tenant.tenantId)).toHaveLength(1);
  });

  it('keeps its gap and is retried when it is listed again and cannot be fetched yet', async () => {
    const world = await lose('later');
    world.feed.relent();
    world.feed.refuse('fetch', world.lost.contentId, busy, 1);
    await world.poll({ reconcile: true });
    expect(await openOf(world)).toMatchObject([{ content: world.lost, state: 'pending', reopened: true }]);
    expect(await world.ledger.gaps(world.tenant.tenantId)).toHaveLength(1);
    world.clock.advance(10 * minuteMs);
    await world.poll();
    expect(await openOf(world)).toEqual([]);
    expect(await world.ledger.gaps(world.tenant.tenantId)).toEqual([]);
  });

  it('has no gap once it lands, even if the host that recorded the gap was killed before it settled it', async () => {
    const world = createPollWorld();
    const content = world.publish('killed');
    world.feed.refuse('fetch', content.contentId, gone);
    await world.poll();
    world.clock.advance(hourMs);
    const killed = createFaults((step) => (step === 'ledger.settle' ? 'crashBefore' : undefined));
    await expect(world.poll({ faults: killed })).rejects.toThrow();
    expect(await world.ledger.gaps(world.tenant.tenantId)).toHaveLength(1);
    world.feed.relent();
    expect(await world.poll()).toMatchObject({ contentBlobs: 1 });
    expect(await world.ledger.gaps(world.tenant.tenantId)).toEqual([]);
  });
});

describe('content whose Retry-After ends after it expires', () => {
  it('gets one more attempt before its end', async () => {
    const world = createPollWorld();
    const content = world.publish('throttled');
    world.clock.set(new Date(content.contentExpiration.getTime() - 3 * hourMs));
    const error = new UpstreamError('retry', 'HTTP503', 'Busy.', { retryAfterMs: 24 * hourMs });
    world.feed.refuse('fetch', content.contentId, error, 1);
    await world.poll();
    const [open] = await openOf(world);
    expect(open?.nextAttemptAt).toEqual(new Date(content.contentExpiration.getTime() - 15 * minuteMs));
    world.clock.set(open?.nextAttemptAt ?? world.clock.now());
    expect(await world.poll()).toMatchObject({ contentBlobs: 1 });
  });
});

describe('the telemetry of a poll', () => {
  it('never contains any part of a record or body', async () => {
    const world = createPollWorld();
    const created = new Date(world.clock.now().getTime() - hourMs);
    world.publish('confidential');
    for (const [name, body] of Object.entries({ page: '<html>secret words', cut: '[{"a":"secret words' })) {
      world.feed.publish(contentNamed(name, created), { chunks: [Buffer.from(body)] });
    }
    const lost = contentNamed('lost', created);
    world.feed.publish(lost, { chunks: [] });
    world.feed.refuse('fetch', lost.contentId, gone);
    await world.poll();
    expect(world.telemetry.of('landing.content.rejected')).toHaveLength(2);
    expect(JSON.stringify(world.telemetry.reported)).not.toMatch(/secret words|confidential|FileAccessed/);
  });
});

describe('content that may still grow', () => {
  it('is not fetched until it has settled, without counting as a failure', async () => {
    const world = createPollWorld({ deps: { settleMs: 10 * minuteMs } });
    const young = world.publish('young', { ago: 4 * minuteMs });
    expect(await world.poll()).toMatchObject({ contentBlobs: 0, deferred: 1 });
    expect(world.feed.fetched).toEqual([]);
    expect(await openOf(world)).toMatchObject([{ content: young, attempts: 0, code: 'settling' }]);
    expect(world.telemetry.of('landing.content.deferred')).toEqual([]);
    world.clock.advance(6 * minuteMs);
    await world.poll();
    expect(statesOf(world)).toEqual({ [young.contentId]: 'landed' });
  });

  it('and grows after it settled is not fetched again: the limit of the settle time', async () => {
    const world = createPollWorld({ deps: { settleMs: minuteMs } });
    const content = world.publish('grown', { ago: 2 * minuteMs, records: 3 });
    await world.poll();
    world.feed.publish(content, { chunks: bodyOf(recordTexts('grown', 4), 1000) });
    for (const waitMs of [hourMs, 6 * hourMs, 18 * hourMs]) {
      world.clock.advance(waitMs);
      await world.poll();
    }
    await world.poll({ reconcile: true });
    expect(world.feed.fetched).toEqual([content.contentId]);
    expect(world.requestedLines()).toHaveLength(3);
  });

  it('by the clock of Microsoft does not land while the clock of the host is ahead', async () => {
    const world = createPollWorld({ deps: { settleMs: 10 * minuteMs } });
    const young = world.publish('young', { ago: 40 * minuteMs });
    const behind = 35 * minuteMs;
    world.feed.microsoftNow = () => new Date(world.clock.now().getTime() - behind);
    expect(await world.poll()).toMatchObject({ contentBlobs: 0, deferred: 1 });
    expect(world.feed.discarded).toEqual([young.contentId]);
    const settlesAt = new Date(young.contentCreated.getTime() + 10 * minuteMs);
    const waits = { attempts: 0, code: 'settling', nextAttemptAt: settlesAt };
    expect(await openOf(world)).toMatchObject([{ content: young, ...waits }]);
    expect(await world.poll()).toMatchObject({ contentBlobs: 0, deferred: 1 });
    world.clock.advance(5 * minuteMs);
    expect(await world.poll()).toMatchObject({ contentBlobs: 1, deferred: 0 });
    expect(statesOf(world)).toEqual({ [young.contentId]: 'landed' });
  });

  it('is fetched once within the second in which it settles, the precision of the clock of Microsoft', async () => {
    const world = createPollWorld({ deps: { settleMs: 10 * minuteMs } });
    const young = world.publish('young', { ago: 10 * minuteMs });
    world.feed.microsoftNow = () => new Date(Math.floor(world.clock.now().getTime() / secondMs) * secondMs);
    world.clock.advance(999 - (world.clock.now().getTime() % secondMs));
    await world.poll();
    expect(world.feed.fetched).toEqual([young.contentId]);
    expect(world.feed.discarded).toEqual([]);
  });
});

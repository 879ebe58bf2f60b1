import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../../shared/errors.ts';
import type { OpenContent } from '../../../shared/landing/ledger.ts';
import { pollTenant } from '../../../shared/landing/poll-tenant.ts';
import { dayMs, hourMs, minuteMs, secondMs } from '../../support/clock.ts';
import { bodyOf, contentNamed, recordTexts } from '../../support/content.ts';
import { createFaults } from '../../support/faults.ts';
import { createPollWorld, type PollWorld } from '../../support/poll-world.ts';
import { recordLastArguments } from '../../support/record-budgets.ts';

const busy = new UpstreamError('retry', 'AF50000', 'It failed.');
const gone = new UpstreamError('gone', 'AF20050', 'It does not exist.');

function openOf({ ledger, tenant }: PollWorld): Promise<readonly OpenContent[]> {
  return ledger.open(tenant.tenantId);
}

function statesOf({ ledger, tenant }: PollWorld): Record<string, string> {
  return Object.fromEntries(ledger.settled(tenant.tenantId).map((row) => [row.content.contentId, row.state]));
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
    const [row] = world.ledger.settled(world.tenant.tenantId);
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
      yield [];
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
    expect(world.ledger.settled(world.tenant.tenantId)).toMatchObject([{ state: 'landed', attempts: 2 }]);
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

describe('content that is gone', () => {
  it.each(['AF20050', 'AF20051'])('with %s becomes a gap at once, never silence', async (code) => {
    const world = createPollWorld();
    const lost = world.publish('lost');
    world.publish('sound');
    world.feed.refuse('fetch', lost.contentId, new UpstreamError('gone', code, 'It does not exist.'));
    expect(await world.poll()).toMatchObject({ contentBlobs: 1, gaps: 1, deferred: 0 });
    expect(await world.ledger.gaps(world.tenant.tenantId)).toMatchObject([
      { contentId: lost.contentId, contentType: 'Audit.Exchange', reason: 'contentGone', code },
    ]);
    expect(world.telemetry.of('landing.gap.recorded')).toMatchObject([{ reason: 'contentGone', code }]);
    await world.poll({ reconcile: true });
    expect(world.feed.fetched).toHaveLength(2);
  });

  it('closes its open row when it was pending', async () => {
    const world = createPollWorld();
    const lost = world.publish('lost');
    world.feed.refuse('fetch', lost.contentId, busy, 1);
    await world.poll();
    world.feed.refuse('fetch', lost.contentId, gone);
    world.clock.advance(hourMs);
    await world.poll();
    expect(await openOf(world)).toEqual([]);
    expect(statesOf(world)).toEqual({ [lost.contentId]: 'gone' });
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
});

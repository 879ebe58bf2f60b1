import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../../shared/errors.ts';
import {
  nextPollState,
  pollDueTenants,
  runPollRequest,
  type PollTenantsDeps,
} from '../../../shared/landing/poll-tenants.ts';
import type { Landing } from '../../../shared/landing/landing.ts';
import type { PollRequest } from '../../../shared/landing/work-queues.ts';
import type { PollOutcome } from '../../../shared/landing/poll-tenant.ts';
import type { Tenant } from '../../../shared/tenants/tenant.ts';
import { hourMs, minuteMs, secondMs } from '../../support/clock.ts';
import { pageOf } from '../../support/fakes/activity-feed.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { createFaults, failNext, type Faults } from '../../support/faults.ts';
import { createPollWorld } from '../../support/poll-world.ts';
import { tenantNamed } from '../../support/tenants.ts';

const throttled = (retryAfterMs?: number) =>
  new UpstreamError('pause', 'AF429', 'Too many requests.', { retryAfterMs });

const budgetMs = 10 * minuteMs;

function createWorld(tenants: readonly Tenant[], faults: Faults = createFaults()) {
  const world = createPollWorld();
  const store = createFakeTenantStore(tenants);
  const deps: PollTenantsDeps = {
    ...world.depsOf(faults),
    tenants: store,
    tenantConcurrency: 1,
    ceilingMs: hourMs,
  };
  const budget = () => world.clock.startBudget(budgetMs);
  return { ...world, store, deps, budget };
}

const landingAt = (landedAt: Date): Landing => ({
  ...{ landingId: 'landing', blobName: 'blob', landedAt, oldestContent: landedAt },
  ...{ contentBlobs: 1, records: 1, bytes: 10 },
});

const exchangeOnly = { contentTypes: ['Audit.Exchange'] } as const;

describe('polling due tenants', () => {
  it('skips tenants that are not due', async () => {
    const later = { nextPollAt: new Date('2026-03-10T12:00:00.001Z'), quietPolls: 0 };
    const due = tenantNamed('Fabrikam', exchangeOnly);
    const world = createWorld([due, tenantNamed('Adatum', { ...exchangeOnly, poll: later })]);
    await pollDueTenants(world.deps, world.budget());
    expect(world.telemetry.of('landing.poll.finished').map(({ tenantId }) => tenantId)).toEqual([
      due.tenantId,
    ]);
  });

  it('releases the lease and stores the poll state', async () => {
    const tenant = tenantNamed('Fabrikam', exchangeOnly);
    const world = createWorld([tenant]);
    await pollDueTenants(world.deps, world.budget());
    const stored = await world.store.get(tenant.tenantId);
    expect(stored?.leasedUntil).toEqual(world.clock.now());
    expect(stored?.poll).toMatchObject({ lastPollAt: world.clock.now(), lastError: undefined });
  });

  it('holds a lease that outlasts its budget', async () => {
    const tenant = tenantNamed('Fabrikam', exchangeOnly);
    const world = createWorld([tenant]);
    let leasedUntil: Date | undefined;
    world.feed.reshape(async function* (pages) {
      leasedUntil = (await world.store.get(tenant.tenantId))?.leasedUntil;
      yield* pages;
    });
    const end = new Date(world.clock.now().getTime() + budgetMs);
    await pollDueTenants(world.deps, world.budget());
    expect(leasedUntil?.getTime()).toBeGreaterThan(end.getTime());
  });

  it('skips a tenant that another host is polling', async () => {
    const tenant = tenantNamed('Fabrikam', exchangeOnly);
    const world = createWorld([tenant]);
    const until = new Date(world.clock.now().getTime() + minuteMs);
    await world.store.update(tenant.tenantId, { leasedUntil: until });
    await pollDueTenants(world.deps, world.budget());
    expect(world.feed.listed).toEqual([]);
    expect(world.telemetry.of('landing.poll.skipped')).toEqual([{ tenantId: tenant.tenantId }]);
    expect((await world.store.get(tenant.tenantId))?.leasedUntil).toEqual(until);
  });

  it('lets only one of two timers poll a tenant', async () => {
    const world = createWorld([tenantNamed('Fabrikam', exchangeOnly)]);
    await Promise.all([
      pollDueTenants(world.deps, world.budget()),
      pollDueTenants(world.deps, world.budget()),
    ]);
    expect(world.telemetry.of('landing.poll.finished')).toHaveLength(1);
    expect(world.telemetry.of('landing.poll.skipped')).toHaveLength(1);
  });

  it('takes over an expired lease', async () => {
    const tenant = tenantNamed('Fabrikam', exchangeOnly);
    const world = createWorld([tenant]);
    await world.store.update(tenant.tenantId, { leasedUntil: new Date(world.clock.now().getTime() - 1) });
    await pollDueTenants(world.deps, world.budget());
    expect(world.telemetry.of('landing.poll.finished')).toHaveLength(1);
  });

  it('hands the tenants over to the queue that its budget does not reach', async () => {
    const tenants = ['A', 'B', 'C'].map((name) => tenantNamed(name, exchangeOnly));
    const world = createWorld(tenants);
    world.feed.reshape(async function* (pages) {
      yield* pages;
      world.clock.advance(minuteMs);
    });
    await pollDueTenants(world.deps, world.budget());
    const polled = world.telemetry.of('landing.poll.finished').map(({ tenantId }) => tenantId);
    const handedOver = world.queues.pollRequests.map(({ tenantId }) => tenantId);
    expect(polled.length).toBeLessThan(3);
    expect(new Set([...polled, ...handedOver])).toEqual(new Set(tenants.map(({ tenantId }) => tenantId)));
  });

  it('hands over a tenant that it could not finish', async () => {
    const tenant = tenantNamed('Fabrikam', exchangeOnly);
    const world = createWorld([tenant]);
    world.feed.reshape(async function* (pages) {
      yield* pages;
      world.clock.advance(6 * minuteMs);
    });
    await pollDueTenants(world.deps, world.budget());
    expect(world.queues.pollRequests).toEqual([
      { version: 1, tenantId: tenant.tenantId, reason: 'handedOver' },
    ]);
  });

  it('does not hand over a tenant whose list does not end: its next poll is at the normal interval', async () => {
    const world = createWorld([tenantNamed('Fabrikam', exchangeOnly)]);
    world.feed.reshape(async function* () {
      for (;;) {
        world.clock.advance(minuteMs);
        yield await Promise.resolve(pageOf([]));
      }
    });
    await pollDueTenants(world.deps, world.budget());
    expect(world.queues.pollRequests).toEqual([]);
    const [stored] = await world.store.list();
    expect(stored?.poll.lastError).toMatch(/^BudgetSpent: The list of Audit\.Exchange did not end/);
    const untilNext = (stored?.poll.nextPollAt.getTime() ?? 0) - world.clock.now().getTime();
    expect(untilNext).toBeLessThanOrEqual(5 * minuteMs);
  });

  it('does not hand over a tenant that is throttled', async () => {
    const world = createWorld([tenantNamed('Fabrikam', exchangeOnly)]);
    world.feed.refuse('list', '*', throttled(7 * minuteMs));
    await pollDueTenants(world.deps, world.budget());
    expect(world.queues.pollRequests).toEqual([]);
    const [stored] = await world.store.list();
    const pausedUntil = world.clock.now().getTime() + 7 * minuteMs;
    expect(stored?.poll.nextPollAt.getTime()).toBeGreaterThanOrEqual(pausedUntil);
  });

  it('polls the others when one fails, releases its lease and then throws', async () => {
    const failure = new Error('Storage is away.');
    const tenants = ['A', 'B', 'C'].map((name) => tenantNamed(name, exchangeOnly));
    const world = createWorld(tenants, failNext('ledger.checkpoints', failure));
    await expect(pollDueTenants(world.deps, world.budget())).rejects.toMatchObject({ errors: [failure] });
    expect(world.telemetry.of('landing.poll.finished')).toHaveLength(2);
    expect(world.telemetry.of('landing.poll.failed')).toHaveLength(1);
    for (const { leasedUntil } of await world.store.list()) expect(leasedUntil).toEqual(world.clock.now());
  });

  it('reports codes, never messages of Microsoft or storage, when it fails', async () => {
    const failure = new Error('secret words');
    const world = createWorld([tenantNamed('Fabrikam', exchangeOnly)], failNext('ledger.open', failure));
    await expect(pollDueTenants(world.deps, world.budget())).rejects.toThrow();
    expect(JSON.stringify(world.telemetry.reported)).not.toContain('secret words');
  });
});

describe('a poll that was broken off before it sent the message of a landing', () => {
  /** A poll whose landing has a row and no message, then the next one. */
  async function pollTwice(faults: Faults) {
    const tenant = tenantNamed('Fabrikam', exchangeOnly);
    const world = createWorld([tenant]);
    const waitsAlready = { ...landingAt(world.clock.now()), landingId: 'waits-already' };
    await world.landings.open(tenant.tenantId, waitsAlready);
    world.clock.advance(10 * minuteMs);
    await pollDueTenants(world.deps, world.budget());
    world.publish('mail', { ago: 0 });
    world.clock.advance(hourMs);
    const breaking = {
      ...world.deps,
      ...world.depsOf(faults),
      tenants: faults.inject('tenants', world.store),
    };
    await pollDueTenants(breaking, world.budget()).catch(() => undefined);
    expect(world.queues.indexRequests).toEqual([]);
    world.clock.advance(hourMs);
    await pollDueTenants(world.deps, world.budget());
    return { ...world, tenant };
  }

  it.each([
    ['the queue failed', failNext('queues.requestIndexing', new Error('Storage is away.'))],
    [
      'the host was killed',
      createFaults((step) => (step === 'queues.requestIndexing' ? ('crashBefore' as const) : undefined)),
    ],
  ])('has it sent by the next one, and no other message: %s', async (_name, faults) => {
    const { queues, landings, tenant, telemetry } = await pollTwice(faults);
    const mine = landings.all(tenant.tenantId).filter(({ landingId }) => landingId !== 'waits-already');
    expect(queues.indexRequests.map(({ landingId }) => landingId)).toEqual(
      mine.map(({ landingId }) => landingId),
    );
    expect(mine).toHaveLength(2);
    expect(telemetry.of('index.landing.requeued')).toHaveLength(1);
  });

  it('has it sent again only once, however many polls fail', async () => {
    const tenant = tenantNamed('Fabrikam', exchangeOnly);
    const world = createWorld([tenant]);
    await world.landings.open(tenant.tenantId, landingAt(world.clock.now()));
    const failing = createFaults((step) =>
      step === 'ledger.advance' ? new Error('Storage is away.') : undefined,
    );
    for (let poll = 0; poll < 12; poll++) {
      world.clock.advance(10 * minuteMs);
      const deps = { ...world.deps, ...world.depsOf(failing) };
      await pollDueTenants(deps, world.budget()).catch(() => undefined);
    }
    expect(world.telemetry.of('index.landing.requeued')).toHaveLength(1);
  });

  it('is sent at the pace of one host, like all others', async () => {
    const { landings, clock, tenant, queues, requeue } = createPollWorld();
    for (const landingId of ['a', 'b', 'c']) {
      const landing = { ...landingAt(clock.now()), landingId, records: 20_000 };
      await landings.open(tenant.tenantId, landing);
    }
    await requeue();
    expect(queues.indexDelays).toEqual([0, 10 * secondMs, 20 * secondMs]);
  });

  it('is looked for only after such a poll', async () => {
    const tenant = tenantNamed('Fabrikam', exchangeOnly);
    const faults = createFaults();
    const world = createWorld([tenant], faults);
    await pollDueTenants(world.deps, world.budget());
    world.clock.advance(2 * hourMs);
    await pollDueTenants(world.deps, world.budget());
    expect(world.telemetry.of('landing.poll.finished')).toHaveLength(2);
    expect(faults.steps).not.toContain('landings.unindexed');
  });
});

describe('a poll that continues another one', () => {
  it('lets its landings wait for those of the tenant that are not indexed yet', async () => {
    const tenant = tenantNamed('Fabrikam', exchangeOnly);
    const world = createWorld([tenant]);
    const waiting = { ...landingAt(world.clock.now()), records: 60_000 };
    await world.landings.open(tenant.tenantId, waiting);
    await world.landings.progress(tenant.tenantId, waiting.landingId, 20_000);
    world.publish('mail');
    const request = { version: 1, tenantId: tenant.tenantId, reason: 'handedOver' } as const;
    await runPollRequest(world.deps, request, world.budget());
    expect(world.queues.indexDelays).toEqual([20 * secondMs]);
  });
});

describe('a subscription that stays disabled after it was started', () => {
  it('is not started more often than every 15 minutes, as Microsoft requires', async () => {
    const world = createWorld([tenantNamed('Fabrikam', exchangeOnly)]);
    const disabled = new UpstreamError('startSubscription', 'AF20023', 'It is disabled.');
    world.feed.refuse('list', 'Audit.Exchange', disabled);
    const startedAt: number[] = [];
    for (let tick = 0; tick < 24; tick++) {
      const before = world.feed.started.length;
      await pollDueTenants(world.deps, world.budget());
      if (world.feed.started.length > before) startedAt.push(tick * 5);
      world.clock.advance(5 * minuteMs);
    }
    expect(startedAt.length).toBeGreaterThan(1);
    for (const [at, minute] of startedAt.entries()) {
      if (at > 0) expect(minute - (startedAt[at - 1] ?? 0)).toBeGreaterThanOrEqual(15);
    }
  });
});

describe('a poll request', () => {
  const requestOf = ({ tenantId }: Tenant, reason: PollRequest['reason']) =>
    ({ version: 1, tenantId, reason }) as const;

  it('polls a tenant even when it is not due', async () => {
    const poll = { nextPollAt: new Date('2026-04-01T00:00:00Z'), quietPolls: 3 };
    const tenant = tenantNamed('Fabrikam', { ...exchangeOnly, poll });
    const world = createWorld([tenant]);
    await runPollRequest(world.deps, requestOf(tenant, 'handedOver'), world.budget());
    expect(world.telemetry.of('landing.poll.finished')).toHaveLength(1);
  });

  it('for a tenant that is gone does nothing', async () => {
    const world = createWorld([]);
    await runPollRequest(world.deps, requestOf(tenantNamed('Fabrikam'), 'handedOver'), world.budget());
    expect(world.feed.listed).toEqual([]);
  });

  it('to reconcile lists everything the feed has, and hands over the rest when it is not finished', async () => {
    const tenant = tenantNamed('Fabrikam', exchangeOnly);
    const world = createWorld([tenant]);
    await runPollRequest(world.deps, requestOf(tenant, 'handedOver'), world.budget());
    const listedBefore = world.feed.listed.length;
    world.feed.reshape(async function* (pages) {
      yield* pages;
      world.clock.advance(3 * minuteMs);
    });
    await runPollRequest(world.deps, requestOf(tenant, 'reconcile'), world.budget());
    expect(world.feed.listed.length - listedBefore).toBeGreaterThan(1);
    const [handedOver, ...others] = world.queues.pollRequests;
    expect(others).toEqual([]);
    expect(handedOver).toMatchObject({ version: 1, tenantId: tenant.tenantId, reason: 'reconcile' });
    expect(Date.parse(handedOver?.since ?? '')).toBeGreaterThan(
      world.clock.now().getTime() - 7 * 24 * hourMs,
    );
  });

  it('to reconcile continues where the previous part ended, and gives up when it makes no progress', async () => {
    const tenant = tenantNamed('Fabrikam', exchangeOnly);
    const world = createWorld([tenant]);
    await pollDueTenants(world.deps, world.budget());
    const listedBefore = world.feed.listed.length;
    const since = new Date(world.clock.now().getTime() - 30 * hourMs).toISOString();
    world.feed.reshape(async function* (pages) {
      world.clock.advance(3 * minuteMs);
      yield* pages;
    });
    await runPollRequest(world.deps, { ...requestOf(tenant, 'reconcile'), since }, world.budget());
    const first = world.feed.listed[listedBefore];
    expect(first?.window.start.getTime()).toBeGreaterThan(Date.parse(since) - hourMs);
    expect(world.queues.pollRequests).toEqual([]);
  });

  it('to reconcile is handed over whatever refuses one content type: the others get to their end', async () => {
    const tenant = tenantNamed('Fabrikam', { contentTypes: ['DLP.All', 'Audit.Exchange'] });
    const world = createWorld([tenant]);
    world.feed.refuse('list', 'DLP.All', new UpstreamError('fail', 'AF10001', 'A permission is missing.'));
    world.feed.reshapeType('Audit.Exchange', async function* (pages) {
      yield* pages;
      world.clock.advance(3 * minuteMs);
    });
    let request: PollRequest | undefined = requestOf(tenant, 'reconcile');
    for (let part = 0; request !== undefined && part < 5; part++) {
      await runPollRequest(world.deps, request, world.budget());
      request = world.queues.pollRequests.splice(0)[0];
    }
    expect(request).toBeUndefined();
    const ends = world.feed.listed
      .filter(({ contentType }) => contentType === 'Audit.Exchange')
      .map(({ window }) => window.end.getTime());
    expect(Math.max(...ends)).toBeGreaterThan(world.clock.now().getTime() - hourMs);
  });

  it('to reconcile that is throttled continues after the pause', async () => {
    const tenant = tenantNamed('Fabrikam', exchangeOnly);
    const world = createWorld([tenant]);
    world.feed.reshape(async function* (pages) {
      yield* pages;
      world.feed.refuse('list', '*', throttled(7 * minuteMs), 1);
    });
    await runPollRequest(world.deps, requestOf(tenant, 'reconcile'), world.budget());
    expect(world.queues.pollRequests).toMatchObject([{ reason: 'reconcile' }]);
    expect(Date.parse(world.queues.pollRequests[0]?.since ?? '')).toBeGreaterThan(
      world.clock.now().getTime() - 7 * 24 * hourMs,
    );
    expect(world.queues.pollDelays).toEqual([7 * minuteMs]);
  });

  it.each(['reconcile', 'registered'] as const)(
    'to be %s waits for its turn while the tenant is being polled',
    async (reason) => {
      const tenant = tenantNamed('Fabrikam', exchangeOnly);
      const world = createWorld([tenant]);
      const [stored] = await world.deps.tenants.list();
      if (stored === undefined) throw new Error('the tenant is not stored');
      await world.deps.tenants.lease(
        stored,
        new Date(world.clock.now().getTime() + hourMs),
        world.clock.now(),
      );
      await runPollRequest(world.deps, requestOf(tenant, reason), world.budget());
      expect(world.feed.listed).toEqual([]);
      expect(world.queues.pollRequests).toEqual([requestOf(tenant, reason)]);
    },
  );

  it('throws when storage fails, so that the message is redelivered', async () => {
    const failure = new Error('Storage is away.');
    const tenant = tenantNamed('Fabrikam', exchangeOnly);
    const world = createWorld([tenant], failNext('ledger.open', failure));
    await expect(runPollRequest(world.deps, requestOf(tenant, 'handedOver'), world.budget())).rejects.toBe(
      failure,
    );
  });
});

describe('a poll request after a notification', () => {
  const later = new Date('2026-03-10T12:10:00.000Z');
  const settleMs = minuteMs;

  async function notified(poll: Tenant['poll'], prepare: (world: ReturnType<typeof createWorld>) => unknown) {
    const tenant = tenantNamed('Fabrikam', { ...exchangeOnly, poll });
    const world = createWorld([tenant]);
    await prepare(world);
    const request = { version: 1, tenantId: tenant.tenantId, reason: 'notified' } as const;
    await runPollRequest({ ...world.deps, settleMs }, request, world.budget());
    return { ...world, after: (await world.store.get(tenant.tenantId))?.poll };
  }

  it('polls a quiet tenant long before the timer would', async () => {
    const world = await notified({ nextPollAt: later, quietPolls: 5 }, ({ publish }) => publish('one'));
    expect(world.queues.indexRequests).toHaveLength(1);
    expect(world.after).toMatchObject({ quietPolls: 0 });
    expect(world.after?.nextPollAt.getTime()).toBeLessThan(later.getTime());
  });

  it('and brings nothing, delays no poll of the timer', async () => {
    const before = { nextPollAt: later, quietPolls: 3 };
    const { after, clock } = await notified(before, () => undefined);
    expect(after).toMatchObject({ ...before, lastPollAt: clock.now() });
  });

  it('does not make the timer wait longer, however many bring nothing', async () => {
    let poll: Tenant['poll'] = { nextPollAt: new Date('2026-03-10T12:01:00.000Z'), quietPolls: 0 };
    for (let at = 0; at < 20; at++) {
      const { after } = await notified({ ...poll, lastPollAt: new Date(0) }, () => undefined);
      poll = after ?? poll;
    }
    expect(poll).toMatchObject({ nextPollAt: new Date('2026-03-10T12:01:00.000Z'), quietPolls: 0 });
  });

  it.each([
    ['throttled', 'AF429: Too many requests.'],
    ['refused', 'AADSTS7000229: No service principal.'],
  ])('does nothing while the tenant is %s', async (_how, lastError) => {
    const world = await notified({ nextPollAt: later, quietPolls: 0, lastError }, () => undefined);
    expect(world.feed.listed).toEqual([]);
  });

  it('keeps the pause that its own poll has to make', async () => {
    const { after, clock } = await notified({ nextPollAt: new Date(0), quietPolls: 0 }, ({ feed }) => {
      feed.refuse('list', '*', throttled(10 * minuteMs));
    });
    expect(after?.nextPollAt).toEqual(new Date(clock.now().getTime() + 10 * minuteMs));
  });

  it('does nothing when the tenant was just polled: one read is all it costs', async () => {
    const lastPollAt = new Date('2026-03-10T11:59:00.001Z');
    const world = await notified({ nextPollAt: later, quietPolls: 0, lastPollAt }, () => undefined);
    expect(world.feed.listed).toEqual([]);
    expect(world.after?.lastPollAt).toEqual(lastPollAt);
    const due = { nextPollAt: later, quietPolls: 0, lastPollAt: new Date('2026-03-10T11:59:00.000Z') };
    expect((await notified(due, () => undefined)).feed.listed).not.toEqual([]);
  });

  it('is dropped while the tenant is being polled: that poll, or the timer, finds the content', async () => {
    const world = await notified({ nextPollAt: later, quietPolls: 0 }, async ({ store, clock }) => {
      const [tenant] = await store.list();
      const leasedUntil = new Date(clock.now().getTime() + minuteMs);
      await store.update(tenant?.tenantId ?? '', { leasedUntil });
    });
    expect(world.feed.listed).toEqual([]);
    expect(world.queues.pollRequests).toEqual([]);
  });
});

describe('the next poll of a tenant', () => {
  const now = new Date('2026-03-10T12:00:00Z');
  const quiet: PollOutcome = {
    ...{ contentBlobs: 0, records: 0, deferred: 0, waiting: 0, gaps: 0 },
    ...{ finished: true, listedThrough: now },
    ...{ listed: new Set(), errors: new Map() },
  };
  const next = (quietPolls: number, outcome: PollOutcome) =>
    nextPollState({ nextPollAt: new Date(0), quietPolls }, outcome, { now, ceilingMs: hourMs });
  const waitOf = ({ nextPollAt }: { nextPollAt: Date }) => nextPollAt.getTime() - now.getTime();

  it('is at the next tick when there was new content, content is pending, or it is not finished', () => {
    for (const busy of [{ contentBlobs: 1 }, { waiting: 1 }, { finished: false }]) {
      expect(next(7, { ...quiet, ...busy })).toEqual({
        nextPollAt: now,
        quietPolls: 0,
        lastPollAt: now,
        lastError: undefined,
      });
    }
  });

  it('is not postponed by an error that may pass, as nothing is known about what is new', () => {
    const error = new UpstreamError('retry', 'UnexpectedAnswer', 'A list did not end.');
    const state = next(7, { ...quiet, errors: new Map([['Audit.Exchange', error]]) });
    expect(state.quietPolls).toBe(0);
    expect(waitOf(state)).toBeLessThanOrEqual(5 * minuteMs);
  });

  it('is later and later while it is quiet, up to the ceiling', () => {
    const waits = Array.from({ length: 12 }, (_, quietPolls) => waitOf(next(quietPolls, quiet)));
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(waits[0]).toBeLessThanOrEqual(5 * minuteMs);
    expect(waits.at(-1)).toBeLessThanOrEqual(hourMs);
    expect(waits.at(-1)).toBeGreaterThan(hourMs - 5 * minuteMs);
  });

  it('is after Retry-After when it is throttled, and in five minutes without Retry-After', () => {
    const pausedFor = (pause: UpstreamError) => waitOf(next(0, { ...quiet, finished: false, pause }));
    expect(pausedFor(throttled(42 * minuteMs))).toBe(42 * minuteMs);
    expect(pausedFor(throttled())).toBe(5 * minuteMs);
  });

  it('is in an hour while auditing is off', () => {
    const error = new UpstreamError('waitForAuditing', 'TenantDoesNotExist', 'Switch it on.');
    const state = next(0, { ...quiet, errors: new Map([['Audit.Exchange', error]]) });
    expect(waitOf(state)).toBe(hourMs);
    expect(state.lastError).toBe('TenantDoesNotExist: Switch it on.');
  });

  it('shows a refused sign-in before all other errors', () => {
    const expired = new UpstreamError('fail', 'AADSTS7000222', 'It has expired.');
    const errors = new Map([['Audit.Exchange', expired] as const]);
    const { lastError } = next(0, { ...quiet, pause: throttled(), errors });
    expect(lastError).toBe('AADSTS7000222: It has expired.');
  });

  it('truncates long errors', () => {
    const error = new UpstreamError('fail', 'AF20012', 'x'.repeat(5000));
    expect(next(0, { ...quiet, errors: new Map([['Audit.Exchange', error]]) }).lastError).toHaveLength(500);
  });
});

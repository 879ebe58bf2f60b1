import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../../shared/errors.ts';
import type { ActivityFeed } from '../../../shared/activity/activity-feed.ts';
import { publicRemovalResult } from '../../../shared/offboarding/certificate.ts';
import type { Removal, TenantData } from '../../../shared/offboarding/removal.ts';
import { startRemoval } from '../../../shared/offboarding/start-removal.ts';
import { registerTenant } from '../../../shared/tenants/register-tenant.ts';
import { minuteMs, secondMs } from '../../support/clock.ts';
import { Crash, createFaults } from '../../support/faults.ts';
import { adatumId, fabrikamId } from '../../support/tenants.ts';
import { activeFabrikam, budgetMs, removalSettleMs, runRemoval } from './onboarding-world.ts';
import {
  adatum,
  cancel,
  collected,
  createRemovalWorld,
  isThere,
  messageOf,
  newest,
  nothing,
  shown,
  start,
  read,
} from './removal-world.ts';

describe('a removal', () => {
  it('claims the tenant at once and does its work later', async () => {
    const world = createRemovalWorld();
    const removal = await start(world);
    expect(await shown(world, removal)).toMatchObject({
      tenantId: fabrikamId,
      purge: true,
      status: 'NotStarted',
      deleted: nothing,
    });
    expect(await world.stored()).toMatchObject({ state: 'Removing', removalId: removal.id });
    expect(world.queues.operations).toEqual([{ message: messageOf(world, removal), delayMs: 0 }]);
    expect(world.tenantData.left(fabrikamId)).toEqual(collected);
  });

  it('stops the subscriptions, removes the tenant, and keeps what was collected', async () => {
    const world = createRemovalWorld();
    const removal = await start(world, false);
    await world.drainRemovals();
    expect(await shown(world, removal)).toMatchObject({ status: 'Succeeded', deleted: nothing });
    expect(await world.feed.listSubscriptions(activeFabrikam())).toEqual([]);
    expect(await world.tenants.list()).toMatchObject([{ tenantId: adatumId, state: 'Active' }]);
    expect(world.tenantData.left(fabrikamId)).toEqual(collected);
    expect(world.telemetry.of('tenants.tenant.removed')).toEqual([
      { tenantId: fabrikamId, purge: false, caller: 'key-1', ...nothing },
    ]);
  });

  it('with purge deletes all data of this tenant and no other, and counts it', async () => {
    const world = createRemovalWorld();
    const removal = await start(world);
    await world.drainRemovals();
    expect(await shown(world, removal)).toMatchObject({
      ...{ status: 'Succeeded', deleted: collected },
      createdDateTime: removal.createdDateTime.toISOString(),
    });
    expect(world.tenantData.left(fabrikamId)).toEqual(nothing);
    expect(world.tenantData.left(adatumId)).toEqual(collected);
  });

  it('that has ended does nothing when its message is redelivered', async () => {
    const world = createRemovalWorld();
    const removal = await start(world, false);
    await world.drainRemovals();
    await registerTenant(world.depsOf(), { tenantId: fabrikamId });
    await world.runRemoval(messageOf(world, removal));
    expect((await world.stored()).state).toBe('Active');
  });

  it('with an unknown id is ignored', async () => {
    const world = createRemovalWorld();
    await world.runRemoval({ version: 1, kind: 'removals', tenantId: fabrikamId, id: adatumId });
    expect((await world.stored()).state).toBe('Active');
    expect(world.queues.operations).toEqual([]);
  });
});

describe('requesting a removal twice', () => {
  it('returns the same one, and resends its message', async () => {
    const world = createRemovalWorld();
    const [first, second] = [await start(world), await start(world)];
    expect(second.id).toBe(first.id);
    expect(world.queues.operations).toHaveLength(2);
    await world.drainRemovals();
    expect(world.removals.all()).toMatchObject([{ status: 'Succeeded' }]);
    expect(world.tenantData.left(fabrikamId)).toEqual(nothing);
  });

  it('returns the same one to two requests at the same time', async () => {
    const world = createRemovalWorld();
    const [first, second] = await Promise.all([start(world), start(world)]);
    expect(second.id).toBe(first.id);
    expect(await world.stored()).toMatchObject({ removalId: first.id });
  });

  it('leaves no removal behind that never held the tenant', async () => {
    const world = createRemovalWorld();
    const [first] = await Promise.all([start(world), start(world)]);
    expect(world.removals.all().map(({ id }) => id)).toEqual([first.id]);
  });

  it('ends a removal that was killed before it held the tenant as superseded, with nothing deleted', async () => {
    const world = createRemovalWorld();
    const faults = createFaults((step) => (step === 'tenants.updateIfUnchanged' ? 'crashBefore' : undefined));
    const killed = startRemoval(world.depsOf(faults), {
      tenantId: fabrikamId,
      purge: true,
      createdBy: 'key-1',
    });
    await expect(killed).rejects.toThrow(Crash);
    const [unclaimed] = world.removals.all();
    if (unclaimed === undefined) throw new Error('It was not created.');
    await start(world);
    await world.drainRemovals();
    await world.runRemoval(messageOf(world, unclaimed));
    expect(await shown(world, unclaimed)).toMatchObject({
      ...{ errorCode: 'RemovalSuperseded', deleted: nothing },
    });
    expect(world.telemetry.of('tenants.tenant.removed')).toHaveLength(1);
  });

  it('without and then with purge deletes the data: the first one does not satisfy the second', async () => {
    const world = createRemovalWorld();
    const kept = await start(world, false);
    const purged = await start(world);
    expect(await shown(world, purged)).toMatchObject({ purge: true, status: 'NotStarted' });
    await world.drainRemovals();
    expect(await shown(world, purged)).toMatchObject({ status: 'Succeeded', deleted: collected });
    expect(await shown(world, kept)).toMatchObject({ status: 'Succeeded', errorCode: 'RemovalSuperseded' });
    expect(await isThere(world)).toBe(false);
  });

  it('with purge, while the one without is running, deletes the data', async () => {
    const world = createRemovalWorld();
    const kept = await start(world, false);
    let purged: Removal | undefined;
    const listSubscriptions = async (...asked: Parameters<ActivityFeed['listSubscriptions']>) => {
      purged ??= await start(world);
      return await world.feed.listSubscriptions(...asked);
    };
    const deps = { ...world.depsOf(), feed: { ...world.feed, listSubscriptions } };
    await runRemoval(deps, messageOf(world, kept));
    await world.drainRemovals();
    expect(await shown(world, purged ?? kept)).toMatchObject({ status: 'Succeeded', deleted: collected });
    expect(await shown(world, kept)).toMatchObject({ status: 'Succeeded', errorCode: 'RemovalSuperseded' });
    expect(world.tenantData.left(fabrikamId)).toEqual(nothing);
  });

  it('runs one message at a time, so that none is running when the tenant is registered again', async () => {
    const world = createRemovalWorld();
    const removal = await start(world);
    const message = messageOf(world, removal);
    let isSecond = false;
    const purge: TenantData['purge'] = async (...asked) => {
      const round = await world.tenantData.purge(...asked);
      if (!isSecond) {
        isSecond = true;
        await world.runRemoval(message);
      }
      return round;
    };
    await runRemoval({ ...world.depsOf(), tenantData: { purge } }, message);
    expect(world.queues.operations.map(({ delayMs }) => delayMs)).toContain(30 * secondMs);
    await world.drainRemovals();
    await registerTenant(world.depsOf(), { tenantId: fabrikamId });
    world.tenantData.put(fabrikamId, collected);
    for (const { message: late } of world.queues.operations) await world.runRemoval(late);
    expect((await world.stored()).state).toBe('Active');
    expect(world.tenantData.left(fabrikamId)).toEqual(collected);
  });

  it('with and then without purge returns the one that purges', async () => {
    const world = createRemovalWorld();
    const purged = await start(world);
    expect((await start(world, false)).id).toBe(purged.id);
  });
});

describe('a tenant that is gone', () => {
  it('can have its data deleted without a call to Microsoft', async () => {
    const world = createRemovalWorld();
    await start(world, false);
    await world.drainRemovals();
    world.feed.refuse('subscriptions', '*', new UpstreamError('fail', 'Called', 'It was called.'));
    const removal = await start(world);
    await world.drainRemovals();
    expect(await shown(world, removal)).toMatchObject({ status: 'Succeeded', deleted: collected });
    expect((await shown(world, removal)).errorCode).toBeUndefined();
    expect(await isThere(world)).toBe(false);
  });

  it('cannot be registered while its data is deleted, and loses nothing afterwards', async () => {
    const world = createRemovalWorld();
    await world.tenants.remove(await world.stored());
    await start(world);
    const again = () => registerTenant(world.depsOf(), { tenantId: fabrikamId });
    await expect(again()).rejects.toMatchObject({ status: 409, code: 'TenantBeingRemoved' });
    await world.drainRemovals();
    await again();
    world.tenantData.put(fabrikamId, collected);
    for (const { message } of world.queues.operations) await world.runRemoval(message);
    expect(world.tenantData.left(fabrikamId)).toEqual(collected);
    expect((await world.stored()).state).toBe('Active');
  });
});

describe('a tenant that is being polled', () => {
  it('delays the removal', async () => {
    const world = createRemovalWorld();
    const until = new Date(world.clock.now().getTime() + 9 * minuteMs);
    expect(await world.tenants.lease(await world.stored(), until, world.clock.now())).toBe(true);
    const removal = await start(world, false);
    await world.runRemoval(messageOf(world, removal));
    expect(await shown(world, removal)).toMatchObject({ status: 'NotStarted' });
    expect(world.queues.operations.at(-1)?.delayMs).toBe(30 * secondMs);
    expect(await world.feed.listSubscriptions(adatum)).toHaveLength(2);
    await world.drainRemovals();
    expect(await shown(world, removal)).toMatchObject({ status: 'Succeeded' });
    expect(world.clock.now() >= until).toBe(true);
  });

  it('cannot be polled with a lease on the state before the removal', async () => {
    const world = createRemovalWorld();
    const before = await world.stored();
    const removal = await start(world);
    const later = new Date(world.clock.now().getTime() + minuteMs);
    expect(await world.tenants.lease(before, later, world.clock.now())).toBe(false);
    await world.runRemoval(messageOf(world, removal));
    expect(await world.tenants.lease(before, later, world.clock.now())).toBe(false);
  });
});

describe('a refusal to stop the subscriptions', () => {
  it.each([
    ['listed', 'subscriptions'],
    ['stopped', 'stop'],
  ] as const)(
    'because they cannot be %s is reported, and the removal continues',
    async (_what, operation) => {
      const world = createRemovalWorld();
      world.feed.refuse(operation, '*', new UpstreamError('fail', 'AADSTS7000229', 'No service principal.'));
      const removal = await start(world);
      await world.drainRemovals();
      expect(await shown(world, removal)).toMatchObject({
        ...{ status: 'Succeeded', deleted: collected },
        ...{ errorCode: 'AADSTS7000229', errorMessage: 'No service principal.' },
      });
      expect(await isThere(world)).toBe(false);
    },
  );

  it('for a while is retried, and no error remains', async () => {
    const world = createRemovalWorld();
    world.feed.refuse('stop', '*', new UpstreamError('retry', 'AF50000', 'It failed.'), 2);
    const removal = await start(world, false);
    await world.drainRemovals();
    expect(await world.feed.listSubscriptions(adatum)).toEqual([]);
    const done = await shown(world, removal);
    expect(done).toMatchObject({ status: 'Succeeded', attempts: 3 });
    expect(done.errorCode).toBeUndefined();
  });

  it('that is always transient is given up after about half an hour', async () => {
    const world = createRemovalWorld();
    world.feed.refuse('subscriptions', '*', new UpstreamError('pause', 'AF429', 'Too many requests.'));
    const begun = world.clock.now().getTime();
    const removal = await start(world, false);
    await world.drainRemovals();
    expect(await shown(world, removal)).toMatchObject({
      status: 'Succeeded',
      errorCode: 'AF429',
      attempts: 6,
    });
    expect(world.clock.now().getTime() - begun).toBe(25 * minuteMs);
  });

  it.each([
    [90 * secondMs, 90 * secondMs],
    [30 * 24 * 60 * minuteMs, 60 * minuteMs],
  ])('with a Retry-After of %i ms is honored, within a limit', async (retryAfterMs, delayMs) => {
    const world = createRemovalWorld();
    const busy = new UpstreamError('pause', 'AF429', 'Too many requests.', { retryAfterMs });
    world.feed.refuse('subscriptions', '*', busy, 1);
    const removal = await start(world, false);
    await world.runRemoval(messageOf(world, removal));
    expect(world.queues.operations.at(-1)?.delayMs).toBe(delayMs);
    expect((await world.stored()).leasedUntil).toEqual(world.clock.now());
  });
});

describe('a purge', () => {
  it('that takes longer than the budget of one message continues with the next', async () => {
    const world = createRemovalWorld();
    world.tenantData.beforeEach(() => {
      world.clock.advance(minuteMs);
    });
    const removal = await start(world);
    await world.runRemoval(messageOf(world, removal));
    const { status, deleted } = await shown(world, removal);
    expect({ status, deleted }).toEqual({ status: 'Running', deleted: { blobs: 4, tables: 0, rows: 0 } });
    await world.drainRemovals();
    expect(await shown(world, removal)).toMatchObject({ status: 'Succeeded', deleted: collected });
    expect(budgetMs).toBe(4 * minuteMs);
  });

  it('that is canceled while its subscriptions are being stopped deletes nothing', async () => {
    const world = createRemovalWorld();
    const removal = await start(world);
    const stopSubscription = async (...asked: Parameters<ActivityFeed['stopSubscription']>) => {
      await cancel(world, removal);
      await world.feed.stopSubscription(...asked);
    };
    await runRemoval(
      { ...world.depsOf(), feed: { ...world.feed, stopSubscription } },
      messageOf(world, removal),
    );
    await world.drainRemovals();
    expect(await shown(world, removal)).toMatchObject({ status: 'Canceled', deleted: nothing });
    expect(world.tenantData.left(fabrikamId)).toEqual(collected);
    expect((await world.stored()).state).not.toBe('Removing');
  });

  it('that cannot delete everything yet reports that, retries every day, and ends when nothing is left', async () => {
    const world = createRemovalWorld();
    world.tenantData.retain(4);
    const removal = await start(world);
    const message = messageOf(world, removal);
    for (let day = 0; day < 2; day++) {
      await world.runRemoval(message);
      expect(world.queues.operations.at(-1)?.delayMs).toBe(24 * 60 * minuteMs);
      world.clock.advance(24 * 60 * minuteMs);
    }
    const waiting = { status: 'Running', retainedBlobs: 4, deleted: { blobs: 3, tables: 2, rows: 12 } };
    expect(await shown(world, removal)).toMatchObject(waiting);
    expect(await isThere(world)).toBe(true);
    world.tenantData.retain(0);
    await world.drainRemovals();
    expect(await shown(world, removal)).toMatchObject({ status: 'Succeeded', deleted: collected });
    expect((await shown(world, removal)).retainedBlobs).toBeUndefined();
  });

  it('that finds its tenant gone ends, and deletes nothing that was collected later', async () => {
    const world = createRemovalWorld();
    const removal = await start(world);
    await world.tenants.remove(await world.stored());
    await world.runRemoval(messageOf(world, removal));
    expect(await shown(world, removal)).toMatchObject({ status: 'Succeeded' });
    expect(world.tenantData.left(fabrikamId)).toEqual(collected);
  });

  it('that was interrupted before it had read everything is not finished', async () => {
    const world = createRemovalWorld();
    let isSlow = true;
    world.tenantData.beforeEach(() => {
      if (isSlow) world.clock.advance(30 * minuteMs);
    });
    const removal = await start(world);
    await world.runRemoval(messageOf(world, removal));
    expect(await shown(world, removal)).toMatchObject({
      status: 'Running',
      deleted: { blobs: 1, tables: 0, rows: 0 },
    });
    expect(await isThere(world)).toBe(true);
    isSlow = false;
    await world.drainRemovals();
    expect(await shown(world, removal)).toMatchObject({ status: 'Succeeded', deleted: collected });
  });

  it('that fails releases its lease, so that its message can run again at once', async () => {
    const world = createRemovalWorld();
    const removal = await start(world);
    const message = messageOf(world, removal);
    const purge = () => Promise.reject(new Error('Storage is busy.'));
    for (let delivery = 0; delivery < 5; delivery++) {
      await expect(runRemoval({ ...world.depsOf(), tenantData: { purge } }, message)).rejects.toThrow('busy');
    }
    expect(world.queues.operations).toHaveLength(1);
    await world.drainRemovals();
    expect(world.tenantData.left(fabrikamId)).toEqual(nothing);
  });

  it('runs again after earlier work has ended', async () => {
    const world = createRemovalWorld();
    const removal = await start(world);
    await world.runRemoval(messageOf(world, removal));
    expect(world.queues.operations.at(-1)?.delayMs).toBe(removalSettleMs);
    world.tenantData.put(fabrikamId, { blobs: 0, tables: 1, rows: 5 });
    await world.drainRemovals();
    expect(world.tenantData.left(fabrikamId)).toEqual(nothing);
    expect(await shown(world, removal)).toMatchObject({ deleted: { blobs: 7, tables: 3, rows: 17 } });
  });

  it('that an earlier release began lists no places, as those of what it deleted are unknown', async () => {
    const world = createRemovalWorld();
    const removal = await start(world);
    const state = { ...removal.state, deleted: { blobs: 1, tables: 0, rows: 0 } };
    const stored = await read(world, removal);
    await world.removals.replace(stored, { ...stored, state });
    await world.drainRemovals();
    const done = await read(world, removal);
    expect(done.state.deleted).toEqual({ blobs: 8, tables: 2, rows: 12 });
    expect(done.state.places).toBeUndefined();
    expect(publicRemovalResult(done).certificate?.deleted).toBeUndefined();
  });

  it('waits for such work also when stopping the subscriptions took long', async () => {
    const world = createRemovalWorld();
    world.feed.refuse('subscriptions', '*', new UpstreamError('retry', 'AF50000', 'It failed.'));
    const removal = await start(world);
    for (let attempt = 0; attempt < 6; attempt++) {
      await world.runRemoval(newest(world));
      world.clock.advance(5 * minuteMs);
    }
    expect(await shown(world, removal)).toMatchObject({ status: 'Running', deleted: collected });
    expect(await isThere(world)).toBe(true);
  });
});

describe('canceling a removal', () => {
  it('forgets what was backfilled once anything of it may be deleted, and not before', async () => {
    const backfilled = [{ start: new Date('2026-01-01T00:00:00Z'), end: new Date('2026-03-01T00:00:00Z') }];
    const canceled = async (when: 'before' | 'during') => {
      const world = createRemovalWorld();
      await world.tenants.update(fabrikamId, { backfilled });
      const removal = await start(world);
      if (when === 'before') await cancel(world, removal);
      const purge: TenantData['purge'] = async (...asked) => {
        await cancel(world, removal);
        return await world.tenantData.purge(...asked);
      };
      await runRemoval({ ...world.depsOf(), tenantData: { purge } }, messageOf(world, removal));
      expect(await shown(world, removal)).toMatchObject({ status: 'Canceled' });
      return (await world.stored()).backfilled;
    };
    expect(await canceled('before')).toEqual(backfilled);
    expect(await canceled('during')).toEqual([]);
  });

  it('before anything has happened resumes collection', async () => {
    const world = createRemovalWorld();
    const removal = await start(world);
    await cancel(world, removal);
    await world.drainRemovals();
    expect(await shown(world, removal)).toMatchObject({ status: 'Canceled', deleted: nothing });
    expect((await world.stored()).state).toBe('PendingConsent');
    await world.drainChecks();
    expect((await world.stored()).state).toBe('Active');
    expect(await world.feed.listSubscriptions(activeFabrikam())).toHaveLength(2);
    expect(world.queues.pollRequests).toMatchObject([{ tenantId: fabrikamId, reason: 'registered' }]);
    expect(world.tenantData.left(fabrikamId)).toEqual(collected);
  });

  it('in the middle of a purge stops within seconds, and counts what was deleted', async () => {
    const world = createRemovalWorld();
    const removal = await start(world);
    let pieces = 0;
    const purge: TenantData['purge'] = async (...asked) => {
      if (++pieces === 3) await cancel(world, removal);
      return await world.tenantData.purge(...asked);
    };
    world.tenantData.beforeEach(() => {
      world.clock.advance(20 * secondMs);
    });
    await runRemoval({ ...world.depsOf(), tenantData: { purge } }, messageOf(world, removal));
    const deleted = { blobs: 3, tables: 0, rows: 0 };
    expect(await shown(world, removal)).toMatchObject({ status: 'Canceled', deleted });
    expect(world.tenantData.left(fabrikamId)).toEqual({ ...collected, blobs: collected.blobs - 3 });
    expect((await world.stored()).leasedUntil?.getTime()).toBeLessThanOrEqual(world.clock.now().getTime());
    await world.drainRemovals();
    expect(world.tenantData.left(fabrikamId).blobs).toBe(collected.blobs - 3);
  });

  it('while the tenant is being polled waits for the end of the poll', async () => {
    const world = createRemovalWorld();
    const until = new Date(world.clock.now().getTime() + minuteMs);
    await world.tenants.lease(await world.stored(), until, world.clock.now());
    const removal = await start(world);
    await cancel(world, removal);
    await world.runRemoval(messageOf(world, removal));
    expect(await shown(world, removal)).toMatchObject({ status: 'NotStarted' });
    await world.drainRemovals();
    expect(await shown(world, removal)).toMatchObject({ status: 'Canceled' });
    expect(world.clock.now() >= until).toBe(true);
  });

  it('without a registered tenant removes the placeholder', async () => {
    const world = createRemovalWorld();
    await world.tenants.remove(await world.stored());
    const removal = await start(world);
    await cancel(world, removal);
    await world.drainRemovals();
    expect(await shown(world, removal)).toMatchObject({ status: 'Canceled', deleted: nothing });
    expect(await isThere(world)).toBe(false);
    expect(world.tenantData.left(fabrikamId)).toEqual(collected);
  });

  it('after its end changes nothing', async () => {
    const world = createRemovalWorld();
    const removal = await start(world);
    await world.drainRemovals();
    await cancel(world, removal);
    await world.drainRemovals();
    expect(await shown(world, removal)).toMatchObject({ status: 'Succeeded', deleted: collected });
    expect(await isThere(world)).toBe(false);
  });

  it('allows another one, which deletes the rest', async () => {
    const world = createRemovalWorld();
    const removal = await start(world);
    await cancel(world, removal);
    await world.drainRemovals();
    const again = await start(world);
    expect(again.id).not.toBe(removal.id);
    await world.drainRemovals();
    expect(await shown(world, again)).toMatchObject({ status: 'Succeeded', deleted: collected });
    expect(await shown(world, removal)).toMatchObject({ status: 'Canceled' });
  });
});

describe('a removal that makes no progress', () => {
  it('ends as Failed, keeps the tenant from being collected, and can be started again', async () => {
    const world = createRemovalWorld();
    const removal = await start(world);
    const purge = () => Promise.reject(new Error('Storage is away.'));
    const broken = { ...world.depsOf(), tenantData: { purge } };
    for (let run = 0; run < 60; run++)
      await runRemoval(broken, messageOf(world, removal)).catch(() => undefined);
    expect(await shown(world, removal)).toMatchObject({ status: 'Failed', errorCode: 'RemovalStalled' });
    expect((await world.stored()).state).toBe('Removing');
    const again = await start(world);
    await world.drainRemovals();
    expect(await shown(world, again)).toMatchObject({ status: 'Succeeded', deleted: collected });
  });
});

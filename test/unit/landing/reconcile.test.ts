import { describe, expect, it } from 'vitest';
import { createFakeAnnouncer, createFakeArrivalLog } from '../../support/fakes/arrival-log.ts';
import type { Landing } from '../../../shared/landing/landing.ts';
import { reconcileTenants } from '../../../shared/landing/reconcile.ts';
import { createClock, hourMs, minuteMs } from '../../support/clock.ts';
import { createFakeLandingStore } from '../../support/fakes/landing-store.ts';
import { createRecordingTelemetry } from '../../support/fakes/telemetry.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { createFakeWorkQueues } from '../../support/fakes/work-queues.ts';
import { createFaults, failNext } from '../../support/faults.ts';
import { tenantNamed } from '../../support/tenants.ts';

const tenants = ['Fabrikam', 'Adatum'].map((name) => tenantNamed(name));
const fabrikam = tenants[0]?.tenantId ?? '';

function createWorld() {
  const { now } = createClock();
  const telemetry = createRecordingTelemetry();
  const landings = createFakeLandingStore();
  const queues = createFakeWorkQueues();
  const store = createFakeTenantStore(tenants);
  const arrivals = createFakeArrivalLog();
  const announcer = createFakeAnnouncer(arrivals);
  const deps = { tenants: store, landings, announcer, queues, telemetry: telemetry.telemetry, now };
  const landingAgo = (ms: number): Landing => {
    const landedAt = new Date(now().getTime() - ms);
    return {
      ...{ landingId: `landing-${ms}`, blobName: `blob-${ms}`, landedAt, oldestContent: landedAt },
      ...{ contentBlobs: 1, records: 1, bytes: 10 },
    };
  };
  return { deps, landings, arrivals, queues, telemetry, landingAgo };
}

describe('reconciling', () => {
  it('requests a reconciling poll of every tenant', async () => {
    const { deps, queues } = createWorld();
    await reconcileTenants(deps);
    expect(queues.pollRequests).toHaveLength(2);
    for (const { tenantId } of tenants) {
      expect(queues.pollRequests).toContainEqual({ version: 1, tenantId, reason: 'reconcile' });
    }
  });

  it('requests it for the others when one fails, and then fails', async () => {
    const { deps, queues, landings } = createWorld();
    const failing = failNext('landings.unindexed', new Error('Storage is away.'));
    const failed = reconcileTenants({ ...deps, landings: failing.inject('landings', landings) });
    await expect(failed).rejects.toThrow(AggregateError);
    expect(queues.pollRequests).toHaveLength(2);
  });

  it('works on 16 tenants at once, and counts what it requests of all', async () => {
    const { deps, landings, queues, telemetry, landingAgo } = createWorld();
    const many = Array.from({ length: 40 }, (_, at) => tenantNamed(`Tenant ${at}`));
    for (const { tenantId } of many) await landings.open(tenantId, landingAgo(2 * hourMs));
    const running = new Set<string>();
    const held: (() => void)[] = [];
    let most = 0;
    const counted = {
      ...queues,
      requestPoll: async (...request: Parameters<typeof queues.requestPoll>) => {
        running.add(request[0].tenantId);
        most = Math.max(most, running.size);
        if (most < 16) await new Promise<void>((resolve) => held.push(resolve));
        for (const release of held.splice(0)) release();
        await queues.requestPoll(...request);
      },
    };
    const ending = {
      ...landings,
      lastSequence: async (tenantId: string) => {
        running.delete(tenantId);
        return await landings.lastSequence(tenantId);
      },
    };
    const tenants = createFakeTenantStore(many);
    await reconcileTenants({ ...deps, tenants, landings: ending, queues: counted });
    expect(most).toBe(16);
    expect(telemetry.of('landing.reconcile.finished')).toEqual([{ tenants: 40, requeued: 40 }]);
  });

  it('announces the landings of the others when those of a tenant cannot be announced', async () => {
    const { deps, landings, arrivals, landingAgo } = createWorld();
    const counts = { indexed: 1, duplicates: 0, notUnderstood: 0, rows: 5 };
    for (const { tenantId } of tenants) await landings.close(tenantId, landingAgo(hourMs), counts);
    const announced = async (tenantId: string) =>
      tenantId === fabrikam
        ? await Promise.reject(new Error('Storage is away.'))
        : await arrivals.announced(tenantId);
    const announcer = createFakeAnnouncer({ ...arrivals, announced });
    await expect(reconcileTenants({ ...deps, announcer })).rejects.toThrow(AggregateError);
    expect(arrivals.all()).toMatchObject([{ tenantId: tenants[1]?.tenantId }]);
  });

  it.each([
    ['all is announced', undefined],
    ['a tenant failed', new Error('Storage is away.')],
  ])('notifies subscriptions to several tenants once, after it ends, also if %s', async (_, error) => {
    const { deps, landings, arrivals, landingAgo } = createWorld();
    const counts = { indexed: 1, duplicates: 0, notUnderstood: 0, rows: 5 };
    for (const { tenantId } of tenants) await landings.close(tenantId, landingAgo(hourMs), counts);
    const failing = error === undefined ? createFaults() : failNext('landings.unindexed', error);
    const announced: number[] = [];
    const wakeSets = async () => {
      announced.push(arrivals.all().length);
      await Promise.resolve();
    };
    const reconciled = reconcileTenants({
      ...deps,
      landings: failing.inject('landings', landings),
      wakeSets,
    });
    await (error === undefined ? reconciled : expect(reconciled).rejects.toThrow(AggregateError));
    expect(announced).toEqual([error === undefined ? 2 : 1]);
  });

  it('requests the indexing of landings that are overdue again, and of no others', async () => {
    const { deps, landings, queues, telemetry, landingAgo } = createWorld();
    const [stale, young, indexed] = [landingAgo(2 * hourMs), landingAgo(minuteMs), landingAgo(3 * hourMs)];
    for (const landing of [stale, young, indexed]) await landings.open(fabrikam, landing);
    await landings.close(fabrikam, indexed, { indexed: 1, duplicates: 0, notUnderstood: 0, rows: 5 });
    await reconcileTenants(deps);
    const { landingId, blobName } = stale;
    expect(queues.indexRequests).toEqual([{ version: 1, tenantId: fabrikam, landingId, blobName }]);
    expect(telemetry.of('index.landing.requeued')).toEqual([{ tenantId: fabrikam, landingId }]);
    expect(telemetry.of('landing.reconcile.finished')).toEqual([{ tenants: 2, requeued: 1 }]);
  });

  it('announces landings that were indexed but not announced, once', async () => {
    const { deps, landings, arrivals, landingAgo } = createWorld();
    const counts = { indexed: 1, duplicates: 0, notUnderstood: 0, rows: 5 };
    for (const ms of [hourMs, minuteMs]) await landings.close(fabrikam, landingAgo(ms), counts);
    for (let day = 0; day < 2; day++) await reconcileTenants(deps);
    expect(arrivals.all()).toEqual([{ number: 1, tenantId: fabrikam, after: 0, through: 2 }]);
  });
});

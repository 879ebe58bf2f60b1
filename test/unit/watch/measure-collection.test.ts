import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Message } from '../../../shared/channels/message.ts';
import { UpstreamError } from '../../../shared/errors.ts';
import { measureCollection, type MeasureDeps } from '../../../shared/watch/measure-collection.ts';
import type { Gap } from '../../../shared/landing/ledger.ts';
import { nextSubscriptions } from '../../../shared/landing/poll-tenants.ts';
import type { Tenant } from '../../../shared/tenants/tenant.ts';
import { createFakeLandingStore } from '../../support/fakes/landing-store.ts';
import { createFakeLedger } from '../../support/fakes/ledger.ts';
import { createRecordingMeter } from '../../support/fakes/meter.ts';
import { createRecordingTelemetry } from '../../support/fakes/telemetry.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { tenantNamed } from '../../support/tenants.ts';

const nothing = () => Promise.resolve();

function createWatch(tenants: readonly Tenant[], changes: Partial<MeasureDeps> = {}) {
  const [meter, telemetry] = [createRecordingMeter(), createRecordingTelemetry()];
  const deps: MeasureDeps = {
    ...{
      tenants: createFakeTenantStore(tenants),
      queues: { poisonDepths: () => Promise.resolve([]), requestMatter: nothing },
    },
    ...{ ledger: createFakeLedger(), landings: createFakeLandingStore() },
    ...{ meter: meter.meter, telemetry: telemetry.telemetry, now: () => new Date('2026-03-10T06:00:00Z') },
    retention: {},
    ...changes,
  };
  return { meter, telemetry, deps, run: () => measureCollection(deps) };
}

it('says since when a retention has not deleted everything, and nothing of tenants that keep everything', async () => {
  const at = (day: number) => new Date(Date.UTC(2026, 2, day, 6));
  const retained = { from: at(1), decidedAt: at(2) };
  const retention = { indexMonths: 3 };
  const { run, meter } = createWatch(
    [
      tenantNamed('A', { retention: {}, retained, retentionProgress: { settledAt: at(2) } }),
      tenantNamed('B', { retention, retained, retentionProgress: { settledAt: at(9) } }),
      tenantNamed('C', { retained }),
      tenantNamed('D', { retention, retained, state: 'PendingConsent' }),
      tenantNamed('E', { retention, retained, state: 'Removing' }),
      tenantNamed('F', { retention, createdDateTime: at(1) }),
    ],
    { retention },
  );
  await run();
  const days = meter.of('auditkeep.overdue').map(({ value }) => value / 86_400);
  expect(days.toSorted((a, b) => a - b)).toEqual([1, 8, 8, 9]);
});

it('notifies of gaps that are new, and not of those that have been there', async () => {
  const matters: Message[] = [];
  const gapAt = (hour: number): Gap => ({
    contentType: 'Audit.Exchange',
    reason: 'contentGone',
    code: 'AF20051',
    window: { start: new Date('2026-03-09T00:00:00Z'), end: new Date('2026-03-09T01:00:00Z') },
    recordedAt: new Date(Date.UTC(2026, 2, 10, hour)),
  });
  const [fabrikam, adatum] = [tenantNamed('Fabrikam'), tenantNamed('Adatum')];
  const { deps, run } = createWatch([fabrikam, adatum], {
    queues: {
      poisonDepths: () => Promise.resolve([]),
      requestMatter: async ({ matter }) => {
        matters.push(matter);
        await Promise.resolve();
      },
    },
  });
  await deps.ledger.recordGaps(fabrikam.tenantId, [gapAt(5)]);
  await deps.ledger.recordGaps(adatum.tenantId, [gapAt(3)]);
  await run();
  await run();
  expect(matters).toMatchObject([
    {
      topic: 'gaps',
      tenant: { displayName: 'Fabrikam' },
      sentence: expect.stringContaining('does not exist') as string,
    },
    { key: matters[0]?.key },
  ]);
});

const away = new Error('Storage is away.');

describe('the watch', () => {
  it('fails with one error if tenants and queues fail, the tenants first', async () => {
    const { run, deps } = createWatch([]);
    const tenants = { ...deps.tenants, list: () => Promise.reject(away) };
    const poisonDepths = async () => {
      // Longer than Node waits for the tenants' rejection to be handled.
      await setImmediate();
      throw new Error('Queues are away, too.');
    };
    await expect(
      measureCollection({ ...deps, tenants, queues: { poisonDepths, requestMatter: nothing } }),
    ).rejects.toBe(away);
    await expect(run()).resolves.toBeUndefined();
  });

  it('measures queues if tenants cannot be listed, and tenants if queues cannot be read', async () => {
    const { deps, meter } = createWatch([tenantNamed('Fabrikam')]);
    const poisonDepths = () => Promise.resolve([{ queue: 'polls-poison', messages: 2 }]);
    const queues = { poisonDepths, requestMatter: nothing };
    const tenants = { ...deps.tenants, list: () => Promise.reject(away) };
    await expect(measureCollection({ ...deps, tenants, queues })).rejects.toBe(away);
    expect(meter.of('auditkeep.poison')).toEqual([{ value: 2, dimensions: { queue: 'polls-poison' } }]);
    const broken = { poisonDepths: () => Promise.reject(away), requestMatter: nothing };
    await expect(measureCollection({ ...deps, queues: broken })).rejects.toBe(away);
    expect(meter.of('auditkeep.pending')).toHaveLength(1);
  });

  it.each([
    [[], 0],
    [[tenantNamed('A'), tenantNamed('B'), tenantNamed('C', { state: 'PendingConsent' })], 2],
  ])('reports how many active tenants there are, and that all were measured', async (tenants, active) => {
    const { run, meter } = createWatch(tenants);
    await run();
    expect(meter.of('auditkeep.tenants')).toEqual([{ value: active, dimensions: {} }]);
    expect(meter.of('auditkeep.unmeasured')).toEqual([{ value: 0, dimensions: {} }]);
  });

  it('counts the tenants that it cannot measure, and still reports how many exist', async () => {
    const fabrikam = tenantNamed('Fabrikam');
    const ledger = createFakeLedger();
    const { run, meter, telemetry } = createWatch([fabrikam, tenantNamed('Adatum')], {
      ledger: {
        ...ledger,
        gaps: (tenantId) => (tenantId === fabrikam.tenantId ? Promise.reject(away) : ledger.gaps(tenantId)),
      },
    });
    await run();
    expect(meter.of('auditkeep.tenants')).toEqual([{ value: 2, dimensions: {} }]);
    expect(meter.of('auditkeep.unmeasured')).toEqual([{ value: 1, dimensions: {} }]);
    expect(meter.of('auditkeep.gaps')).toHaveLength(1);
    expect(telemetry.of('watch.tenant.failed')).toEqual([{ tenantId: fabrikam.tenantId, code: 'Error' }]);
  });
});

describe('a tenant', () => {
  const contentTypes = ['Audit.Exchange', 'DLP.All'] as const;
  const measured = async (codes: Readonly<Record<string, string>>) => {
    const tenant = tenantNamed('Fabrikam', { contentTypes });
    const refused = contentTypes.flatMap((type) => {
      const code = codes[type];
      return code === undefined ? [] : [[type, new UpstreamError('fail', code, 'No.')] as const];
    });
    const listed = new Set(contentTypes.filter((type) => codes[type] === undefined));
    const subscriptions = nextSubscriptions(tenant, { listed, errors: new Map(refused) }, new Date());
    const { run, meter } = createWatch([{ ...tenant, subscriptions }]);
    await run();
    return meter.of('auditkeep.refused').map(({ value }) => value);
  };

  it.each([
    ['consented to', {}, 0],
    ['whose consent is gone', { 'Audit.Exchange': 'AF10001', 'DLP.All': 'AF10001' }, 1],
    ['that lacks one permission', { 'DLP.All': 'AF10001' }, 0],
    ['with a mistake that is not about consent', { 'Audit.Exchange': 'AF20012', 'DLP.All': 'AF20012' }, 0],
  ])('%s is measured correctly', async (_which, codes, refused) => {
    expect(await measured(codes)).toEqual([refused]);
  });

  it.each(['7000215', '7000222', '700213', '700212', '70021', '700027'])(
    'that our own credential does not open (AADSTS%s) is refused',
    async (number) => {
      const code = `AADSTS${number}`;
      expect(await measured({ 'Audit.Exchange': code, 'DLP.All': code })).toEqual([1]);
    },
  );

  it('that was never polled is not refused', async () => {
    const { run, meter, deps } = createWatch([tenantNamed('Fabrikam')]);
    await run();
    const [{ tenantId } = { tenantId: '' }] = await deps.tenants.list();
    expect(meter.of('auditkeep.refused')).toEqual([{ value: 0, dimensions: { tenantId } }]);
  });
});

describe('a subscription of which nothing is known yet', () => {
  it('has no state, rather than that it is off', () => {
    const [known, unknown] = ['Audit.Exchange', 'Audit.SharePoint'] as const;
    const tenant = tenantNamed('Fabrikam', { contentTypes: [known, unknown] });
    const busy = new UpstreamError('retry', 'AF50000', 'Try again.');
    const outcome = { listed: new Set([known]), errors: new Map([[unknown, busy]]) };
    const subscriptions = nextSubscriptions(tenant, outcome, new Date());
    expect(subscriptions.map(({ contentType }) => contentType)).toEqual([known]);
  });
});

/** Each alert, fired at the level of the event or metric that it watches: the product is driven until that comes out. */
import { createFakeAnnouncer } from '../../support/fakes/arrival-log.ts';
import { HttpRequest, InvocationContext } from '@azure/functions';
import { QueueServiceClient } from '@azure/storage-queue';
import { generate } from 'selfsigned';
import { describe, expect, it } from 'vitest';
import { workQueues } from '../../../shared/poison/queue-names.ts';
import { completeAnswer } from '../../../shared/http/complete-answer.ts';
import { runIndexRequest } from '../../../shared/index/run-index-request.ts';
import type { CredentialSettings } from '../../../shared/config.ts';
import { checkPosture } from '../../../shared/enablement/check-posture.ts';
import { UpstreamError } from '../../../shared/errors.ts';
import { startCountingProxy } from '../../bench/counting-proxy.ts';
import { useStorage } from '../../contract/storage.ts';
import { logRules, metricRules, queryOf } from '../../kql/alert-rules.ts';
import { namesIn } from '../../kql/names.ts';
import { dayMs, hourMs, minuteMs } from '../../support/clock.ts';
import { contentNamed } from '../../support/content.ts';
import { createEnablementWorld } from '../../support/enablement-world.ts';
import { createFakeRecordIndex } from '../../support/fakes/record-index.ts';
import { createRecordingMeter } from '../../support/fakes/meter.ts';
import { createRecordingTelemetry } from '../../support/fakes/telemetry.ts';
import { forgetTenant, tenantNamed } from '../../support/tenants.ts';
import { watchedAlerts, type Watched } from '../../support/watched-alerts.ts';
import { createPolling, createWatch } from './watching.ts';

const storage = useStorage();

describe('the alerts', () => {
  it('match the deployed rules, and each rule watches what is fired here', () => {
    const rules = [...logRules, ...metricRules].map(({ name }) => name);
    expect(rules.sort()).toEqual(Object.keys(watchedAlerts).sort());
    for (const [name, watched] of Object.entries<Watched>(watchedAlerts)) {
      if ('event' in watched) expect(namesIn(queryOf(name))).toContain(watched.event);
      if ('metric' in watched) expect(namesIn(queryOf(name))).toContain(watched.metric);
      if ('platform' in watched)
        expect(metricRules.find((rule) => rule.name === name)?.metric).toBe(watched.platform);
    }
  });
});

describe('silence', () => {
  const { event, metric } = watchedAlerts.silence;

  it('ends with every poll that succeeds, and lasts while none does', async () => {
    const { pollNext, telemetry, tenants, tenant, feed } = createPolling();
    await pollNext();
    feed.refuse('list', '*', new UpstreamError('retry', 'AF50000', 'It failed.'));
    await pollNext();
    expect(telemetry.of(event).map(({ succeeded }) => succeeded)).toEqual([true, false]);
    await tenants.update(tenant.tenantId, { state: 'PendingConsent' });
    await pollNext();
    expect(telemetry.of(event)).toHaveLength(2);
  });

  it('does not fire if no tenant is polled', async () => {
    const { run, meter, tenants } = createWatch(storage());
    await run();
    const tenant = tenantNamed('Fabrikam');
    await tenants.create(tenant);
    await run();
    await tenants.update(tenant.tenantId, { state: 'Removing' });
    await run();
    expect(meter.of(metric).map(({ value }) => value)).toEqual([0, 1, 0]);
    await forgetTenant(tenants, tenant.tenantId);
  });
});

describe('a tenant that falls behind', () => {
  const { metric } = watchedAlerts['completeness-behind'];

  it('is more than six hours late', async () => {
    const { run, meter, clock, ledger, tenants } = createWatch(storage());
    const tenant = tenantNamed('Fabrikam');
    const { tenantId } = tenant;
    await tenants.create({ ...tenant, createdDateTime: new Date(clock.now().getTime() - dayMs) });
    const listedThrough = new Date(clock.now().getTime() - 7 * hourMs);
    await ledger.advance(tenantId, { contentType: 'Audit.Exchange', listedThrough });
    await run();
    const own = meter.of(metric).filter(({ dimensions }) => dimensions['tenantId'] === tenantId);
    expect(own).toEqual([
      { value: 7 * 3600, dimensions: { tenantId, contentType: 'Audit.Exchange' } },
      // Never listed: it waits since it was registered.
      { value: 24 * 3600, dimensions: { tenantId, contentType: 'Audit.SharePoint' } },
    ]);
    await forgetTenant(tenants, tenantId);
  });
});

describe('a gap', () => {
  it('is counted from when it is recorded, however often the watch runs', async () => {
    const { pollNext, publish, feed, tenant, ledger, tenants } = createPolling();
    const { contentId } = publish('lost');
    const { watchOnce, meter } = createWatch(storage());
    await watchOnce({ ledger, tenants });
    feed.refuse('fetch', contentId, new UpstreamError('gone', 'AF20051', 'It is gone.'));
    await pollNext();
    await pollNext();
    await watchOnce({ ledger, tenants });
    await watchOnce({ ledger, tenants });
    const { tenantId } = tenant;
    expect(meter.of(watchedAlerts['gap-recorded'].metric)).toEqual(
      [0, 1, 1].map((value) => ({ value, dimensions: { tenantId } })),
    );
  });
});

describe('a tenant that cannot be measured', () => {
  it('is counted, and never disappears unnoticed', async () => {
    const { tenants } = createPolling();
    const { watchOnce, meter, ledger } = createWatch(storage());
    const broken = { ...ledger, gaps: () => Promise.reject(new Error('Storage is away.')) };
    await watchOnce({ ledger, tenants });
    await watchOnce({ ledger: broken, tenants });
    const unmeasured = meter.of(watchedAlerts['tenant-unmeasured'].metric);
    expect(unmeasured.map(({ value }) => value)).toEqual([0, 1]);
  });
});

describe('a record that reports that auditing was switched off', () => {
  it('is reported when it is indexed', async () => {
    const { pollNext, feed, clock, tenant, raw, landings, tenants, queues, telemetry } = createPolling();
    const record = {
      ...{ Id: 'c4f0a0a6-52d5-4f77-9d0a-0e2f7a6f9b11', CreationTime: '2026-03-10T11:00:00', RecordType: 1 },
      ...{ Operation: 'Set-AdminAuditLogConfig', Workload: 'Exchange', UserId: 'mallory@fabrikam.example' },
      ...{ OrganizationId: tenant.tenantId, UserType: 2 },
      Parameters: [{ Name: 'UnifiedAuditLogIngestionEnabled', Value: 'False' }],
    };
    const content = contentNamed('switch', new Date(clock.now().getTime() - hourMs), 'Audit.Exchange');
    feed.publish(content, { chunks: [Buffer.from(JSON.stringify([record]))] });
    await pollNext();
    const deps = { raw, landings, tenants, index: createFakeRecordIndex(), concurrency: 1 };
    const kept = { retention: {}, now: clock.now, announcer: createFakeAnnouncer() };
    const reporting = { telemetry: telemetry.telemetry, meter: createRecordingMeter().meter };
    for (const request of queues.indexRequests)
      await runIndexRequest({ ...deps, ...kept, ...reporting }, request);
    expect(telemetry.of(watchedAlerts['auditing-switched-off'].event)).toMatchObject([
      { tenantId: tenant.tenantId, recordId: record.Id, cmdlet: record.Operation },
    ]);
  });
});

describe('a poison queue', () => {
  const { metric } = watchedAlerts.poison;

  it('is measured, even if it is empty or missing', async () => {
    const { run, meter } = createWatch(storage());
    const settings = storage();
    if (settings.kind !== 'connectionString') throw new Error('The emulator has a connection string.');
    const queue = QueueServiceClient.fromConnectionString(settings.connectionString).getQueueClient(
      'raw-blobs-poison',
    );
    await run();
    await queue.createIfNotExists();
    await queue.sendMessage('e30=');
    await run();
    const depths = meter.of(metric).filter(({ dimensions }) => dimensions['queue'] === 'raw-blobs-poison');
    expect(depths.map(({ value }) => value)).toEqual([0, 1]);
    expect(new Set(meter.of(metric).map(({ dimensions }) => dimensions['queue'])).size).toBe(
      workQueues.length,
    );
    await queue.deleteIfExists();
  });
});

describe('auditing that was switched off', () => {
  it('is reported by the next daily check', async () => {
    const world = createEnablementWorld();
    await world.run({});
    world.exchange.organization.unifiedAuditLog = false;
    world.clock.advance(dayMs);
    const tenant = await world.tenants.get(world.tenant.tenantId);
    if (tenant === undefined) throw new Error('The tenant is gone.');
    await checkPosture(world.depsOf(), tenant);
    expect(world.telemetry.of(watchedAlerts['posture-drift'].event)).toHaveLength(1);
  });
});

describe('a credential', () => {
  const { event } = watchedAlerts['credential-expiry'];
  const inDays = (days: number) => new Date(Date.parse('2026-03-10T00:00:00Z') + days * dayMs);
  const secretFor = (days: number | undefined): CredentialSettings => ({
    ...{ kind: 'secret', clientId: 'app', clientSecret: 'secret' },
    expires: days === undefined ? undefined : inDays(days),
  });

  it.each([
    [32, []],
    [31, [{ credential: 'secret', daysLeft: 30 }]],
    [-1, [{ credential: 'secret', daysLeft: -2 }]],
    [undefined, []],
  ])('that is a secret with %s days left is reported: %j', async (days, told) => {
    const { run, telemetry } = createWatch(storage(), { credential: secretFor(days) });
    await run();
    expect(telemetry.of(event)).toEqual(told);
  });

  it('that is a certificate has its expiry, which is reported once a day', async () => {
    const notAfterDate = new Date('2026-03-20T12:00:00Z');
    const made = await generate([{ name: 'commonName', value: 'app' }], { keyType: 'ec', notAfterDate });
    const credential = {
      kind: 'certificate',
      clientId: 'app',
      pem: `${made.private}\n${made.cert}`,
    } as const;
    const { run, telemetry, clock } = createWatch(storage(), { credential });
    for (let quarter = 0; quarter < 96; quarter++) {
      if (quarter < 5 || quarter > 92) await run();
      clock.advance(15 * minuteMs);
    }
    expect(telemetry.of(event)).toEqual([{ credential: 'certificate', daysLeft: 10 }]);
  });
});

describe('the refresh token of a partner', () => {
  const { event } = watchedAlerts['credential-expiry'];

  it.each([
    ['2026-04-20', []],
    ['2026-03-20', [{ credential: 'partnerRefreshToken', daysLeft: 9 }]],
    [undefined, []],
  ])('that expires on %s is reported: %j', async (day, told) => {
    const partnerTokenExpires = day === undefined ? undefined : new Date(day);
    const { run, telemetry } = createWatch(storage(), { partnerTokenExpires });
    await run();
    expect(telemetry.of(event)).toEqual(told);
  });

  it('is reported even if the certificate cannot be read', async () => {
    const credential = { kind: 'certificate', clientId: 'app', pem: 'nonsense' } as const;
    const partnerTokenExpires = new Date('2026-03-20');
    const { run, telemetry } = createWatch(storage(), { credential, partnerTokenExpires });
    await expect(run()).rejects.toThrow();
    expect(telemetry.of(event)).toHaveLength(1);
  });
});

describe('a certificate that cannot be read', () => {
  it('fails the watch after everything has been measured', async () => {
    const credential = { kind: 'certificate', clientId: 'app', pem: 'nonsense' } as const;
    const { run, meter } = createWatch(storage(), { credential });
    await expect(run()).rejects.toThrow();
    expect(meter.of('auditkeep.tenants')).toHaveLength(1);
    expect(meter.of('auditkeep.poison')).toHaveLength(workQueues.length);
  });
});

describe('consent that is lost', () => {
  const { metric } = watchedAlerts['consent-lost'];
  const event = 'tenants.consent.lost';
  const unknown = new UpstreamError('fail', 'AADSTS700016', 'The application is unknown in the tenant.');
  const expired = new UpstreamError('fail', 'AADSTS7000222', 'The client secret has expired.');
  const away = new UpstreamError('retry', 'ECONNREFUSED', 'Could not reach Microsoft.');

  /** What the watch sees after each poll, refused so. */
  const watched = async (refusals: readonly (UpstreamError | undefined)[]) => {
    const { pollNext, feed, telemetry, tenant, tenants, ledger } = createPolling();
    const { watchOnce, meter } = createWatch(storage());
    for (const refusal of refusals) {
      feed.relent();
      if (refusal !== undefined) feed.refuse('list', '*', refusal);
      await pollNext();
      await watchOnce({ tenants, ledger });
    }
    return { values: meter.of(metric).map(({ value }) => value), told: telemetry.of(event), tenant };
  };

  it('is visible as long as it lasts, and reported once each time', async () => {
    const { values, told, tenant } = await watched([undefined, unknown, unknown, undefined, unknown]);
    expect(values).toEqual([0, 1, 1, 0, 1]);
    const lost = { tenantId: tenant.tenantId, code: 'AADSTS700016' };
    expect(told).toEqual([lost, lost]);
  });

  it('differs from an outage of Microsoft, and does not end with one', async () => {
    expect(await watched([away, unknown, away])).toMatchObject({ values: [0, 1, 1], told: [{}] });
  });

  it('stops collecting like a credential that is not accepted', async () => {
    expect(await watched([expired, undefined])).toMatchObject({ values: [1, 0], told: [] });
  });
});

describe('an internal error', () => {
  it('is an answer of 500, which the platform counts', async () => {
    const invocation = new InvocationContext({ logHandler: () => undefined });
    const request = new HttpRequest({ method: 'GET', url: 'https://audit.example/api/tenants' });
    const { telemetry } = createRecordingTelemetry();
    const given = await completeAnswer({ telemetry }, { request, invocation }, () =>
      Promise.reject(new Error('no')),
    );
    expect(given.status).toBe(500);
  });
});

describe('the watch', () => {
  it('costs four requests per tenant, one per queue, and one for all', async () => {
    const settings = storage();
    if (settings.kind !== 'connectionString') throw new Error('The emulator has a connection string.');
    const proxy = await startCountingProxy(settings.connectionString);
    const { connectionString } = proxy;
    const { run, tenants, meter } = createWatch({ kind: 'connectionString', connectionString });
    const all = [
      tenantNamed('Fabrikam'),
      tenantNamed('Adatum'),
      tenantNamed('Contoso', { state: 'PendingConsent' }),
    ];
    for (const tenant of all) await tenants.create(tenant);
    proxy.reset();
    await run();
    expect(proxy.counts()).toEqual({
      tableReads: 1 + 2 * 4,
      tableWrites: 0,
      blobReads: 0,
      blobWrites: 0,
      queueOperations: workQueues.length,
    });
    expect(meter.of('auditkeep.pending').map(({ value }) => value)).toEqual([0, 0]);
    for (const { tenantId } of all) await forgetTenant(tenants, tenantId);
    await proxy.stop();
  });
});

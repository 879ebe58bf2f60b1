/** Each alert, fired at the level of the event or metric that it watches: the product is driven until that comes out. */
import { HttpRequest, InvocationContext } from '@azure/functions';
import { QueueServiceClient } from '@azure/storage-queue';
import { generate } from 'selfsigned';
import { describe, expect, it } from 'vitest';
import { answer } from '../../../functions/http.ts';
import { watchCollectionFunction } from '../../../functions/watch-collection.ts';
import { createLandingStore } from '../../../shared/adapters/tables/landing-store.ts';
import { createLedger } from '../../../shared/adapters/tables/ledger-store.ts';
import { createTables } from '../../../shared/adapters/tables/tables.ts';
import { createTenantStore } from '../../../shared/adapters/tables/tenant-store.ts';
import { createWorkQueues } from '../../../shared/adapters/queues/work-queues.ts';
import type { CredentialSettings, StorageSettings } from '../../../shared/config.ts';
import { checkPosture } from '../../../shared/enablement/check-posture.ts';
import { UpstreamError } from '../../../shared/errors.ts';
import { pollDueTenants } from '../../../shared/landing/poll-tenants.ts';
import { startCountingProxy } from '../../bench/counting-proxy.ts';
import { useStorage } from '../../contract/storage.ts';
import { logRules, metricRules, queryOf } from '../../kql/alert-rules.ts';
import { namesIn } from '../../kql/names.ts';
import { createClock, dayMs, hourMs, minuteMs } from '../../support/clock.ts';
import { createEnablementWorld } from '../../support/enablement-world.ts';
import { createRecordingMeter } from '../../support/fakes/meter.ts';
import { createRecordingTelemetry } from '../../support/fakes/telemetry.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { createPollWorld } from '../../support/poll-world.ts';
import { tenantNamed } from '../../support/tenants.ts';
import { watchedAlerts, type Watched } from '../../support/watched-alerts.ts';

const storage = useStorage();

describe('the alerts', () => {
  it('are those that there are rules for, and each rule watches what is fired here', () => {
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

/** Polls one tenant as its timer does. */
function createPolling() {
  const world = createPollWorld();
  const tenants = createFakeTenantStore([world.tenant]);
  const settings = { budgetMs: 10 * minuteMs, tenantConcurrency: 1, ceilingMs: hourMs };
  const pollNext = async () => {
    world.clock.advance(hourMs);
    await pollDueTenants({
      ...world.depsOf({ steps: [], live: (_name, port) => port }),
      tenants,
      ...settings,
    });
  };
  return { ...world, tenants, pollNext };
}

const identity: CredentialSettings = {
  kind: 'managedIdentity',
  clientId: 'app',
  identityClientId: 'identity',
};
const timer = { isPastDue: false, schedule: { adjustForDST: false } };

/** The watch over real storage, at six in the morning. */
function createWatch({
  credential = identity,
  settings = storage(),
}: { credential?: CredentialSettings; settings?: StorageSettings } = {}) {
  const clock = createClock('2026-03-10T06:00:01Z');
  const [telemetry, meter, tables] = [
    createRecordingTelemetry(),
    createRecordingMeter(),
    createTables(settings),
  ];
  const [tenants, ledger, landings] = [
    createTenantStore(tables),
    createLedger(tables),
    createLandingStore(tables),
  ];
  const deps = {
    ...{ tenants, ledger, landings, credential, queues: createWorkQueues(settings), now: clock.now },
    ...{ telemetry: telemetry.telemetry, meter: meter.meter },
  };
  const run = async () => {
    const context = new InvocationContext({ logHandler: () => undefined });
    await watchCollectionFunction(deps).handler({ ...timer, scheduleStatus: never }, context);
  };
  return { ...deps, clock, telemetry, meter, run };
}

const never = { last: '', lastUpdated: '', next: '' };

describe('silence', () => {
  const { event } = watchedAlerts.silence;

  it('ends with every poll, and lasts while none comes to its end', async () => {
    const { pollNext, telemetry, tenants, tenant } = createPolling();
    await pollNext();
    expect(telemetry.of(event)).toHaveLength(1);
    await tenants.update(tenant.tenantId, { state: 'PendingConsent' });
    await pollNext();
    expect(telemetry.of(event)).toHaveLength(1);
  });
});

describe('a tenant that falls behind', () => {
  const { metric } = watchedAlerts['completeness-behind'];

  it('is more than six hours late', async () => {
    const { run, meter, clock, ledger, tenants } = createWatch();
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
    await tenants.remove(tenantId);
  });
});

describe('a gap', () => {
  it('is told of when it is recorded, and counted from then on', async () => {
    const { pollNext, telemetry, publish, feed, tenant } = createPolling();
    const { contentId } = publish('lost');
    feed.refuse('fetch', contentId, new UpstreamError('gone', 'AF20051', 'It is gone.'));
    await pollNext();
    expect(telemetry.of(watchedAlerts['gap-recorded'].event)).toMatchObject([
      { tenantId: tenant.tenantId, code: 'AF20051' },
    ]);
  });
});

describe('a poison queue', () => {
  const { metric } = watchedAlerts.poison;

  it('is measured, also where it is empty or not there', async () => {
    const { run, meter } = createWatch();
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
    expect(new Set(meter.of(metric).map(({ dimensions }) => dimensions['queue'])).size).toBe(7);
    await queue.deleteIfExists();
  });
});

describe('auditing that was switched off', () => {
  it('is told of by the look of the next day', async () => {
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
  ])('that is a secret with %s days left is told of %j', async (days, told) => {
    const { run, telemetry } = createWatch({ credential: secretFor(days) });
    await run();
    expect(telemetry.of(event)).toEqual(told);
  });

  it('that is a certificate tells its end itself, once a day', async () => {
    const notAfterDate = new Date('2026-03-20T12:00:00Z');
    const made = await generate([{ name: 'commonName', value: 'app' }], { keyType: 'ec', notAfterDate });
    const credential = {
      kind: 'certificate',
      clientId: 'app',
      pem: `${made.private}\n${made.cert}`,
    } as const;
    const { run, telemetry, clock } = createWatch({ credential });
    for (let quarter = 0; quarter < 96; quarter++) {
      if (quarter < 5 || quarter > 92) await run();
      clock.advance(15 * minuteMs);
    }
    expect(telemetry.of(event)).toEqual([{ credential: 'certificate', daysLeft: 10 }]);
  });
});

describe('consent that is lost', () => {
  const { event } = watchedAlerts['consent-lost'];
  const refusal = new UpstreamError('fail', 'AADSTS700016', 'This application is not known in that tenant.');

  it('is told of once, however long it lasts, and again when it is lost again', async () => {
    const { pollNext, feed, telemetry, tenant } = createPolling();
    await pollNext();
    for (const times of [1, 2]) {
      feed.refuse('list', '*', refusal);
      await pollNext();
      await pollNext();
      expect(telemetry.of(event)).toHaveLength(times);
      feed.relent();
      await pollNext();
    }
    expect(telemetry.of(event)[0]).toEqual({ tenantId: tenant.tenantId, code: 'AADSTS700016' });
  });

  it('is not what Microsoft being away looks like', async () => {
    const { pollNext, feed, telemetry } = createPolling();
    feed.refuse('list', '*', new UpstreamError('retry', 'ECONNREFUSED', 'Microsoft could not be reached.'));
    await pollNext();
    expect(telemetry.of(event)).toEqual([]);
  });
});

describe('an error of our own', () => {
  it('is an answer of 500, which the platform counts', async () => {
    const context = new InvocationContext({ logHandler: () => undefined });
    const request = new HttpRequest({ method: 'GET', url: 'https://audit.example/api/tenants' });
    const { telemetry } = createRecordingTelemetry();
    const given = await answer({ telemetry }, { request, context }, () => Promise.reject(new Error('no')));
    expect(given.status).toBe(500);
  });
});

describe('the watch', () => {
  it('costs four requests for each tenant, one for each queue, and one for all', async () => {
    const settings = storage();
    if (settings.kind !== 'connectionString') throw new Error('The emulator has a connection string.');
    const proxy = await startCountingProxy(settings.connectionString);
    const { connectionString } = proxy;
    const { run, tenants, meter } = createWatch({ settings: { kind: 'connectionString', connectionString } });
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
      queueOperations: 7,
    });
    expect(meter.of('auditkeep.pending').map(({ value }) => value)).toEqual([0, 0]);
    for (const { tenantId } of all) await tenants.remove(tenantId);
    await proxy.stop();
  });
});

/** The built app in a local host, with the storage emulator and the simulator, reporting to a simulated ingestion. */
import { randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createKey } from '../../../scripts/key/create-key.ts';
import { createChannelStore } from '../../../shared/adapters/tables/channel-store.ts';
import { createDestinationStore } from '../../../shared/adapters/tables/destination-store.ts';
import { createTables } from '../../../shared/adapters/tables/tables.ts';
import { metrics } from '../../../shared/telemetry/metrics.ts';
import { startHost, type HostProcess } from '../../local/host-process.ts';
import { simulatorSettings } from '../../local/simulator-settings.ts';
import { startSimulator, type Simulator } from '../../simulator/simulator.ts';
import { expectDescribedResponse } from '../../support/described.ts';
import { buildApp } from '../../support/built-app.ts';
import { hourMs } from '../../support/clock.ts';
import { recordTexts } from '../../support/content.ts';
import { bundledHost } from '../../support/run/bundle.ts';
import { openStorage, type TestStorage } from '../../support/run/storage.ts';
import { startIngestion, type IngestedEvent, type Ingestion } from '../../support/ingestion.ts';

const publisherId = 'c2a7f9d4-1e6b-4d0f-b6a3-94e8d5270f43';
const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const tenantId = randomUUID();
const storage = () => ({ kind: 'connectionString', connectionString: opened.connectionString }) as const;

let folder: string;
let project: string;
let opened: TestStorage;
let simulator: Simulator;
let ingestion: Ingestion;
let host: HostProcess;

async function startApp(): Promise<HostProcess> {
  const caFile = join(folder, 'all.pem');
  await writeFile(caFile, [simulator.caPem, await readFile(ingestion.caFile, 'utf8')].join('\n'));
  const env = {
    AzureWebJobsStorage: opened.connectionString,
    APPLICATIONINSIGHTS_CONNECTION_STRING: ingestion.connectionString,
    NODE_EXTRA_CA_CERTS: caFile,
    ...simulatorSettings(simulator),
    AUDITKEEP_SETTLE_SECONDS: '1',
    // Whether a retention is behind is measured only where there is one.
    AUDITKEEP_INDEX_MONTHS: '12',
    LOCAL_HOST_LOG_LEVEL: 'warning',
  };
  return await startHost({ project, env, script: await bundledHost() });
}

function publish(): void {
  simulator.addTenant({
    ...{ tenantId, displayName: 'Fabrikam', domain: 'fabrikam.example', records: [], auditingEnabled: true },
    directory: { users: [], groups: [], servicePrincipals: [], globalAdministratorIds: [] },
  });
  const contentCreated = new Date(Date.now() - hourMs).toISOString();
  const texts = recordTexts('traced', 3);
  const content = {
    kind: 'records',
    contentType: 'Audit.Exchange',
    texts: [...texts],
    contentCreated,
  } as const;
  simulator.addContent(tenantId, content);
  // Once: the poll waits a moment and continues.
  simulator.faults.add({
    match: { tenantId, operation: 'content' },
    times: 1,
    effect: { kind: 'throttled' },
  });
}

/** Registers the tenant as a caller would who traces; what follows from it is done when this resolves. */
async function register(): Promise<void> {
  const scopes = ['tenants.manage', 'records.read'] as const;
  const key = await createKey({ storage: storage(), name: 'test', tenants: '*', scopes });
  const headers = { 'x-api-key': key, 'content-type': 'application/json' };
  const response = await fetch(`${host.baseUrl}/api/tenants`, {
    method: 'POST',
    headers: { ...headers, traceparent: `00-${traceId}-00f067aa0ba902b7-01` },
    body: JSON.stringify({ tenantId, displayName: 'Fabrikam', contentTypes: ['Audit.Exchange'] }),
  });
  await expectDescribedResponse('POST', response);
  expect([response.status, response.headers.get('traceparent')?.slice(3, 35)]).toEqual([201, traceId]);
  await vi.waitFor(
    async () => {
      const asked = await fetch(`${host.baseUrl}/api/tenants/${tenantId}/ingestion`, { headers });
      await expectDescribedResponse('GET', asked);
      expect(await asked.json()).toMatchObject({ recordsIndexed: 3 });
    },
    { timeout: 45_000, interval: 250 },
  );
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'correlation-'));
  [project, opened, ingestion] = await Promise.all([buildApp(), openStorage(), startIngestion()]);
  simulator = await startSimulator({ tenants: [], caFile: join(folder, 'ca.pem'), publisherId });
  publish();
  host = await startApp();
  await register();
  await createDestinationStore(createTables(storage())).create({
    ...{ destinationId: randomUUID(), displayName: 'SIEM', kind: 'httpsNdjson', tenants: '*', filters: {} },
    settings: { url: 'https://siem.example/' },
    ...{ paused: true, createdBy: 'key', createdDateTime: new Date(), since: new Date() },
  });
  await createChannelStore(createTables(storage())).create({
    ...{ channelId: randomUUID(), displayName: 'Mail', kind: 'webhook', tenants: '*', topics: ['findings'] },
    ...{ minimumSeverity: 'medium', settings: {}, floodLimit: 20, paused: true, recent: [], refusals: 0 },
    ...{ createdBy: 'key', createdDateTime: new Date() },
  });
  await host.run('watch-collection');
  await host.run('watch-destinations');
  await host.run('watch-channels');
  await vi.waitFor(async () => {
    expect((await host.status()).idle).toBe(true);
  }, 45_000);
  // A host sends the remaining telemetry before it ends.
  await host.stop();
});

afterAll(async () => {
  await Promise.all([simulator.stop(), opened.close(), ingestion.stop()]);
  await Promise.all([folder, project].map((each) => rm(each, { recursive: true })));
});

const named = (name: string) => ingestion.events.filter((event) => event.name === name);
const functionsOf = (events: readonly IngestedEvent[]) =>
  new Set(events.map(({ properties }) => properties['function']));

describe('a request', () => {
  it('is followed through the queues to the landing by one trace', async () => {
    const traced = ingestion.events.filter(({ operationId }) => operationId === traceId);
    const functions = functionsOf(traced);
    for (const name of ['register-tenant', 'run-poll-request', 'index-raw-blob'])
      expect(functions).toContain(name);
    const names = new Set(traced.map(({ name }) => name));
    for (const name of ['tenants.tenant.registered', 'landing.poll.finished', 'index.landing.finished'])
      expect(names).toContain(name);
    const { landingId = '' } = named('index.landing.finished')[0]?.properties ?? {};
    const row = await createTables(storage()).get('Landings', tenantId, landingId);
    expect(row).toMatchObject({ traceId, state: 'indexed' });
  });

  it('of another caller is another trace', () => {
    const others = named('functions.invocation.started').filter(({ operationId }) => operationId !== traceId);
    expect(functionsOf(others)).toContain('get-ingestion');
    expect(functionsOf(others)).toContain('watch-collection');
  });
});

describe('an invocation', () => {
  it('of each kind has one event when it begins and one when it ends', () => {
    const idsOf = (name: string) => named(name).map(({ properties }) => properties['invocationId']);
    const started = idsOf('functions.invocation.started');
    expect(new Set(started).size).toBe(started.length);
    expect(idsOf('functions.invocation.finished').sort()).toEqual(started.sort());
    const kinds = new Set(
      named('functions.invocation.started').map(({ properties }) => properties['trigger']),
    );
    expect([...kinds].sort()).toEqual(['http', 'queue', 'timer']);
  });

  it('of a queue reports how often its message was delivered', () => {
    const [indexing] = named('functions.invocation.started').filter(
      ({ properties }) => properties['function'] === 'index-raw-blob',
    );
    expect(indexing?.properties).toMatchObject({ trigger: 'queue', dequeueCount: '1' });
  });

  it('is named by every event', () => {
    expect(ingestion.events.filter(({ properties }) => properties['invocationId'] === undefined)).toEqual([]);
  });
});

describe('metrics', () => {
  const of = (name: string) => ingestion.metrics.filter((metric) => metric.name === name);
  const sumOf = (name: string) => of(name).reduce((sum, { value }) => sum + value, 0);

  it('are all measured by the product, with the documented dimensions', () => {
    // Nothing was dropped here.
    const expected = Object.entries(metrics).filter(([name]) => name !== 'auditkeep.dropped');
    for (const [name, { dimensions }] of expected) {
      const found = new Set(of(name).map(({ properties }) => Object.keys(properties).sort().join()));
      expect([name, ...found]).toEqual([name, [...dimensions].sort().join()]);
    }
  });

  it('count what was indexed, and how often Microsoft throttled', () => {
    expect(sumOf('auditkeep.records')).toBe(3);
    expect(sumOf('auditkeep.rows')).toBeGreaterThan(3);
    expect(of('auditkeep.throttles')).toEqual([
      { name: 'auditkeep.throttles', value: 1, properties: { api: 'activity', tenantId } },
    ]);
  });

  it('estimate the cost of each function, including storage operations', () => {
    const [indexing] = of('auditkeep.dollars').filter(
      ({ properties }) => properties['function'] === 'index-raw-blob',
    );
    // A second of half a gigabyte and an execution are 13.4 millionths.
    expect(indexing?.value).toBeGreaterThan(0.0000134);
    expect(indexing?.value).toBeLessThan(0.001);
  });
});

/** The built app in the real host process, which is killed again and again while it enables a large tenant. */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { QueueServiceClient } from '@azure/storage-queue';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorkQueues } from '../../../shared/adapters/queues/work-queues.ts';
import { createOperationStore } from '../../../shared/adapters/tables/operation-store.ts';
import { createTables } from '../../../shared/adapters/tables/tables.ts';
import { createTenantStore } from '../../../shared/adapters/tables/tenant-store.ts';
import {
  enablementKind,
  enablementRequestSchema,
  type Enablement,
} from '../../../shared/enablement/enablement.ts';
import { isFinished, operationQueue } from '../../../shared/operations/operation.ts';
import { findOperation } from '../../../shared/operations/operation-store.ts';
import { startEnablement } from '../../../shared/enablement/start-enablement.ts';
import { startChild, type Child } from '../../local/child.ts';
import { simulatorSettings } from '../../local/simulator-settings.ts';
import { createRandom } from '../../simulator/random.ts';
import { startSimulator, type Simulator } from '../../simulator/simulator.ts';
import { buildApp } from '../../support/built-app.ts';
import { stepOf } from '../../support/enablement-world.ts';
import { bundledHost } from '../../support/run/bundle.ts';
import { openStorage, type TestStorage } from '../../support/run/storage.ts';
import { sized } from '../../support/sizes.ts';
import { tenantNamed } from '../../support/tenants.ts';

/** 2,000 are still two pages of Exchange and hundreds of writes, more than the hosts that are killed get through. */
const count = sized(2000, 5000);
/** Two of 8 are at any moment, and the others while the host works, at other moments in every run. */
const kills = sized(8, 20);
/** A host is killed within so many requests to Exchange; too few for all of them to come to the end. */
const mostRequests = sized(25, 40);
/** A host that continues has written by then. Two of four hosts get so far, whatever the seed: others may write nothing. */
const enoughToWrite = 12;
/** And so long after that; every fourth within so long of when it is ready, whatever it does then. */
const longestMs = { between: 20, any: 600 };
/** As short as the local host allows: how long a killed host's message stays hidden; on Azure, ten minutes. */
const leaseSeconds = '2';

let folder: string;
let hostScript: string;
let opened: TestStorage;
let simulator: Simulator;
/** The same after every restart. */
let settings: Readonly<Record<string, string>>;

beforeAll(async () => {
  [folder, hostScript] = await Promise.all([buildApp(), bundledHost()]);
  opened = await openStorage();
  simulator = await startSimulator({ tenants: [], caFile: join(folder, 'ca.pem') });
  settings = simulatorSettings(simulator);
});

afterAll(async () => {
  await simulator.stop();
  await opened.close();
  await rm(folder, { recursive: true });
});

function startApp(): Promise<Child<string>> {
  return startChild({
    name: 'The local host',
    script: hostScript,
    args: ['--project', folder, '--port', '0'],
    readyWhen: (line) => (line.startsWith('{"baseUrl"') ? line : undefined),
    env: {
      LOCAL_HOST_LEASE_SECONDS: leaseSeconds,
      LOCAL_HOST_LOG_LEVEL: 'error',
      NODE_EXTRA_CA_CERTS: simulator.caFile,
      AzureWebJobsStorage: opened.connectionString,
      ...settings,
    },
  });
}

/** A tenant in which everything is wrong, its mailboxes as they are, and an enablement of it that has begun. */
async function begin() {
  const storage = { kind: 'connectionString', connectionString: opened.connectionString } as const;
  const tables = createTables(storage);
  const tenant = tenantNamed('Fabrikam', { contentTypes: ['Audit.Exchange', 'Audit.SharePoint'] });
  const { tenantId } = tenant;
  simulator.addTenant({
    ...{ tenantId, displayName: 'Fabrikam', domain: 'fabrikam.example', records: [] },
    auditingEnabled: false,
    directory: { users: [], groups: [], servicePrincipals: [], globalAdministratorIds: [] },
    exchange: {
      ...{ unifiedAuditLog: false, auditDisabled: true },
      generate: { counts: { UserMailbox: count }, unaudited: 0.6, trapped: 0.1, bypassed: 0.002 },
    },
  });
  await createTenantStore(tables).create(tenant);
  const enablements = createOperationStore(tables, enablementKind);
  const { id } = await startEnablement(
    { enablements, queues: createWorkQueues(storage), telemetry: () => undefined, now: () => new Date() },
    { tenantId, request: enablementRequestSchema.parse({ removeBypasses: true }), createdBy: 'key-1' },
  );
  const read = (): Promise<Enablement> => findOperation(enablements, { tenantId, id });
  return { read, exchange: simulator.exchange(tenantId) };
}

const asked = () => simulator.counters.snapshot().exchange;

/** Kills host after host, each at a random time; returns what was written by then. */
async function killHosts(seed: number): Promise<readonly number[]> {
  const random = createRandom(seed);
  const written: number[] = [];
  for (let killed = 0; killed < kills; killed++) {
    const before = asked().requests;
    const host = await startApp();
    if (killed % 4 === 3) await setTimeout(random.next() * longestMs.any);
    else {
      const last = before + random.integer(killed % 4 === 0 ? 1 : enoughToWrite, mostRequests);
      while (asked().requests < last) await setTimeout(2);
      await setTimeout(random.next() * longestMs.between);
    }
    host.kill();
    await host.ended;
    written.push(asked().mailboxWrites.total);
  }
  return written;
}

async function untilFinished(read: () => Promise<Enablement>): Promise<Enablement> {
  for (let done = await read(); ; done = await read()) {
    if (isFinished(done)) return done;
    await setTimeout(100);
  }
}

async function messagesIn(queue: string): Promise<number> {
  const client = QueueServiceClient.fromConnectionString(opened.connectionString).getQueueClient(queue);
  if (!(await client.exists())) return 0;
  return (await client.getProperties()).approximateMessagesCount ?? 0;
}

describe(`a host that is killed ${kills} times while it enables ${count} mailboxes`, () => {
  it('has the same result, and writes no mailbox more than twice', { timeout: 300_000 }, async () => {
    const seed = Number(process.env['KILLS_SEED'] ?? Math.floor(Math.random() * 1_000_000));
    console.log(`Killing hosts at moments of KILLS_SEED=${seed}`);
    const { read, exchange } = await begin();
    // So that some are killed in the midst of a request.
    simulator.changeSettings({ exchangeLatencyMs: 10 });
    const written = await killHosts(seed);
    expect(isFinished(await read())).toBe(false);
    expect(new Set(written).size).toBeGreaterThan(kills / 3);
    simulator.changeSettings({ exchangeLatencyMs: 0 });
    const host = await startApp();
    const done = await untilFinished(read);
    await host.stop();
    expect(done.state.steps.map(({ errorMessage }) => errorMessage).filter(Boolean)).toEqual([]);
    expect(done.status).toBe('Succeeded');
    expect(new Set(done.state.steps.map(({ status }) => status))).toEqual(
      new Set(['AlreadyDone', 'Succeeded']),
    );
    expect(stepOf(done, 'mailboxes').before).toEqual({ mailboxes: count, toChange: count });
    expect(stepOf(done, 'verification').after).toMatchObject({
      ...{ unifiedAuditLog: true, mailboxAuditingDisabled: false, bypasses: [], subscriptionsMissing: [] },
      mailboxes: { total: count, asWanted: count },
    });
    for (const { writes, ...mailbox } of exchange.mailboxes()) {
      expect(mailbox).toMatchObject({ auditEnabled: true, foundAsAudited: true, bypassed: false });
      expect(mailbox).toMatchObject({ auditLogAgeLimit: '365.00:00:00' });
      expect(writes).toBeGreaterThan(0);
      expect(writes).toBeLessThanOrEqual(2);
    }
    const queues = [operationQueue, `${operationQueue}-poison`];
    expect(await Promise.all(queues.map(messagesIn))).toEqual([0, 0]);
    console.log('Written by the time of each kill:', written.join(' '));
  });
});

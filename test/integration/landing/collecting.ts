/** A simulator, a storage account and a process that polls, shared by the tests of one file. */
import { BlobServiceClient } from '@azure/storage-blob';
import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { ContentType } from '../../../shared/activity/content-types.ts';
import { createLedger } from '../../../shared/adapters/tables/ledger-store.ts';
import { createTables } from '../../../shared/adapters/tables/tables.ts';
import type { Ledger } from '../../../shared/landing/ledger.ts';
import { defaultSettings } from '../../simulator/settings.ts';
import { startSimulator, type Simulator } from '../../simulator/simulator.ts';
import type { PollJob, PollReport } from '../../support/collector-messages.ts';
import { startCollector } from '../../support/collector-process.ts';
import { hourMs } from '../../support/clock.ts';
import { recordTexts } from '../../support/content.ts';
import { openStorage } from '../../support/run/storage.ts';

const publisherId = 'c2a7f9d4-1e6b-4d0f-b6a3-94e8d5270f43';

export interface NewTenant {
  readonly auditingEnabled?: boolean;
  readonly contentTypes?: readonly ContentType[];
}

/** One tenant of the simulator, and what was collected of it. */
export interface CollectedTenant {
  readonly tenantId: string;
  readonly simulator: Simulator;
  readonly ledger: Ledger;
  /** Publishes a content blob, by default an hour ago; returns its contentId. */
  publish(texts: readonly string[], how?: { type?: ContentType; ago?: number }): string;
  poll(changes?: Partial<PollJob>): Promise<PollReport>;
  /** Lines of all raw blobs, sorted. */
  lines(): Promise<readonly string[]>;
  /** Bodies that could not be split. */
  rejected(): Promise<readonly string[]>;
}

type Resources = Awaited<ReturnType<typeof startResources>>;

async function startResources() {
  const folder = await mkdtemp(join(tmpdir(), 'collecting-test-'));
  const storage = await openStorage();
  const simulator = await startSimulator({ tenants: [], caFile: join(folder, 'ca.pem'), publisherId });
  const collector = await startCollector(simulator.caFile);
  const stop = async () => {
    await collector.stop();
    await simulator.stop();
    await storage.close();
    await rm(folder, { recursive: true });
  };
  return { storage, simulator, collector, stop };
}

/**
 * Starts all before the file's tests. After each test the simulator is itself again, and every request it got
 * must have named the publisher.
 * @returns a way to make a tenant that no other test knows
 */
export function useCollecting(): (options?: NewTenant) => CollectedTenant {
  let resources: Resources | undefined;
  beforeAll(async () => {
    resources = await startResources();
  });
  afterEach(() => {
    resources?.simulator.faults.clear();
    resources?.simulator.changeSettings(defaultSettings);
    resources?.simulator.moveClock(0);
    expect(resources?.simulator.counters.snapshot().missingPublisherIdentifier).toBe(0);
  });
  afterAll(() => resources?.stop());
  return (options = {}) => {
    if (resources === undefined) throw new Error('Tenants are there only while tests run.');
    return createTenant(resources, options);
  };
}

function createTenant({ storage, simulator, collector }: Resources, options: NewTenant): CollectedTenant {
  const { connectionString } = storage;
  const tenantId = randomUUID();
  const contentTypes = [...(options.contentTypes ?? (['Audit.Exchange'] as const))];
  simulator.addTenant({
    ...{ tenantId, displayName: 'Fabrikam', domain: `${tenantId}.fabrikam.example`, records: [] },
    auditingEnabled: options.auditingEnabled ?? true,
    directory: { users: [], groups: [], servicePrincipals: [], globalAdministratorIds: [] },
  });
  const { baseUrl, clientId, clientSecret } = simulator;
  const job = {
    ...{ connectionString, baseUrl, clientId, clientSecret, publisherId, tenantId, contentTypes },
    ...{ settleMs: 0, clockOffsetMs: 0, reconcile: false },
    ...{ maxBufferedBytes: 1_000_000, maxLandingBytes: 16_000_000 },
  };
  const bodies = (container: string) => readAll(connectionString, container, `tenant=${tenantId}/`);
  return {
    ...{ tenantId, simulator },
    ledger: createLedger(createTables({ kind: 'connectionString', connectionString })),
    publish: (texts, { type = 'Audit.Exchange', ago = hourMs } = {}) => {
      const contentCreated = new Date(Date.now() - ago).toISOString();
      const content = { kind: 'records', contentType: type, texts: [...texts], contentCreated } as const;
      return simulator.addContent(tenantId, content).join('');
    },
    poll: (changes = {}) => collector.poll({ ...job, ...changes }),
    lines: async () =>
      (await bodies('raw'))
        .flatMap((body) => gunzipSync(body).toString('utf8').split('\n').slice(0, -1))
        .sort(),
    rejected: async () => (await bodies('rejected')).map(String),
  };
}

async function readAll(connectionString: string, name: string, prefix: string): Promise<readonly Buffer[]> {
  const container = BlobServiceClient.fromConnectionString(connectionString).getContainerClient(name);
  if (!(await container.exists())) return [];
  const bodies: Buffer[] = [];
  for await (const blob of container.listBlobsFlat({ prefix })) {
    bodies.push(await container.getBlobClient(blob.name).downloadToBuffer());
  }
  return bodies;
}

/** Texts of so many content blobs with three records each. */
export function blobTexts(count: number): readonly (readonly string[])[] {
  return Array.from({ length: count }, (_, at) => recordTexts(`blob-${at}`, 3));
}

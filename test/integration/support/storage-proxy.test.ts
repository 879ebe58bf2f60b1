/** The proxy in front of storage does what tests rely on, and what storage has done is done once. */
import { randomUUID } from 'node:crypto';
import { QueueServiceClient } from '@azure/storage-queue';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createRawStore } from '../../../shared/adapters/blobs/raw-store.ts';
import { createWorkQueues } from '../../../shared/adapters/queues/work-queues.ts';
import { createLandingStore } from '../../../shared/adapters/tables/landing-store.ts';
import { createRecordIndex } from '../../../shared/adapters/tables/record-index.ts';
import { createTables } from '../../../shared/adapters/tables/tables.ts';
import { createTenantStore } from '../../../shared/adapters/tables/tenant-store.ts';
import type { Landing } from '../../../shared/landing/landing.ts';
import { openStorage, type TestStorage } from '../../support/run/storage.ts';
import {
  startStorageProxy,
  type Interference,
  type StorageCall,
  type StorageProxy,
} from '../../support/storage-proxy.ts';
import { tenantNamed } from '../../support/tenants.ts';

let storage: TestStorage;
let proxy: StorageProxy;
let planned: { readonly when: (call: StorageCall) => boolean; readonly what: Interference } | undefined;
let struck = 0;

beforeAll(async () => {
  storage = await openStorage();
  proxy = await startStorageProxy(storage.connectionString, (call) => {
    const { what } = planned?.when(call) === true ? planned : { what: undefined };
    if (what === undefined) return undefined;
    planned = undefined;
    struck++;
    return what;
  });
});
afterEach(() => {
  planned = undefined;
  struck = 0;
});
afterAll(async () => {
  await proxy.stop();
  await storage.close();
});

/** Through the proxy, and directly. */
const faulty = () => ({ kind: 'connectionString', connectionString: proxy.connectionString }) as const;
const direct = () => ({ kind: 'connectionString', connectionString: storage.connectionString }) as const;

const isWrite =
  (service: StorageCall['service'], path = '') =>
  (call: StorageCall) =>
    call.service === service && call.method !== 'GET' && call.path.includes(path);

const interferences: readonly [string, Interference][] = [
  ['500', { kind: 'refused', status: 500 }],
  ['503', { kind: 'refused', status: 503 }],
  ['a reset before', { kind: 'reset', isExecuted: false }],
  ['a reset after', { kind: 'reset', isExecuted: true }],
  ['silence before', { kind: 'silence', isExecuted: false, holdMs: 200 }],
  ['silence after', { kind: 'silence', isExecuted: true, holdMs: 200 }],
];

const landing = (): Landing => ({
  ...{ landingId: `20260302100000000-${randomUUID().slice(0, 16)}`, blobName: 'raw', bytes: 10, records: 1 },
  ...{ contentBlobs: 1, landedAt: new Date(), oldestContent: new Date() },
});

describe.each(interferences)('%s', (_name, what) => {
  it('of a table leaves one number for a landing that was closed once', async () => {
    const tenantId = randomUUID();
    const [landings, one] = [createLandingStore(createTables(faulty())), landing()];
    await landings.open(tenantId, one);
    planned = { when: isWrite('Table', 'batch'), what };
    await landings.close(tenantId, one, { indexed: 1, duplicates: 0, notUnderstood: 0, rows: 1 });
    expect(struck).toBe(1);
    const stored = createLandingStore(createTables(direct()));
    const numbered = await stored.sequenced(tenantId, 0, 10);
    expect(numbered.map(({ landingId }) => landingId)).toEqual([one.landingId]);
    expect(await stored.unindexed(tenantId)).toEqual([]);
    expect(await stored.lastSequence(tenantId)).toBe(numbered[0]?.sequence);
  });

  it('of a table leaves a claim to its landing', async () => {
    const tenantId = randomUUID();
    const claim = { id: 'a', inverted: '8223372036854', landing: 1n, line: 0, content: 2n };
    planned = { when: isWrite('Table', 'batch'), what };
    await createRecordIndex(createTables(faulty())).createClaims(tenantId, [claim]);
    expect(struck).toBe(1);
    const stored = await createRecordIndex(createTables(direct())).readClaims(tenantId, ['a']);
    expect(stored.get('a')).toEqual(claim);
  });

  it('of a blob leaves it as it was sent', async () => {
    const name = `tenant=${randomUUID()}/one`;
    planned = { when: isWrite('Blob', 'one'), what };
    await createRawStore(faulty()).put(name, Buffer.from('text'), { records: '1' });
    expect(struck).toBe(1);
    expect((await createRawStore(direct()).read(name))?.metadata).toMatchObject({ records: '1' });
  });

  it('of a queue leaves at least one message', async () => {
    const before = await depth();
    const request = { version: 1, tenantId: randomUUID(), landingId: 'a', blobName: 'b' } as const;
    planned = { when: isWrite('Queue', 'messages'), what };
    await createWorkQueues(faulty()).requestIndexing(request);
    expect(struck).toBe(1);
    expect((await depth()) - before).toBeGreaterThanOrEqual(1);
  });
});

describe('a lease whose answer is lost', () => {
  it('is held by the caller, and by no other', async () => {
    const [tenants, tenant] = [createTenantStore(createTables(faulty())), tenantNamed('Leased')];
    await tenants.create(tenant);
    const found = await tenants.get(tenant.tenantId);
    if (found === undefined) throw new Error('The tenant exists.');
    planned = { when: isWrite('Table', 'Tenants'), what: { kind: 'reset', isExecuted: true } };
    const [now, until] = [new Date(), new Date(Date.now() + 60_000)];
    expect(await tenants.lease(found, until, now)).toBe(true);
    expect(await tenants.lease(found, until, now)).toBe(false);
    const after = await tenants.get(tenant.tenantId);
    expect(after?.leasedUntil).toEqual(until);
    if (after !== undefined)
      expect(await tenants.lease(after, until, new Date(until.getTime() + 1))).toBe(true);
  });
});

async function depth(): Promise<number> {
  const queue = QueueServiceClient.fromConnectionString(storage.connectionString).getQueueClient('raw-blobs');
  return (await queue.getProperties().catch(() => undefined))?.approximateMessagesCount ?? 0;
}

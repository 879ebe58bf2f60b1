/** The cost of a poll without new records. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startCountingProxy, type CountingProxy } from '../../bench/counting-proxy.ts';
import { openStorage, type TestStorage } from '../../support/run/storage.ts';
import { createStoredFeed } from './stored-feed.ts';

let storage: TestStorage;
let proxy: CountingProxy;

beforeAll(async () => {
  storage = await openStorage();
  proxy = await startCountingProxy(storage.connectionString);
});
afterAll(async () => {
  await proxy.stop();
  await storage.close();
});

const oneRead = { tableReads: 1, tableWrites: 0, blobReads: 0, blobWrites: 0, queueOperations: 0 };

it('an idle poll reads one table once, with key or without, and nothing else', async () => {
  const { call, key, address: feed, ingest } = await createStoredFeed(proxy.connectionString);
  await ingest('a');
  const first = await call(`${feed}?start=beginning`, { key });
  const next = await call(first.headers.get('location') ?? '', { key });
  const address = next.headers.get('location') ?? '';
  await call(address);
  for (const sent of [{ key }, {}]) {
    proxy.reset();
    expect((await call(address, sent)).status).toBe(202);
    expect(proxy.counts()).toEqual(oneRead);
  }
});

it.each(['', '&tenants=tag:gold'])('so does one of 300 tenants (start=beginning%s)', async (set) => {
  const { call, key, ingest, addTenant } = await createStoredFeed(proxy.connectionString);
  const ids: string[] = [];
  for (let count = 0; count < 300; count++) ids.push(await addTenant(`Tenant ${count}`));
  for (const id of ids.slice(0, 3)) await ingest(`record of ${id}`, id);
  const first = await call(`records-feed?start=beginning${set}`, { key });
  const next = await call(first.headers.get('location') ?? '', { key });
  expect(next.status).toBe(set === '' ? 200 : 202);
  const address = next.headers.get('location') ?? '';
  await call(address);
  for (const sent of [{ key }, {}]) {
    proxy.reset();
    expect((await call(address, sent)).status).toBe(202);
    expect(proxy.counts()).toEqual(oneRead);
  }
});

it('a poll of a tag reads the list of tenants once, however many others have new records', async () => {
  const { call, key, ingest, addTenant } = await createStoredFeed(proxy.connectionString);
  const first = await call('records-feed?start=beginning&tenants=tag:gold', { key });
  for (let count = 0; count < 20; count++) {
    const id = await addTenant(`Other ${count}`);
    await ingest(`record of ${id}`, id);
  }
  proxy.reset();
  expect((await call(first.headers.get('location') ?? '', { key })).status).toBe(202);
  expect(proxy.counts()).toEqual({ ...oneRead, tableReads: 2 });
});

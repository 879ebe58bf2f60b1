/** A flow that rested while its tenant was purged and taken in again. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTenantData } from '../../../shared/adapters/tenant-data.ts';
import { guidOf } from '../../support/feed-world.ts';
import { openStorage, type TestStorage } from '../../support/run/storage.ts';
import { createStoredFeed } from './stored-feed.ts';

let opened: TestStorage;

beforeAll(async () => {
  opened = await openStorage();
});
afterAll(() => opened.close());

/** A flow that has been given everything, its next position, and its tenant after a purge. */
async function startPurged(landings: number) {
  const feed = await createStoredFeed(opened.connectionString);
  const { call, key, address, storage, tables, tenantId } = feed;
  for (let at = 0; at < landings; at++) await feed.ingest(`before ${at}`);
  const first = await call(`${address}?start=beginning`, { key });
  const given = await call(first.headers.get('location') ?? '', { key });
  expect(given.json).toMatchObject({ value: { length: landings } });
  await createTenantData(storage, tables).purge(tenantId, new AbortController().signal);
  return { ...feed, next: given.headers.get('location') ?? '' };
}

describe('a position of a feed from before a purge', () => {
  it('waits while there is nothing', async () => {
    const { call, key, next } = await startPurged(2);
    expect((await call(next, { key })).status).toBe(202);
  });

  it.each([1, 3, 5])('misses nothing of %i landings that came after it', async (landings) => {
    const { call, key, next, ingest } = await startPurged(3);
    const names = Array.from({ length: landings }, (_, at) => `after ${at}`);
    for (const name of names) await ingest(name);
    const { status, json } = await call(next, { key });
    expect(status).toBe(200);
    expect(json).toMatchObject({ value: names.map((name) => ({ id: guidOf(name) })) });
  });
});

/** What announcing and following the landings of many tenants costs in requests to storage. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createArrivalLog } from '../../../shared/adapters/tables/arrival-log.ts';
import { createTables } from '../../../shared/adapters/tables/tables.ts';
import { createArrivalAnnouncer } from '../../../shared/feed/announce-arrivals.ts';
import { arrivalsEnd } from '../../../shared/feed/arrival-sequence.ts';
import { readArrivals } from '../../../shared/feed/read-arrivals.ts';
import { startCountingProxy, type CountingProxy } from '../../bench/counting-proxy.ts';
import { createFeedWorld } from '../../support/feed-world.ts';
import { openStorage, type TestStorage } from '../../support/run/storage.ts';

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

const now = () => new Date();
const nothing = { tableReads: 0, tableWrites: 0, blobReads: 0, blobWrites: 0, queueOperations: 0 };

/** A host of its own. */
function openHost() {
  const tables = createTables({ kind: 'connectionString', connectionString: proxy.connectionString });
  const arrivals = createArrivalLog(tables);
  return { arrivals, ...createArrivalAnnouncer({ arrivals, now }) };
}

it('an announcement is one transaction while no other host announces, and two reads more on a new host', async () => {
  const tenantId = randomUUID();
  await openHost().announce(tenantId, 1);
  const host = openHost();
  const costs = [];
  for (const through of [2, 3, 4]) {
    proxy.reset();
    await host.announce(tenantId, through);
    costs.push(proxy.counts());
  }
  const warm = { ...nothing, tableWrites: 1 };
  expect(costs).toEqual([{ ...warm, tableReads: 2 }, warm, warm]);
});

it('twenty tenants at once are announced with one transaction', async () => {
  const host = openHost();
  const tenants = Array.from({ length: 20 }, () => randomUUID());
  await host.announce(randomUUID(), 1);
  proxy.reset();
  await Promise.all(tenants.map((tenantId) => host.announce(tenantId, 1)));
  expect(proxy.counts()).toEqual({ ...nothing, tableReads: 20, tableWrites: 1 });
});

it('a poll of all tenants that finds nothing new reads one table once', async () => {
  const host = openHost();
  const { arrivals } = host;
  await host.announce(randomUUID(), 1);
  const position = await arrivalsEnd(arrivals, now());
  const { deps } = createFeedWorld();
  proxy.reset();
  const belongs = () => Promise.resolve(true);
  const batch = await readArrivals({ ...deps, arrivals }, { filters: {}, limit: 100, position, belongs });
  expect(batch).toEqual({ records: [], position, more: false });
  expect(proxy.counts()).toEqual({ ...nothing, tableReads: 1 });
});

/** What a poll costs when there is nothing new. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newApiKey } from '../../../shared/access/api-keys.ts';
import { createRawStore } from '../../../shared/adapters/blobs/raw-store.ts';
import { createApiKeyStore } from '../../../shared/adapters/tables/api-key-store.ts';
import { createLandingStore } from '../../../shared/adapters/tables/landing-store.ts';
import { createRecordIndex } from '../../../shared/adapters/tables/record-index.ts';
import { createTables } from '../../../shared/adapters/tables/tables.ts';
import { indexLanding } from '../../../shared/index/index-landing.ts';
import { startCountingProxy, type CountingProxy } from '../../bench/counting-proxy.ts';
import { startAzurite, type Azurite } from '../../local/azurite.ts';
import { createFakeDeliveryQueue } from '../../support/fakes/delivery-queue.ts';
import { createFakeSearchStore } from '../../support/fakes/search-store.ts';
import { createFakeSubscriptionStore } from '../../support/fakes/subscription-store.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { guidOf, rawBlobOf, textOf } from '../../support/feed-world.ts';
import { tenantNamed } from '../../support/tenants.ts';
import { createTriggerApi } from '../../support/trigger-api.ts';
import { createWebhookSender } from '../../../shared/adapters/webhook-sender.ts';

let azurite: Azurite;
let proxy: CountingProxy;

beforeAll(async () => {
  azurite = await startAzurite();
  proxy = await startCountingProxy(azurite.connectionString);
});
afterAll(async () => {
  await proxy.stop();
  await azurite.stop();
});

it('an idle poll reads one table once, with key or without, and nothing else', async () => {
  const storage = { kind: 'connectionString', connectionString: proxy.connectionString } as const;
  const [tables, now, telemetry] = [createTables(storage), () => new Date(), () => undefined];
  const tenant = tenantNamed('Fabrikam');
  const deps = {
    ...{ now, telemetry, signingKey: randomBytes(32), concurrency: 4 },
    ...{
      raw: createRawStore(storage),
      index: createRecordIndex(tables),
      landings: createLandingStore(tables),
    },
    ...{ keys: createApiKeyStore(tables), tenants: createFakeTenantStore([tenant]) },
    ...{ searches: createFakeSearchStore(), subscriptions: createFakeSubscriptionStore() },
    ...{ queues: createFakeDeliveryQueue(now), webhookSender: createWebhookSender() },
  };
  const { key, text } = newApiKey({ name: 'Flow', tenants: '*', scopes: ['records.read'] }, now());
  await deps.keys.create(key);
  const call = createTriggerApi(deps);
  const { request, body, metadata } = rawBlobOf(tenant.tenantId, [textOf({ id: guidOf('a') })], now());
  await deps.raw.put(request.blobName, body, metadata);
  await indexLanding(deps, request);
  const first = await call(`tenants/${tenant.tenantId}/records-feed?start=beginning`, { key: text });
  const news = await call(first.headers.get('location') ?? '', { key: text });
  const address = news.headers.get('location') ?? '';
  await call(address);
  for (const sent of [{ key: text }, {}]) {
    proxy.reset();
    expect((await call(address, sent)).status).toBe(202);
    expect(proxy.counts()).toEqual({
      ...{ tableReads: 1, tableWrites: 0, blobReads: 0, blobWrites: 0, queueOperations: 0 },
    });
  }
});

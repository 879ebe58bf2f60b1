/** The feed's functions over storage; what they do not need of it is in memory. */
import { randomBytes } from 'node:crypto';
import { newApiKey } from '../../../shared/access/api-keys.ts';
import { createRawStore } from '../../../shared/adapters/blobs/raw-store.ts';
import { createApiKeyStore } from '../../../shared/adapters/tables/api-key-store.ts';
import { createLandingStore } from '../../../shared/adapters/tables/landing-store.ts';
import { createRecordIndex } from '../../../shared/adapters/tables/record-index.ts';
import { createTables } from '../../../shared/adapters/tables/tables.ts';
import { createWebhookSender } from '../../../shared/adapters/webhook-sender.ts';
import { indexLanding } from '../../../shared/index/index-landing.ts';
import { createFakeDeliveryQueue } from '../../support/fakes/delivery-queue.ts';
import { createFakeSearchStore } from '../../support/fakes/search-store.ts';
import { createFakeSubscriptionStore } from '../../support/fakes/subscription-store.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { guidOf, rawBlobOf, textOf } from '../../support/feed-world.ts';
import { tenantNamed } from '../../support/tenants.ts';
import { createTriggerApi } from '../../support/trigger-api.ts';
import { createFakeNameDirectory } from '../../support/fakes/name-directory.ts';

export async function createStoredFeed(connectionString: string) {
  const storage = { kind: 'connectionString', connectionString } as const;
  const [tables, now, telemetry] = [createTables(storage), () => new Date(), () => undefined];
  const tenant = tenantNamed('Fabrikam');
  const { tenantId } = tenant;
  const deps = {
    names: createFakeNameDirectory(),
    ...{ now, telemetry, signingKeys: [randomBytes(32)] as const, concurrency: 4 },
    raw: createRawStore(storage),
    index: createRecordIndex(tables),
    landings: createLandingStore(tables),
    keys: createApiKeyStore(tables),
    ...{ tenants: createFakeTenantStore([tenant]), searches: createFakeSearchStore() },
    ...{ subscriptions: createFakeSubscriptionStore(), queues: createFakeDeliveryQueue(now) },
    webhookSender: createWebhookSender(),
  };
  const { key, text } = newApiKey({ name: 'Flow', tenants: '*', scopes: ['records.read'] }, now());
  await deps.keys.create(key);
  return {
    ...{ storage, tables, tenantId, key: text, call: createTriggerApi(deps) },
    address: `tenants/${tenantId}/records-feed`,
    /** Lands and indexes a record of this name. */
    ingest: async (name: string): Promise<void> => {
      const { request, body, metadata } = rawBlobOf(tenantId, [textOf({ id: guidOf(name) })], now());
      await deps.raw.put(request.blobName, body, metadata);
      await indexLanding(deps, request);
    },
  };
}

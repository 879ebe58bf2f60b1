/** The feed's functions over storage; what they do not need of it is in memory. */
import { randomBytes } from 'node:crypto';
import { newApiKey } from '../../../shared/access/api-keys.ts';
import { createRawStore } from '../../../shared/adapters/blobs/raw-store.ts';
import { createArrivalLog } from '../../../shared/adapters/tables/arrival-log.ts';
import { createApiKeyStore } from '../../../shared/adapters/tables/api-key-store.ts';
import { createLandingStore } from '../../../shared/adapters/tables/landing-store.ts';
import { createRecordIndex } from '../../../shared/adapters/tables/record-index.ts';
import { createSearchStore } from '../../../shared/adapters/tables/search-store.ts';
import { createTables } from '../../../shared/adapters/tables/tables.ts';
import { createTenantStore } from '../../../shared/adapters/tables/tenant-store.ts';
import { createWebhookSender } from '../../../shared/adapters/webhook-sender.ts';
import { createArrivalAnnouncer } from '../../../shared/feed/announce-arrivals.ts';
import { indexLanding } from '../../../shared/index/index-landing.ts';
import { createFakeDestinationStore } from '../../support/fakes/destinations.ts';
import { createFakeDeliveryQueue } from '../../support/fakes/delivery-queue.ts';
import { createFakeSubscriptionStore } from '../../support/fakes/subscription-store.ts';
import { guidOf, rawBlobOf, textOf } from '../../support/feed-world.ts';
import { tenantNamed } from '../../support/tenants.ts';
import { createTriggerApi } from '../../support/trigger-api.ts';
import { createFakeNameDirectory } from '../../support/fakes/name-directory.ts';

export async function createStoredFeed(connectionString: string) {
  const storage = { kind: 'connectionString', connectionString } as const;
  const [tables, now, telemetry] = [createTables(storage), () => new Date(), () => undefined];
  const tenants = createTenantStore(tables);
  const add = async (displayName: string): Promise<string> => {
    const tenant = tenantNamed(displayName);
    await tenants.create(tenant);
    return tenant.tenantId;
  };
  const tenantId = await add('Fabrikam');
  const arrivals = createArrivalLog(tables);
  const announcer = createArrivalAnnouncer({ arrivals, now });
  const deps = {
    names: createFakeNameDirectory(),
    ...{ now, telemetry, signingKeys: [randomBytes(32)] as const, concurrency: 4 },
    raw: createRawStore(storage),
    index: createRecordIndex(tables),
    landings: createLandingStore(tables),
    keys: createApiKeyStore(tables),
    ...{ arrivals, tenants, searches: createSearchStore(tables) },
    ...{ subscriptions: createFakeSubscriptionStore(), destinations: createFakeDestinationStore() },
    queues: createFakeDeliveryQueue(now),
    webhookSender: createWebhookSender(),
  };
  const { key, text } = newApiKey({ name: 'Flow', tenants: '*', scopes: ['records.read'] }, now());
  await deps.keys.create(key);
  return {
    ...{ storage, tables, tenantId, key: text, call: createTriggerApi(deps), addTenant: add },
    address: `tenants/${tenantId}/records-feed`,
    /** Lands, indexes, and announces a record of this name. */
    ingest: async (name: string, of = tenantId): Promise<void> => {
      const { request, body, metadata } = rawBlobOf(of, [textOf({ id: guidOf(name) })], now());
      await deps.raw.put(request.blobName, body, metadata);
      await indexLanding(deps, request);
      await announcer.announce(of, await deps.landings.lastSequence(of));
    },
  };
}

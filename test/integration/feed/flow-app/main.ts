/** The part of the app that indexes and tells of what is new, with webhooks that may go to this machine. */
import { app } from '@azure/functions';
import { createSubscriptionFunction } from '../../../../functions/create-subscription.ts';
import { deleteSubscriptionFunction } from '../../../../functions/delete-subscription.ts';
import { deliverWebhookFunction } from '../../../../functions/deliver-webhook.ts';
import { getHealthFunction } from '../../../../functions/get-health.ts';
import { getRecordsFeedFunction } from '../../../../functions/get-records-feed.ts';
import { indexRawBlobFunction } from '../../../../functions/index-raw-blob.ts';
import { createAccess } from '../../../../shared/access/access.ts';
import { createCapabilities } from '../../../../shared/access/capability-token.ts';
import { createRawStore } from '../../../../shared/adapters/blobs/raw-store.ts';
import { createWorkQueues } from '../../../../shared/adapters/queues/work-queues.ts';
import { createApiKeyStore } from '../../../../shared/adapters/tables/api-key-store.ts';
import { createLandingStore } from '../../../../shared/adapters/tables/landing-store.ts';
import { createRecordIndex } from '../../../../shared/adapters/tables/record-index.ts';
import { createSearchStore } from '../../../../shared/adapters/tables/search-store.ts';
import { createSubscriptionStore } from '../../../../shared/adapters/tables/subscription-store.ts';
import { createTables } from '../../../../shared/adapters/tables/tables.ts';
import { createTenantStore } from '../../../../shared/adapters/tables/tenant-store.ts';
import { createWebhookSender } from '../../../../shared/adapters/webhook-sender.ts';
import { createTriggerStates } from '../../../../shared/feed/trigger-state.ts';
import { wakeSubscriptions } from '../../../../shared/webhooks/wake-subscriptions.ts';

const {
  AzureWebJobsStorage: connectionString = '',
  FLOW_SIGNING_KEY: keyText = '',
  FLOW_CA: ca = '',
} = process.env;
const storage = { kind: 'connectionString', connectionString } as const;
const signingKey = Buffer.from(keyText, 'base64');
const tables = createTables(storage);
const now = () => new Date();
const telemetry = () => undefined;
const [keys, tenants, queues] = [
  createApiKeyStore(tables),
  createTenantStore(tables),
  createWorkQueues(storage),
];
const subscriptions = createSubscriptionStore(tables);

const deps = {
  ...{ signingKey, now, telemetry, keys, tenants, queues, subscriptions },
  access: createAccess({ keys, tenants, telemetry, now }),
  capabilities: createCapabilities({ signingKey, keys, now }),
  triggerStates: createTriggerStates(signingKey),
  landings: createLandingStore(tables),
  raw: createRawStore(storage),
  index: createRecordIndex(tables),
  searches: createSearchStore(tables),
  webhookSender: createWebhookSender({ local: { ca } }),
  wake: (tenantId: string) => wakeSubscriptions({ subscriptions, queues, now }, tenantId),
  random: Math.random,
  publicUrl: undefined,
  concurrency: 8,
  // What a killed host held must be free again soon.
  leaseMs: 3000,
};

app.storageQueue('index-raw-blob', indexRawBlobFunction(deps));
app.storageQueue('deliver-webhook', deliverWebhookFunction(deps));
app.http('get-health', getHealthFunction(deps));
app.http('get-records-feed', getRecordsFeedFunction(deps));
app.http('create-subscription', createSubscriptionFunction(deps));
app.http('delete-subscription', deleteSubscriptionFunction(deps));

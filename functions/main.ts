/** The one place that reads the environment, builds adapters and registers functions. */
import { app } from '@azure/functions';
import { createAccess } from '../shared/access/access.ts';
import { createRawStore } from '../shared/adapters/blobs/raw-store.ts';
import { createTokenProvider } from '../shared/adapters/entra/token-provider.ts';
import { createExchangeAdmin } from '../shared/adapters/exchange/exchange-admin.ts';
import { createDirectory } from '../shared/adapters/graph/directory.ts';
import { createActivityFeed } from '../shared/adapters/management-api/activity-feed.ts';
import { createWorkQueues } from '../shared/adapters/queues/work-queues.ts';
import { createAccessLog, createWebhookLog } from '../shared/adapters/tables/access-log.ts';
import { createApiKeyStore } from '../shared/adapters/tables/api-key-store.ts';
import { createEnablementStore } from '../shared/adapters/tables/enablement-store.ts';
import { createLandingStore } from '../shared/adapters/tables/landing-store.ts';
import { createLedger } from '../shared/adapters/tables/ledger-store.ts';
import { createPostureStore } from '../shared/adapters/tables/posture-store.ts';
import { createRecordIndex } from '../shared/adapters/tables/record-index.ts';
import { createRoleHolderStore } from '../shared/adapters/tables/role-holder-store.ts';
import { createTables } from '../shared/adapters/tables/tables.ts';
import { createTenantStore } from '../shared/adapters/tables/tenant-store.ts';
import { parseConfig, type Config } from '../shared/config.ts';
import { defaultLandingLimits } from '../shared/landing/receive-content.ts';
import { createCompletenessReader } from '../shared/query/completeness.ts';
import { createSkipTokens } from '../shared/query/skip-token.ts';
import type { Telemetry } from '../shared/telemetry.ts';
import { cancelEnablementFunction } from './cancel-enablement.ts';
import { checkAuditPostureFunction } from './check-audit-posture.ts';
import { getEnablementResultFunction } from './get-enablement-result.ts';
import { getEnablementFunction } from './get-enablement.ts';
import { getHealthFunction } from './get-health.ts';
import { getIngestionFunction } from './get-ingestion.ts';
import { getPostureFunction } from './get-posture.ts';
import { getRecordAuditDataFunction } from './get-record-audit-data.ts';
import { getRecordFunction } from './get-record.ts';
import { getRoleHoldersFunction } from './get-role-holders.ts';
import { getTenantFunction } from './get-tenant.ts';
import { indexRawBlobFunction } from './index-raw-blob.ts';
import { listRecordsFunction } from './list-records.ts';
import { listTenantsFunction } from './list-tenants.ts';
import { pollActivityFeedFunction } from './poll-activity-feed.ts';
import { receiveEnablementWebhookFunction } from './receive-enablement-webhook.ts';
import { reconcileActivityFeedFunction } from './reconcile-activity-feed.ts';
import { recordRoleHoldersFunction } from './record-role-holders.ts';
import { registerTenantFunction } from './register-tenant.ts';
import { runEnablementStepFunction } from './run-enablement-step.ts';
import { runPollRequestFunction } from './run-poll-request.ts';
import { startEnablementFunction } from './start-enablement.ts';

const telemetry: Telemetry = (event, fields) => {
  process.stdout.write(`${JSON.stringify({ event, ...fields })}\n`);
};

const now = () => new Date();

function createDependencies(config: Config) {
  const tables = createTables(config.storage);
  const tokens = createTokenProvider({
    credential: config.credential,
    authorityUrl: config.endpoints.authorityUrl,
  });
  const tenants = createTenantStore(tables);
  const ledger = createLedger(tables);
  const landings = createLandingStore(tables);
  const { poll, endpoints, publisherId, requestsPerMinute } = config;
  return {
    ...{ telemetry, now, tenants, ledger, landings },
    access: createAccess({ keys: createApiKeyStore(tables), tenants, telemetry, now }),
    accessLog: createAccessLog(tables),
    webhooks: createWebhookLog(tables),
    signingKey: config.signingKey,
    enablements: createEnablementStore(tables),
    postures: createPostureStore(tables),
    exchange: createExchangeAdmin({ tokens, exchangeUrl: endpoints.exchangeUrl }),
    enablementBudgetMs: poll.budgetMs,
    directory: createDirectory({ tokens, graphUrl: endpoints.graphUrl }),
    feed: createActivityFeed({
      ...{ tokens, publisherId, requestsPerMinute },
      activityApiUrl: endpoints.activityApiUrl,
      maxSockets: poll.fetchConcurrency * poll.tenantConcurrency,
    }),
    index: createRecordIndex(tables),
    queues: createWorkQueues(config.storage),
    raw: createRawStore(config.storage),
    roleHolders: createRoleHolderStore(tables),
    completeness: createCompletenessReader({ ledger, landings }),
    skipTokens: createSkipTokens(config.signingKey, now),
    limits: defaultLandingLimits,
    concurrency: config.indexConcurrency,
    ...poll,
  };
}

const deps = createDependencies(parseConfig(process.env));

app.timer('check-audit-posture', checkAuditPostureFunction(deps));
app.timer('poll-activity-feed', pollActivityFeedFunction(deps));
app.timer('reconcile-activity-feed', reconcileActivityFeedFunction(deps));
app.timer('record-role-holders', recordRoleHoldersFunction(deps));
app.storageQueue('index-raw-blob', indexRawBlobFunction(deps));
app.storageQueue('run-enablement-step', runEnablementStepFunction(deps));
app.storageQueue('run-poll-request', runPollRequestFunction(deps));
app.http('cancel-enablement', cancelEnablementFunction(deps));
app.http('get-enablement', getEnablementFunction(deps));
app.http('get-enablement-result', getEnablementResultFunction(deps));
app.http('get-health', getHealthFunction(deps));
app.http('get-ingestion', getIngestionFunction(deps));
app.http('get-posture', getPostureFunction(deps));
app.http('get-record', getRecordFunction(deps));
app.http('get-record-audit-data', getRecordAuditDataFunction(deps));
app.http('get-role-holders', getRoleHoldersFunction(deps));
app.http('get-tenant', getTenantFunction(deps));
app.http('list-records', listRecordsFunction(deps));
app.http('list-tenants', listTenantsFunction(deps));
app.http('receive-enablement-webhook', receiveEnablementWebhookFunction(deps));
app.http('register-tenant', registerTenantFunction(deps));
app.http('start-enablement', startEnablementFunction(deps));

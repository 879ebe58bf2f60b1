/** The one place that reads the environment, builds adapters and registers functions. */
import { app } from '@azure/functions';
import { createAccess } from '../shared/access/access.ts';
import { createCapabilities } from '../shared/access/capability-token.ts';
import { createRepeats } from '../shared/access/repeats.ts';
import { createExportFiles } from '../shared/adapters/blobs/export-files.ts';
import { createRawStore } from '../shared/adapters/blobs/raw-store.ts';
import { createSignIn } from '../shared/adapters/entra/sign-in.ts';
import { createTokenProvider } from '../shared/adapters/entra/token-provider.ts';
import { createTokenVerifier } from '../shared/adapters/entra/token-verifier.ts';
import { createExchangeAdmin } from '../shared/adapters/exchange/exchange-admin.ts';
import { createDirectory } from '../shared/adapters/graph/directory.ts';
import { createActivityFeed } from '../shared/adapters/management-api/activity-feed.ts';
import { createWorkQueues } from '../shared/adapters/queues/work-queues.ts';
import { createAccessLog, createWebhookLog } from '../shared/adapters/tables/access-log.ts';
import { createApiKeyStore } from '../shared/adapters/tables/api-key-store.ts';
import { createConsentStore } from '../shared/adapters/tables/consent-store.ts';
import { createEnablementStore } from '../shared/adapters/tables/enablement-store.ts';
import { createExportStore } from '../shared/adapters/tables/export-store.ts';
import { createLandingStore } from '../shared/adapters/tables/landing-store.ts';
import { createLedger } from '../shared/adapters/tables/ledger-store.ts';
import { createPostureStore } from '../shared/adapters/tables/posture-store.ts';
import { createRecordIndex } from '../shared/adapters/tables/record-index.ts';
import { createRemovalStore } from '../shared/adapters/tables/removal-store.ts';
import { createRepeatStore } from '../shared/adapters/tables/repeat-store.ts';
import { createRoleHolderStore } from '../shared/adapters/tables/role-holder-store.ts';
import { createSearchStore } from '../shared/adapters/tables/search-store.ts';
import { createSubscriptionStore } from '../shared/adapters/tables/subscription-store.ts';
import { createTables } from '../shared/adapters/tables/tables.ts';
import { createTenantStore } from '../shared/adapters/tables/tenant-store.ts';
import { createTenantData } from '../shared/adapters/tenant-data.ts';
import { createWebhookSender } from '../shared/adapters/webhook-sender.ts';
import { parseConfig, type Config } from '../shared/config.ts';
import { createTriggerStates } from '../shared/feed/trigger-state.ts';
import { createReaderPaces } from '../shared/exports/reader-pace.ts';
import { createRecordPages } from '../shared/exports/record-pages.ts';
import { defaultLandingLimits } from '../shared/landing/receive-content.ts';
import { createCompletenessReader } from '../shared/query/completeness.ts';
import { createSkipTokens } from '../shared/query/skip-token.ts';
import type { Telemetry } from '../shared/telemetry.ts';
import { wakeSubscriptions } from '../shared/webhooks/wake-subscriptions.ts';
import { cancelEnablementFunction } from './cancel-enablement.ts';
import { cancelExportFunction } from './cancel-export.ts';
import { checkAuditPostureFunction } from './check-audit-posture.ts';
import { checkTenantFunction } from './check-tenant.ts';
import { createApiKeyFunction } from './create-api-key.ts';
import { countRecordsFunction } from './count-records.ts';
import { createConsentLinkFunction } from './create-consent-link.ts';
import { expireExportsFunction } from './expire-exports.ts';
import { createSubscriptionFunction } from './create-subscription.ts';
import { deleteSearchFunction } from './delete-search.ts';
import { deleteSubscriptionFunction } from './delete-subscription.ts';
import { deliverWebhookFunction } from './deliver-webhook.ts';
import { getConnectorDefinitionFunction } from './get-connector-definition.ts';
import { getConnectorIconFunction } from './get-connector-icon.ts';
import { getConnectorPropertiesFunction } from './get-connector-properties.ts';
import { getDocsFunction } from './get-docs.ts';
import { getEnablementResultFunction } from './get-enablement-result.ts';
import { getEnablementFunction } from './get-enablement.ts';
import { getExportContentFunction } from './get-export-content.ts';
import { getExportManifestFunction } from './get-export-manifest.ts';
import { getExportResultFunction } from './get-export-result.ts';
import { getExportFunction } from './get-export.ts';
import { getHealthFunction } from './get-health.ts';
import { getIngestionFunction } from './get-ingestion.ts';
import { getOpenApiFunction } from './get-openapi.ts';
import { getPostureFunction } from './get-posture.ts';
import { getRecordAuditDataFunction } from './get-record-audit-data.ts';
import { getRecordTypeSchemaFunction } from './get-record-type-schema.ts';
import { getRecordFunction } from './get-record.ts';
import { getRecordsFeedFunction } from './get-records-feed.ts';
import { getRemovalFunction } from './get-removal.ts';
import { getRemovalResultFunction } from './get-removal-result.ts';
import { getRoleHoldersFunction } from './get-role-holders.ts';
import { getSearchFeedFunction } from './get-search-feed.ts';
import { getSearchFunction } from './get-search.ts';
import { getSubscriptionFunction } from './get-subscription.ts';
import { getTenantFunction } from './get-tenant.ts';
import { indexRawBlobFunction } from './index-raw-blob.ts';
import { listAccessLogFunction } from './list-access-log.ts';
import { listApiKeysFunction } from './list-api-keys.ts';
import { listOperationsFunction } from './list-operations.ts';
import { listRecordTypesFunction } from './list-record-types.ts';
import { listRecordsOfTenantsFunction } from './list-records-of-tenants.ts';
import { answerList, listRecordsFunction } from './list-records.ts';
import { listSearchRecordsFunction } from './list-search-records.ts';
import { listSearchesFunction } from './list-searches.ts';
import { listServicesFunction } from './list-services.ts';
import { listSubscriptionsFunction } from './list-subscriptions.ts';
import { listTenantsFunction } from './list-tenants.ts';
import { pollActivityFeedFunction } from './poll-activity-feed.ts';
import { putSearchFunction } from './put-search.ts';
import { receiveConsentFunction } from './receive-consent.ts';
import { receiveEnablementWebhookFunction } from './receive-enablement-webhook.ts';
import { reconcileActivityFeedFunction } from './reconcile-activity-feed.ts';
import { recordRoleHoldersFunction } from './record-role-holders.ts';
import { registerTenantFunction } from './register-tenant.ts';
import { removeTenantFunction } from './remove-tenant.ts';
import { revokeApiKeyFunction } from './revoke-api-key.ts';
import { rotateApiKeyFunction } from './rotate-api-key.ts';
import { rotateSubscriptionSecretFunction } from './rotate-subscription-secret.ts';
import { runEnablementStepFunction } from './run-enablement-step.ts';
import { runExportFunction } from './run-export.ts';
import { runPollRequestFunction } from './run-poll-request.ts';
import { runRemovalFunction } from './run-removal.ts';
import { runTenantCheckFunction } from './run-tenant-check.ts';
import { startEnablementFunction } from './start-enablement.ts';
import { startExportFunction } from './start-export.ts';
import { listOrStreamRecordsFunction } from './stream-records.ts';
import { testSubscriptionFunction } from './test-subscription.ts';

const telemetry: Telemetry = (event, fields) => {
  process.stdout.write(`${JSON.stringify({ event, ...fields })}\n`);
};

const now = () => new Date();

/** Longer than any function may run (host.json: functionTimeout). */
const removalSettleMs = 15 * 60_000;
const exportKeepMs = 7 * 24 * 60 * 60_000;
/** A little less than a function may run (host.json: functionTimeout). */
const streamBudgetMs = 9 * 60_000;

function createDependencies(config: Config) {
  const tables = createTables(config.storage);
  const tokens = createTokenProvider({
    credential: config.credential,
    authorityUrl: config.endpoints.authorityUrl,
  });
  const tenants = createTenantStore(tables);
  const keys = createApiKeyStore(tables);
  const ledger = createLedger(tables);
  const landings = createLandingStore(tables);
  const { poll, endpoints, publisherId, requestsPerMinute } = config;
  const { authorityUrl } = endpoints;
  const { clientId } = config.credential;
  return {
    ...{ telemetry, now, tables, tenants, ledger, landings },
    keys,
    access: createAccess({
      ...{ keys, tenants, telemetry, now },
      tokens: { verifier: createTokenVerifier({ clientId, authorityUrl, now }), publisherId },
      limits: config.callLimits,
    }),
    repeats: createRepeats({ store: createRepeatStore(tables), signingKey: config.signingKey, now }),
    accessLog: createAccessLog(tables),
    webhooks: createWebhookLog(tables),
    signingKey: config.signingKey,
    enablements: createEnablementStore(tables),
    postures: createPostureStore(tables),
    exchange: createExchangeAdmin({ tokens, exchangeUrl: endpoints.exchangeUrl }),
    enablementBudgetMs: poll.budgetMs,
    directory: createDirectory({
      tokens,
      graphUrl: endpoints.graphUrl,
      clientId: config.credential.clientId,
    }),
    signIn: createSignIn({ tokens, authorityUrl: endpoints.authorityUrl }),
    consents: createConsentStore(tables),
    consent: { clientId: config.credential.clientId, authorityUrl: endpoints.authorityUrl },
    publicUrl: config.publicUrl,
    removals: createRemovalStore(tables),
    tenantData: createTenantData(config.storage, tables),
    removalBudgetMs: poll.budgetMs,
    removalSettleMs,
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

function createExportDependencies(
  config: Config,
  { tables, index, raw }: ReturnType<typeof createDependencies>,
) {
  return {
    exports: createExportStore(tables),
    exportFiles: createExportFiles(config.storage),
    pages: createRecordPages({ index, raw, now }),
    paces: createReaderPaces(),
    exportBudgetMs: config.poll.budgetMs,
    ...{ exportKeepMs, streamBudgetMs },
  };
}

function createTriggerDependencies(
  { signingKey }: Config,
  { tables, keys, queues }: ReturnType<typeof createDependencies>,
) {
  const subscriptions = createSubscriptionStore(tables);
  return {
    subscriptions,
    searches: createSearchStore(tables),
    triggerStates: createTriggerStates(signingKey),
    capabilities: createCapabilities({ signingKey, keys, now }),
    webhookSender: createWebhookSender(),
    wake: (tenantId: string) => wakeSubscriptions({ subscriptions, queues, now }, tenantId),
    random: Math.random,
  };
}

const config = parseConfig(process.env);
const basics = createDependencies(config);
const deps = {
  ...basics,
  ...createExportDependencies(config, basics),
  ...createTriggerDependencies(config, basics),
};

// Files are larger than what could be held.
app.setup({ enableHttpStream: true });

app.timer('check-audit-posture', checkAuditPostureFunction(deps));
app.timer('expire-exports', expireExportsFunction(deps));
app.timer('poll-activity-feed', pollActivityFeedFunction(deps));
app.timer('reconcile-activity-feed', reconcileActivityFeedFunction(deps));
app.timer('record-role-holders', recordRoleHoldersFunction(deps));
app.storageQueue('deliver-webhook', deliverWebhookFunction(deps));
app.storageQueue('index-raw-blob', indexRawBlobFunction(deps));
app.storageQueue('run-enablement-step', runEnablementStepFunction(deps));
app.storageQueue('run-export', runExportFunction(deps));
app.storageQueue('run-removal', runRemovalFunction(deps));
app.storageQueue('run-tenant-check', runTenantCheckFunction(deps));
app.storageQueue('run-poll-request', runPollRequestFunction(deps));
app.http('cancel-enablement', cancelEnablementFunction(deps));
app.http('cancel-export', cancelExportFunction(deps));
app.http('check-tenant', checkTenantFunction(deps));
app.http('create-api-key', createApiKeyFunction(deps));
app.http('create-consent-link', createConsentLinkFunction(deps));
app.http('create-subscription', createSubscriptionFunction(deps));
app.http('count-records', countRecordsFunction(deps));
app.http('delete-search', deleteSearchFunction(deps));
app.http('delete-subscription', deleteSubscriptionFunction(deps));
app.http('get-connector-definition', getConnectorDefinitionFunction(deps));
app.http('get-connector-icon', getConnectorIconFunction(deps));
app.http('get-connector-properties', getConnectorPropertiesFunction(deps));
app.http('get-docs', getDocsFunction(deps));
app.http('get-enablement', getEnablementFunction(deps));
app.http('get-enablement-result', getEnablementResultFunction(deps));
app.http('get-export', getExportFunction(deps));
app.http('get-export-content', getExportContentFunction(deps));
app.http('get-export-manifest', getExportManifestFunction(deps));
app.http('get-export-result', getExportResultFunction(deps));
app.http('get-health', getHealthFunction(deps));
app.http('get-ingestion', getIngestionFunction(deps));
app.http('get-openapi', getOpenApiFunction(deps));
app.http('get-posture', getPostureFunction(deps));
app.http('get-record', getRecordFunction(deps));
app.http('get-record-audit-data', getRecordAuditDataFunction(deps));
app.http('get-record-type-schema', getRecordTypeSchemaFunction(deps));
app.http('get-records-feed', getRecordsFeedFunction(deps));
app.http('get-removal', getRemovalFunction(deps));
app.http('get-removal-result', getRemovalResultFunction(deps));
app.http('get-role-holders', getRoleHoldersFunction(deps));
app.http('get-search', getSearchFunction(deps));
app.http('get-search-feed', getSearchFeedFunction(deps));
app.http('get-subscription', getSubscriptionFunction(deps));
app.http('get-tenant', getTenantFunction(deps));
app.http('list-access-log', listAccessLogFunction(deps));
app.http('list-api-keys', listApiKeysFunction(deps));
app.http('list-operations', listOperationsFunction(deps));
app.http('list-record-types', listRecordTypesFunction(deps));
app.http('list-records', listOrStreamRecordsFunction(deps, listRecordsFunction(deps)));
app.http('list-records-of-tenants', listRecordsOfTenantsFunction(deps));
app.http(
  'list-search-records',
  listSearchRecordsFunction({ ...deps, answerRecords: (call) => answerList(deps, call) }),
);
app.http('list-searches', listSearchesFunction(deps));
app.http('list-services', listServicesFunction(deps));
app.http('list-subscriptions', listSubscriptionsFunction(deps));
app.http('list-tenants', listTenantsFunction(deps));
app.http('put-search', putSearchFunction(deps));
app.http('receive-consent', receiveConsentFunction(deps));
app.http('receive-enablement-webhook', receiveEnablementWebhookFunction(deps));
app.http('register-tenant', registerTenantFunction(deps));
app.http('remove-tenant', removeTenantFunction(deps));
app.http('revoke-api-key', revokeApiKeyFunction(deps));
app.http('rotate-api-key', rotateApiKeyFunction(deps));
app.http('rotate-subscription-secret', rotateSubscriptionSecretFunction(deps));
app.http('start-enablement', startEnablementFunction(deps));
app.http('start-export', startExportFunction(deps));
app.http('test-subscription', testSubscriptionFunction(deps));

/** Builds every adapter from the settings: what the functions work with. */
import { createAccess } from '../shared/access/access.ts';
import { createCapabilities } from '../shared/access/capability-token.ts';
import { createIdempotency } from '../shared/http/idempotency.ts';
import { createExportFiles } from '../shared/adapters/blobs/export-files.ts';
import { createRawStore } from '../shared/adapters/blobs/raw-store.ts';
import { createSignIn } from '../shared/adapters/entra/sign-in.ts';
import { createTokenProvider } from '../shared/adapters/entra/token-provider.ts';
import { createTokenVerifier } from '../shared/adapters/entra/token-verifier.ts';
import { createExchangeAdmin } from '../shared/adapters/exchange/exchange-admin.ts';
import { createDirectory } from '../shared/adapters/graph/directory.ts';
import { createActivityFeed } from '../shared/adapters/management-api/activity-feed.ts';
import { createMonitor, type Monitor } from '../shared/adapters/monitor/monitor.ts';
import { createWorkQueues } from '../shared/adapters/queues/work-queues.ts';
import { watchStorageOperations } from '../shared/adapters/storage-operations.ts';
import { identityOf } from '../shared/adapters/storage.ts';
import { createAccessLog, createWebhookLog } from '../shared/adapters/tables/access-log.ts';
import { createApiKeyStore } from '../shared/adapters/tables/api-key-store.ts';
import { createConsentStore } from '../shared/adapters/tables/consent-store.ts';
import { createExpiringRows } from '../shared/adapters/tables/expiring-rows.ts';
import { createLandingStore } from '../shared/adapters/tables/landing-store.ts';
import { createLedger } from '../shared/adapters/tables/ledger-store.ts';
import { createOperationAgenda, createOperationStore } from '../shared/adapters/tables/operation-store.ts';
import { createPostureStore } from '../shared/adapters/tables/posture-store.ts';
import { createRecordIndex } from '../shared/adapters/tables/record-index.ts';
import { createIdempotencyStore } from '../shared/adapters/tables/idempotency-store.ts';
import { createRoleHolderStore } from '../shared/adapters/tables/role-holder-store.ts';
import { createSearchStore } from '../shared/adapters/tables/search-store.ts';
import { createSubscriptionStore } from '../shared/adapters/tables/subscription-store.ts';
import { createTables } from '../shared/adapters/tables/tables.ts';
import { createTenantStore } from '../shared/adapters/tables/tenant-store.ts';
import { createTenantData } from '../shared/adapters/tenant-data.ts';
import { createWebhookSender } from '../shared/adapters/webhook-sender.ts';
import { parseConfig, type Config } from '../shared/config.ts';
import { createPacedBody } from '../shared/adapters/http/paced-body.ts';
import { enablementKind } from '../shared/enablement/enablement.ts';
import { exportKind } from '../shared/exports/export.ts';
import { createRecordPages } from '../shared/exports/record-pages.ts';
import { createTriggerStates } from '../shared/feed/trigger-state.ts';
import { startBudget } from '../shared/budget.ts';
import { defaultLandingLimits } from '../shared/landing/receive-content.ts';
import { removalKind } from '../shared/offboarding/removal.ts';
import { createCompletenessReader } from '../shared/query/completeness.ts';
import { createSkipTokens } from '../shared/query/skip-token.ts';
import { createInvocationScope } from '../shared/telemetry/invocation-scope.ts';
import { notifySubscriptions } from '../shared/webhooks/notify-subscriptions.ts';

const now = () => new Date();
const scope = createInvocationScope();
const trace = () => scope.current()?.trace;

/** Longer than any function may run (host.json: functionTimeout). */
const removalSettleMs = 15 * 60_000;
/** A little less than a function may run (host.json: functionTimeout). */
const streamBudgetMs = 9 * 60_000;

function openMonitor({ insightsConnectionString: connectionString, storage }: Config): Monitor {
  const credential = storage.kind === 'identity' ? identityOf(storage.clientId) : undefined;
  const write = (line: string) => void process.stdout.write(line);
  return createMonitor({ connectionString, credential, scope, now, write });
}

/** What asks Microsoft 365. */
function createMicrosoft({ credential, endpoints, poll, ...config }: Config, { meter }: Monitor) {
  const { authorityUrl, activityApiUrl, graphUrl, exchangeUrl } = endpoints;
  const { publisherId, requestsPerMinute } = config;
  const tokens = createTokenProvider({ credential, authorityUrl, meter });
  return {
    exchange: createExchangeAdmin({ tokens, meter, exchangeUrl }),
    directory: createDirectory({ tokens, meter, graphUrl, clientId: credential.clientId }),
    signIn: createSignIn({ tokens, authorityUrl }),
    feed: createActivityFeed({
      tokens,
      meter,
      publisherId,
      requestsPerMinute,
      activityApiUrl,
      maxSockets: poll.fetchConcurrency * poll.tenantConcurrency,
    }),
  };
}

function createDependencies(config: Config, { telemetry, meter }: Monitor) {
  const tables = createTables(config.storage);
  const tenants = createTenantStore(tables);
  const keys = createApiKeyStore(tables);
  const ledger = createLedger(tables);
  const landings = createLandingStore(tables, { trace });
  const { poll, publisherId } = config;
  const { authorityUrl } = config.endpoints;
  const { clientId } = config.credential;
  return {
    telemetry,
    meter,
    now,
    tables,
    tenants,
    ledger,
    landings,
    credential: config.credential,
    keys,
    access: createAccess({
      keys,
      tenants,
      telemetry,
      now,
      tokens: { verifier: createTokenVerifier({ clientId, authorityUrl, now }), publisherId },
      limits: config.callLimits,
    }),
    idempotency: createIdempotency({
      store: createIdempotencyStore(tables),
      signingKey: config.signingKey,
      now,
    }),
    accessLog: createAccessLog(tables),
    accessLogDays: config.accessLogDays,
    expiringRows: createExpiringRows(tables),
    startBudget,
    budgetMs: config.budgetMs,
    webhooks: createWebhookLog(tables),
    signingKey: config.signingKey,
    enablements: createOperationStore(tables, enablementKind),
    postures: createPostureStore(tables),
    consents: createConsentStore(tables),
    consent: { clientId, authorityUrl },
    publicUrl: config.publicUrl,
    removals: createOperationStore(tables, removalKind),
    tenantData: createTenantData(config.storage, tables),
    removalSettleMs,
    index: createRecordIndex(tables),
    queues: createWorkQueues(config.storage, trace),
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
    agenda: createOperationAgenda(tables),
    exports: createOperationStore(tables, exportKind),
    exportFiles: createExportFiles(config.storage),
    pages: createRecordPages({ index, raw, now }),
    pacedBody: createPacedBody(),
    streamBudgetMs,
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
    wake: (tenantId: string) => notifySubscriptions({ subscriptions, queues, now }, tenantId),
    random: Math.random,
  };
}

/**
 * Everything that the functions and their hooks need.
 * @throws ConfigError when a setting is missing or malformed
 */
export function composeApp(env: Readonly<Record<string, string | undefined>>) {
  const config = parseConfig(env);
  const monitor = openMonitor(config);
  const basics = createDependencies(config, monitor);
  const deps = {
    ...basics,
    ...createMicrosoft(config, monitor),
    ...createExportDependencies(config, basics),
    ...createTriggerDependencies(config, basics),
  };
  countStorageOperations(config);
  return { deps, monitor, scope };
}

function countStorageOperations({ storage }: Config): void {
  watchStorageOperations(storage, (operation) => {
    const operations = scope.current()?.operations;
    operations?.set(operation, (operations.get(operation) ?? 0) + 1);
  });
}

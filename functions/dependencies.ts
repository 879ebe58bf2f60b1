/** Builds every adapter from the settings: what the functions work with. */
import { AsyncLocalStorage } from 'node:async_hooks';
import { fileURLToPath } from 'node:url';
import { createAccess } from '../shared/access/access.ts';
import { groupRefusals } from '../shared/access/grouped-refusals.ts';
import { createLiveWebhookSecrets } from '../shared/access/webhook-secrets.ts';
import { createCapabilities } from '../shared/access/capability-token.ts';
import { createIdempotency } from '../shared/http/idempotency.ts';
import type { HttpHandler } from '../shared/http/request.ts';
import { createConsoleFiles } from '../shared/adapters/console-files.ts';
import { createDocsFiles } from '../shared/adapters/docs-files.ts';
import { createExportFiles } from '../shared/adapters/blobs/export-files.ts';
import { createRawRemoval } from '../shared/adapters/blobs/raw-removal.ts';
import { createTokenVerifier } from '../shared/adapters/entra/token-verifier.ts';
import { createMonitor, type Monitor } from '../shared/adapters/monitor/monitor.ts';
import { watchStorageOperations } from '../shared/adapters/storage-operations.ts';
import { identityOf } from '../shared/adapters/storage.ts';
import { createAccessLog, createWebhookLog } from '../shared/adapters/tables/access-log.ts';
import { createConsentStore } from '../shared/adapters/tables/consent-store.ts';
import { createExpiringRows } from '../shared/adapters/tables/expiring-rows.ts';
import { createOperationAgenda } from '../shared/adapters/tables/operation-store.ts';
import { createOldClaims } from '../shared/adapters/tables/old-claims.ts';
import { createPageTokenStore } from '../shared/adapters/tables/page-token-store.ts';
import { createPostureStore } from '../shared/adapters/tables/posture-store.ts';
import { createIdempotencyStore } from '../shared/adapters/tables/idempotency-store.ts';
import { createNameDirectory } from '../shared/tenants/name-directory.ts';
import { createRoleHolderStore } from '../shared/adapters/tables/role-holder-store.ts';
import { createTenantData } from '../shared/adapters/tenant-data.ts';
import { createWebhookGenerationStore } from '../shared/adapters/tables/webhook-generation-store.ts';
import { createWebhookSender } from '../shared/adapters/webhook-sender.ts';
import { parseConfig, type Config } from '../shared/config.ts';
import { createPacedBody, streamLimits } from '../shared/adapters/http/paced-body.ts';
import {
  closingOnRequest,
  trackAnswers,
  type WorkerAnswers,
} from '../shared/adapters/http/worker-answers.ts';
import { enablementWork } from '../shared/enablement/enablement-work.ts';
import { rolloutWork } from '../shared/enablement/rollout-work.ts';
import { bundleWork } from '../shared/exports/bundles/bundle-work.ts';
import { exportWork } from '../shared/exports/export-work.ts';
import { createRecordPages } from '../shared/exports/record-pages.ts';
import { backfillWork } from '../shared/backfills/backfill-work.ts';
import { importWork } from '../shared/imports/import-work.ts';
import { createArrivalAnnouncer } from '../shared/feed/announce-arrivals.ts';
import { createTriggerStates } from '../shared/feed/trigger-state.ts';
import { startBudget } from '../shared/budget.ts';
import { createFeedHints } from '../shared/landing/feed-hints.ts';
import { defaultLandingLimits } from '../shared/landing/receive-content.ts';
import { removalWork } from '../shared/offboarding/removal-work.ts';
import { onboardingWork } from '../shared/onboardings/onboarding-work.ts';
import { runnerOf, type OperationRunners } from '../shared/operations/runner.ts';
import { createCompletenessReader } from '../shared/query/completeness.ts';
import { createPageTokens } from '../shared/query/page-tokens.ts';
import { createSkipTokens } from '../shared/query/skip-token.ts';
import { createSetTokens } from '../shared/query/sets/set-token.ts';
import { reportKinds } from '../shared/reports/kinds/kinds.ts';
import { reportSetWork } from '../shared/reports/sets/report-set-work.ts';
import { createAttachedReports } from '../shared/reports/schedules/attached-report.ts';
import { reportWork } from '../shared/reports/report-work.ts';
import type { Invocation } from '../shared/telemetry/invocation-scope.ts';
import { verificationWork } from '../shared/verification/verification-work.ts';
import { createDestinationNotifier } from '../shared/destinations/notify.ts';
import { createSetNotifier, notifySubscriptions } from '../shared/webhooks/notify-subscriptions.ts';
import { channelKinds } from './dependencies/channels.ts';
import { createDestinations } from './dependencies/destinations.ts';
import { createMicrosoft, feedWebhooksOf } from './dependencies/microsoft.ts';
import { openStores, type Stores } from './dependencies/stores.ts';
import { forWatches } from './dependencies/watches.ts';

const now = () => new Date();
const scope = new AsyncLocalStorage<Invocation>();
const trace = () => scope.getStore()?.trace;

/** Longer than any function may run (host.json: functionTimeout). */
const removalSettleMs = 15 * 60_000;
/** A little less than a function may run (host.json: functionTimeout). */
const streamBudgetMs = 9 * 60_000;

/** The build puts them next to the bundle. */
const docsFolder = fileURLToPath(new URL('docs-page/', import.meta.url));
const consoleFolder = fileURLToPath(new URL('console/', import.meta.url));

function openMonitor({ insightsConnectionString: connectionString, storage }: Config): Monitor {
  const credential = storage.kind === 'identity' ? identityOf(storage.clientId) : undefined;
  const write = (line: string) => void process.stdout.write(line);
  return createMonitor({ connectionString, credential, scope, now, write });
}

const later = (ms: number, work: () => Promise<void>): void => {
  setTimeout(() => void work(), ms).unref();
};

/** For every request: who calls, what they may see, what was logged. */
function forHttp(config: Config, { telemetry }: Monitor, { tables, keys, tenants }: Stores) {
  const { signingKeys, publisherId, endpoints, credential } = config;
  const verifier = createTokenVerifier({
    clientId: credential.clientId,
    authorityUrl: endpoints.authorityUrl,
    now,
  });
  return {
    access: createAccess({
      keys,
      tenants,
      telemetry,
      now,
      tokens: { verifier, publisherId },
      limits: config.callLimits,
    }),
    capabilities: createCapabilities({ signingKeys, keys, tenants, now }),
    idempotency: createIdempotency({ store: createIdempotencyStore(tables), signingKeys, now }),
    accessLog: groupRefusals(createAccessLog(tables), { now, later }),
    signingKeys,
    webhookSecrets: createLiveWebhookSecrets({
      signingKeys,
      generations: createWebhookGenerationStore(tables),
      now,
    }),
    publicUrl: config.publicUrl,
    docsFiles: createDocsFiles(docsFolder),
    consoleFiles: createConsoleFiles(consoleFolder),
    consoleSignIn: config.consoleSignIn,
  };
}

/** For polling, landing and indexing. */
function forCollection({ poll, indexConcurrency, ...config }: Config, { queues, arrivals }: Stores) {
  const feedWebhooks = feedWebhooksOf(config);
  const feedHints = createFeedHints({ feedWebhooks, queues, now, settleMs: poll.settleMs });
  const announcer = createArrivalAnnouncer({ arrivals, now });
  return { feedHints, announcer, limits: defaultLandingLimits, concurrency: indexConcurrency, ...poll };
}

/** For tenants: consent, posture, role holders, removal, retention. */
function forTenants(
  { credential, endpoints, storage, accessLogDays, retention, purgeDelayMs, ...config }: Config,
  { tables, mailboxNames }: Stores,
) {
  const roleHolders = createRoleHolderStore(tables);
  return {
    credential,
    consents: createConsentStore(tables),
    consent: { clientId: credential.clientId, authorityUrl: endpoints.authorityUrl },
    postures: createPostureStore(tables),
    roleHolders,
    names: createNameDirectory({ roleHolders, mailboxNames, now }),
    tenantData: createTenantData(storage, tables),
    removalSettleMs,
    purgeDelayMs,
    expiringRows: createExpiringRows(tables),
    accessLogDays,
    oldClaims: createOldClaims(tables),
    rawRemoval: createRawRemoval(storage),
    retention,
    partnerTokenExpires: config.partnerTokenExpires,
    compactAfterMonths: config.compactAfterMonths,
  };
}

/** For queries and exports. */
function forQueries(
  { signingKeys, storage, reportLimits }: Config,
  { tables, ledger, landings, index, raw }: Stores,
  answers: WorkerAnswers,
) {
  return {
    completeness: createCompletenessReader({ ledger, landings }),
    pageTokens: createPageTokens({
      skipTokens: createSkipTokens(signingKeys, now),
      store: createPageTokenStore(tables),
      now,
    }),
    setTokens: createPageTokens({
      skipTokens: createSetTokens(signingKeys, now),
      store: createPageTokenStore(tables),
      now,
    }),
    agenda: createOperationAgenda(tables),
    exportFiles: createExportFiles(storage),
    reportKinds,
    reportLimits,
    pages: createRecordPages({ index, raw, now }),
    pacedBody: createPacedBody(answers, { ...streamLimits, totalMs: streamBudgetMs }),
    streamBudgetMs,
  };
}

/** For webhooks and triggers of flows. */
function forTriggers(
  { signingKeys, checkpointWebhookUrl }: Config,
  { tables, subscriptions, destinations, queues }: Stores,
) {
  return {
    triggerStates: createTriggerStates(signingKeys),
    webhooks: createWebhookLog(tables),
    webhookSender: createWebhookSender(),
    checkpointWebhookUrl,
    wake: (tenantId: string) => notifySubscriptions({ subscriptions, queues, now }, tenantId),
    wakeSets: createSetNotifier({ subscriptions, queues, now }),
    wakeDestinations: createDestinationNotifier({ destinations, queues, now }),
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
  const stores = openStores(config, { trace, now, telemetry: monitor.telemetry });
  const answers = trackAnswers();
  const queries = forQueries(config, stores, answers);
  const deps = {
    ...monitor,
    now,
    startBudget,
    budgetMs: config.budgetMs,
    ...stores,
    ...createMicrosoft(config, monitor, { ...stores, now }),
    ...forHttp(config, monitor, stores),
    ...forCollection(config, stores),
    ...forTenants(config, stores),
    ...queries,
    ...forTriggers(config, stores),
    ...forWatches({ ...monitor, ...stores, now }),
    ...createDestinations(config, now),
    channelKinds,
    attachedFiles: createAttachedReports({ ...stores, exportFiles: queries.exportFiles }),
  };
  const operationRunners: OperationRunners = {
    exports: runnerOf(deps, exportWork(deps)),
    enablements: runnerOf(deps, enablementWork(deps)),
    rollouts: runnerOf(deps, rolloutWork(deps)),
    bundles: runnerOf(deps, bundleWork(deps)),
    reportSets: runnerOf(deps, reportSetWork(deps)),
    reports: runnerOf(deps, reportWork(deps)),
    removals: runnerOf(deps, removalWork(deps)),
    imports: runnerOf(deps, importWork(deps)),
    backfills: runnerOf(deps, backfillWork(deps)),
    onboardings: runnerOf(deps, onboardingWork(deps)),
    verifications: runnerOf(deps, verificationWork({ ...deps, chain: deps.landings })),
  };
  countStorageOperations(config);
  const closing = (handle: HttpHandler) => closingOnRequest(answers, handle);
  return { deps: { ...deps, operationRunners }, monitor, scope, closing };
}

function countStorageOperations({ storage }: Config): void {
  watchStorageOperations(storage, (operation) => {
    const operations = scope.getStore()?.operations;
    operations?.set(operation, (operations.get(operation) ?? 0) + 1);
  });
}

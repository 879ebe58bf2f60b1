/** Where everything is stored: containers, tables, and queues. */
import { createCheckpointStore } from '../../shared/adapters/blobs/checkpoint-store.ts';
import { createImportUploads } from '../../shared/adapters/blobs/import-uploads.ts';
import { createRawNames } from '../../shared/adapters/blobs/raw-names.ts';
import { createSegmentFiles } from '../../shared/adapters/blobs/segment-files.ts';
import { createRawStore } from '../../shared/adapters/blobs/raw-store.ts';
import { createStatementStore } from '../../shared/adapters/blobs/statement-store.ts';
import { createPoisonQueues } from '../../shared/adapters/queues/poison-queue.ts';
import { createWorkQueues } from '../../shared/adapters/queues/work-queues.ts';
import { createArrivalLog } from '../../shared/adapters/tables/arrival-log.ts';
import { createApiKeyStore } from '../../shared/adapters/tables/api-key-store.ts';
import { createCursorStore } from '../../shared/adapters/tables/cursor-store.ts';
import { createDeadLetterStore } from '../../shared/adapters/tables/dead-letter-store.ts';
import { createDeliveryStore } from '../../shared/adapters/tables/channel-delivery-store.ts';
import { createChannelStore } from '../../shared/adapters/tables/channel-store.ts';
import { createFindingStore } from '../../shared/adapters/tables/finding-store.ts';
import { createGroupStateStore } from '../../shared/adapters/tables/group-state-store.ts';
import { createDestinationStore } from '../../shared/adapters/tables/destination-store.ts';
import { createLandingRows } from '../../shared/adapters/tables/landing-rows.ts';
import { createLandingStore } from '../../shared/adapters/tables/landing-store.ts';
import { createLedger } from '../../shared/adapters/tables/ledger-store.ts';
import { createOperationStore } from '../../shared/adapters/tables/operation-store.ts';
import { createLegalHoldStore } from '../../shared/adapters/tables/legal-hold-store.ts';
import { createMailboxNameStore } from '../../shared/adapters/tables/mailbox-name-store.ts';
import { createPoisonMessageStore } from '../../shared/adapters/tables/poison-message-store.ts';
import { createMonthLayoutStore } from '../../shared/adapters/tables/month-layout-store.ts';
import { createPolicyStore } from '../../shared/adapters/tables/policy-store.ts';
import { createRecordIndex } from '../../shared/adapters/tables/record-index.ts';
import { createScheduleStore } from '../../shared/adapters/tables/schedule-store.ts';
import { createSearchStore } from '../../shared/adapters/tables/search-store.ts';
import { createSubscriptionStore } from '../../shared/adapters/tables/subscription-store.ts';
import { createTables } from '../../shared/adapters/tables/tables.ts';
import { createTenantStore } from '../../shared/adapters/tables/tenant-store.ts';
import { createWatchStore } from '../../shared/adapters/tables/watch-store.ts';
import type { Config } from '../../shared/config.ts';
import { enablementKind } from '../../shared/enablement/enablement.ts';
import { rolloutKind } from '../../shared/enablement/rollout.ts';
import { bundleKind } from '../../shared/exports/bundles/bundle.ts';
import { exportKind } from '../../shared/exports/export.ts';
import { backfillKind } from '../../shared/backfills/backfill.ts';
import { importKind } from '../../shared/imports/import.ts';
import { createSegmentedIndex } from '../../shared/index/segments/segmented-index.ts';
import { onboardingKind } from '../../shared/onboardings/onboarding.ts';
import { removalKind } from '../../shared/offboarding/removal.ts';
import { reportSetKind } from '../../shared/reports/sets/report-set.ts';
import { reportOperationKind } from '../../shared/reports/report.ts';
import { verificationKind } from '../../shared/verification/verification.ts';
import type { Telemetry } from '../../shared/telemetry.ts';
import type { CurrentTrace } from '../../shared/telemetry/invocation-scope.ts';

/** Of this process. */
interface Running {
  readonly trace: CurrentTrace;
  readonly now: () => Date;
  readonly telemetry: Telemetry;
}

/** Nothing is requested before it is used. */
export function openStores({ storage }: Config, { trace, now, telemetry }: Running) {
  const tables = createTables(storage);
  const compaction = {
    tables: createRecordIndex(tables),
    layouts: createMonthLayoutStore(tables),
    files: createSegmentFiles(storage),
  };
  return {
    tables,
    compaction,
    tenants: createTenantStore(tables),
    keys: createApiKeyStore(tables),
    mailboxNames: createMailboxNameStore(tables),
    ledger: createLedger(tables),
    landings: createLandingStore(tables, { trace }),
    arrivals: createArrivalLog(tables),
    landingRows: createLandingRows(tables),
    rawNames: createRawNames(storage),
    index: createSegmentedIndex({ ...compaction, now }),
    raw: createRawStore(storage),
    queues: createWorkQueues(storage, trace),
    poisonMessages: createPoisonMessageStore(tables),
    poisonQueue: createPoisonQueues(storage),
    exports: createOperationStore(tables, exportKind),
    imports: createOperationStore(tables, importKind),
    backfills: createOperationStore(tables, backfillKind),
    uploads: createImportUploads(storage),
    checkpoints: createCheckpointStore(storage),
    statements: createStatementStore(storage),
    enablements: createOperationStore(tables, enablementKind),
    onboardings: createOperationStore(tables, onboardingKind),
    rollouts: createOperationStore(tables, rolloutKind),
    policy: createPolicyStore(tables),
    channels: createChannelStore(tables),
    deliveries: createDeliveryStore(tables, now),
    destinations: createDestinationStore(tables),
    cursors: createCursorStore(tables),
    deadLetters: createDeadLetterStore(tables),
    watches: createWatchStore(tables, (watchId) => {
      telemetry('watches.watch.unreadable', { watchId });
    }),
    groupStates: createGroupStateStore(tables),
    findings: createFindingStore(tables),
    bundles: createOperationStore(tables, bundleKind),
    reportSets: createOperationStore(tables, reportSetKind),
    reports: createOperationStore(tables, reportOperationKind),
    schedules: createScheduleStore(tables),
    removals: createOperationStore(tables, removalKind),
    verifications: createOperationStore(tables, verificationKind),
    legalHolds: createLegalHoldStore(tables),
    subscriptions: createSubscriptionStore(tables),
    searches: createSearchStore(tables),
  };
}

export type Stores = ReturnType<typeof openStores>;

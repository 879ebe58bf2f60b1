/** All handlers. Each module below exports nothing else, so a new handler in one of them is registered at once. */
import type { OperationId } from '../shared/api/all.ts';
import type { Bound } from '../shared/http/handler.ts';
import * as accessLog from './access/access-log.ts';
import * as caller from './access/get-caller.ts';
import * as keys from './access/keys.ts';
import * as backfills from './backfills/backfills.ts';
import * as channels from './channels/channels.ts';
import * as destinations from './destinations/destinations.ts';
import * as enablements from './enablement/enablements.ts';
import * as posture from './enablement/get-posture.ts';
import * as postures from './enablement/list-postures.ts';
import * as rollouts from './enablement/rollouts.ts';
import * as signedEnablement from './enablement/signed-enablement.ts';
import * as exports from './exports/exports.ts';
import * as bundles from './exports/bundles.ts';
import * as exportContent from './exports/get-export-content.ts';
import * as imports from './imports/imports.ts';
import * as evidence from './ingestion/get-evidence.ts';
import * as gaps from './ingestion/gaps.ts';
import * as ingestion from './ingestion/get-ingestion.ts';
import * as ingestionOfTenants from './ingestion/list-ingestion.ts';
import * as ledger from './ingestion/ledger.ts';
import * as feedNotification from './ingestion/receive-feed-notification.ts';
import * as poisonMessages from './ingestion/poison-messages.ts';
import * as rejectedBodies from './ingestion/rejected-bodies.ts';
import * as verifications from './ingestion/verifications.ts';
import * as countsOfTenants from './records/count-records-of-tenants.ts';
import * as counts from './records/count-records.ts';
import * as record from './records/get-record.ts';
import * as recordsOfTenants from './records/list-records-of-tenants.ts';
import * as records from './records/list-records.ts';
import * as recordStream from './records/stream-records.ts';
import * as reportSchedules from './reports/report-schedules.ts';
import * as reportSets from './reports/report-sets.ts';
import * as reports from './reports/reports.ts';
import * as description from './self/description.ts';
import * as docs from './self/docs.ts';
import * as vocabulary from './self/vocabulary.ts';
import * as customers from './tenants/customers.ts';
import * as consent from './tenants/receive-consent.ts';
import * as legalHold from './tenants/legal-hold.ts';
import * as onboardings from './tenants/onboardings.ts';
import * as policy from './tenants/policy.ts';
import * as removals from './tenants/removals.ts';
import * as roleHolders from './tenants/role-holders.ts';
import * as findings from './watches/findings.ts';
import * as watches from './watches/watches.ts';
import * as tenants from './tenants/tenants.ts';
import * as feed from './triggers/feed.ts';
import * as searchRecords from './triggers/list-records-of-search.ts';
import * as searches from './triggers/searches.ts';
import * as subscriptions from './triggers/subscriptions.ts';

const all = {
  ...channels,
  ...destinations,
  ...watches,
  ...findings,
  ...accessLog,
  ...caller,
  ...keys,
  ...enablements,
  ...posture,
  ...postures,
  ...rollouts,
  ...signedEnablement,
  ...exports,
  ...exportContent,
  ...bundles,
  ...reports,
  ...reportSets,
  ...reportSchedules,
  ...imports,
  ...evidence,
  ...backfills,
  ...gaps,
  ...ingestion,
  ...ingestionOfTenants,
  ...ledger,
  ...feedNotification,
  ...rejectedBodies,
  ...poisonMessages,
  ...verifications,
  ...counts,
  ...countsOfTenants,
  ...record,
  ...recordsOfTenants,
  ...records,
  ...recordStream,
  ...description,
  ...docs,
  ...vocabulary,
  ...customers,
  ...consent,
  ...legalHold,
  ...onboardings,
  ...policy,
  ...removals,
  ...roleHolders,
  ...tenants,
  ...feed,
  ...searchRecords,
  ...searches,
  ...subscriptions,
};

type All = typeof all;

/** What all handlers together need. */
export type HandlerDeps = All[keyof All] extends {
  readonly handle: (deps: infer Deps, call: never) => unknown;
}
  ? Deps
  : never;

/** A declared operation without a handler does not compile. */
type Unhandled = Exclude<OperationId, All[keyof All]['operation']['id']>;
const handlers: [Unhandled] extends [never] ? readonly Bound<HandlerDeps>[] : Unhandled = Object.values(all);

/** In the order of their names: the local host matches routes in the order of registration. */
export const httpHandlers = handlers.toSorted((a, b) => (a.operation.id < b.operation.id ? -1 : 1));

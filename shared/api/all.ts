/** All operations of the HTTP interface, in the order in which documents list them. */
import { compareTexts } from '../compare-texts.ts';
import { lazy } from '../lazy.ts';
import * as access from './access.ts';
import * as bundles from './bundles.ts';
import * as backfills from './backfills.ts';
import { complete } from './complete.ts';
import * as channels from './channels.ts';
import * as destinations from './destinations.ts';
import * as findings from './findings.ts';
import * as watches from './watches.ts';
import * as enablements from './enablements.ts';
import * as evidence from './evidence.ts';
import * as exports from './exports.ts';
import * as feed from './feed.ts';
import * as feedWebhook from './feed-webhook.ts';
import * as gaps from './gaps.ts';
import type { Operation } from './operation.ts';
import * as imports from './imports.ts';
import * as legalHold from './legal-hold.ts';
import * as ingestion from './ingestion.ts';
import * as ledger from './ledger.ts';
import * as onboardings from './onboardings.ts';
import * as policy from './policy.ts';
import * as poisonMessages from './poison-messages.ts';
import * as records from './records.ts';
import * as rejectedBodies from './rejected-bodies.ts';
import * as reportSchedules from './report-schedules.ts';
import * as reportSets from './report-sets.ts';
import * as reports from './reports.ts';
import * as rollouts from './rollouts.ts';
import * as searches from './searches.ts';
import * as self from './self.ts';
import * as subscriptions from './subscriptions.ts';
import * as tenants from './tenants.ts';
import * as verifications from './verifications.ts';

/** The operations as declared, by area; these modules export nothing else. */
export const areas = {
  records,
  feed,
  searches,
  subscriptions,
  destinations,
  channels,
  watches,
  findings,
  exports,
  bundles,
  reports,
  reportSets,
  reportSchedules,
  imports,
  backfills,
  tenants,
  onboardings,
  policy,
  legalHold,
  feedWebhook,
  ingestion,
  gaps,
  ledger,
  evidence,
  rejectedBodies,
  poisonMessages,
  verifications,
  enablements,
  rollouts,
  access,
  self,
};

type Areas = typeof areas;
/** Ids of all declared operations. */
export type OperationId = {
  [A in keyof Areas]: Extract<Areas[A][keyof Areas[A]], { readonly id: string }>['id'];
}[keyof Areas];

/** As they answer, completed; made on first use, because a starting app has more urgent things to do. */
export const allOperations = lazy((): readonly Operation[] =>
  Object.values(areas)
    .flatMap((area) => Object.values<Operation>(area).sort(byRoute))
    .map(complete),
);

/** Bundlers order the exports of modules differently. */
function byRoute(a: Operation, b: Operation): number {
  return compareTexts(`${a.route} ${a.method}`, `${b.route} ${b.method}`);
}

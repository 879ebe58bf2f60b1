/** Timers: what runs when. Schedules are UTC, and daily ones avoid the full hour, when most other timers fire. */
import type { Budget } from '../shared/budget.ts';
import { watchNotifications, type WatchNotificationsDeps } from '../shared/channels/watch-notifications.ts';
import { watchDestinations, type WatchDestinationsDeps } from '../shared/destinations/watch-destinations.ts';
import { requestDailyChecks, type RequestDailyChecksDeps } from '../shared/enablement/check-posture.ts';
import { takeCheckpoint, type TakeCheckpointDeps } from '../shared/evidence/take-checkpoint.ts';
import { compactMonths, type CompactMonthsDeps } from '../shared/index/segments/compact-months.ts';
import { pollDueTenants, type PollTenantsDeps } from '../shared/landing/poll-tenants.ts';
import { reconcileTenants, type ReconcileDeps } from '../shared/landing/reconcile.ts';
import { monitorOperations, type MonitorOperationsDeps } from '../shared/operations/monitor-operations.ts';
import type { OperationRunners } from '../shared/operations/runner.ts';
import type { ExpireArrivalsDeps } from '../shared/feed/expire-arrivals.ts';
import { applyAllRetention } from '../shared/retention/apply-all-retention.ts';
import { purgeExpired, type PurgeExpiredDeps } from '../shared/retention/purge-expired.ts';
import type { ApplyRetentionDeps } from '../shared/retention/retention-turn.ts';
import { watchCollection, type WatchCollectionDeps } from '../shared/watch/watch-collection.ts';

export type TimerDeps = RequestDailyChecksDeps &
  MonitorOperationsDeps &
  PollTenantsDeps &
  ReconcileDeps &
  PurgeExpiredDeps &
  ApplyRetentionDeps &
  ExpireArrivalsDeps &
  CompactMonthsDeps &
  TakeCheckpointDeps &
  WatchDestinationsDeps &
  WatchNotificationsDeps &
  WatchCollectionDeps & { readonly operationRunners: OperationRunners };

export interface Timer {
  readonly name: string;
  /** NCRONTAB: second, minute, hour, day, month, day of the week. */
  readonly schedule: string;
  /** @param budget what the run may take; the next run does the rest */
  readonly run: (deps: TimerDeps, budget: Budget) => Promise<unknown>;
}

export const timers: readonly Timer[] = [
  { name: 'poll-activity-feed', schedule: '0 */5 * * * *', run: pollDueTenants },
  { name: 'watch-collection', schedule: '0 */15 * * * *', run: watchCollection },
  { name: 'watch-destinations', schedule: '30 7,22,37,52 * * * *', run: watchDestinations },
  { name: 'watch-channels', schedule: '45 13,28,43,58 * * * *', run: watchNotifications },
  {
    name: 'monitor-operations',
    schedule: '0 23,53 * * * *',
    run: (deps) => monitorOperations(deps, deps.operationRunners),
  },
  // Once a day; the later runs make up for one that failed.
  { name: 'take-checkpoint', schedule: '0 41 0,6,12,18 * * *', run: takeCheckpoint },
  { name: 'compact-index', schedule: '0 37 * * * *', run: compactMonths },
  { name: 'purge-expired', schedule: '0 53 1 * * *', run: purgeExpired },
  { name: 'apply-retention', schedule: '0 47 * * * *', run: applyAllRetention },
  { name: 'reconcile-activity-feed', schedule: '0 17 2 * * *', run: reconcileTenants },
  { name: 'check-audit-posture', schedule: '0 23 4 * * *', run: requestDailyChecks },
];

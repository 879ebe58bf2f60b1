/** How often the app wakes up, by its own settings. */
import alertRules from '../../infra/alerts/log-rules.json' with { type: 'json' };
import metricRules from '../../infra/alerts/metric-rules.json' with { type: 'json' };
import host from '../../host.json' with { type: 'json' };
import { workQueues } from '../../shared/poison/queue-names.ts';

/** Runs of each timer function in a day (a test compares with their schedules). */
export const timerRunsPerDay = {
  'apply-retention': 24,
  'check-audit-posture': 1,
  'compact-index': 24,
  'monitor-operations': 48,
  'poll-activity-feed': 288,
  'purge-expired': 1,
  'reconcile-activity-feed': 1,
  'take-checkpoint': 4,
  'watch-channels': 96,
  'watch-collection': 96,
  'watch-destinations': 96,
} as const;

export const pollsPerDay = timerRunsPerDay['poll-activity-feed'];
/** A quiet tenant is polled every 30 minutes in place of every 5 (AUDITKEEP_POLL_CEILING_MINUTES). */
export const roundsPerQuietPoll = 6;
/** Of a tenant that Microsoft announces content for all day: once in AUDITKEEP_SETTLE_SECONDS. */
export const hintedPollsPerDay = 24 * 60;
/** AUDITKEEP_POLL_TENANT_CONCURRENCY. */
export const tenantsAtOnce = 4;
/** A poll with more text makes a second landing. */
export const maxLandingBytes = 16 * 1024 * 1024;

export const queues = workQueues.length;
/** Of an idle queue, while an instance is alive. */
export const queuePollSeconds = secondsOf(host.extensions.queues.maxPollingInterval);

/** Rules that search the logs, and rules that watch a metric of Azure's. */
export const logAlerts = alertRules.length;
export const metricAlerts = metricRules.length;

/** @param span such as `00:00:10` */
function secondsOf(span: string): number {
  return span.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}

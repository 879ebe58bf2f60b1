/** What each alert watches; `docs/operations.md` says what to do about it. */
import type { TelemetryEvent } from '../../shared/telemetry/events.ts';
import type { MetricName } from '../../shared/telemetry/metrics.ts';

/** Reports of the product itself, or a metric that the platform measures. */
export type Watched =
  | { readonly event: TelemetryEvent; readonly metric?: MetricName }
  | { readonly metric: MetricName }
  | { readonly platform: string };

/** By the name of the rule in `infra/alerts`. */
export const watchedAlerts = {
  silence: { event: 'landing.poll.finished', metric: 'auditkeep.tenants' },
  'completeness-behind': { metric: 'auditkeep.lag' },
  'gap-recorded': { metric: 'auditkeep.gaps' },
  poison: { metric: 'auditkeep.poison' },
  'tenant-unmeasured': { metric: 'auditkeep.unmeasured' },
  'auditing-switched-off': { event: 'index.record.switchedAuditingOff' },
  'posture-drift': { event: 'enablement.drift.found' },
  'credential-expiry': { event: 'watch.credential.expiring' },
  'consent-lost': { metric: 'auditkeep.refused' },
  'destination-behind': { metric: 'auditkeep.destinationLag' },
  'retention-behind': { metric: 'auditkeep.overdue' },
  'server-errors': { platform: 'Http5xx' },
  'storage-availability': { platform: 'Availability' },
  'vault-availability': { platform: 'Availability' },
} as const satisfies Readonly<Record<string, Watched>>;

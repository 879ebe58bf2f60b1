/** The closed list of what Auditkeep reports about itself, and the port it is reported through. */

/** `<stage>.<noun>.<past verb>`; fields hold ids, counts, codes and durations, never record content. */
export type TelemetryEvent =
  | 'access.request.refused'
  | 'access.privileged.called'
  | 'activity.subscription.failed'
  | 'activity.subscription.started'
  | 'enablement.drift.found'
  | 'enablement.operation.finished'
  | 'enablement.operation.started'
  | 'enablement.posture.checked'
  | 'enablement.posture.failed'
  | 'enablement.run.superseded'
  | 'exports.operation.expired'
  | 'exports.operation.finished'
  | 'exports.operation.started'
  | 'feed.landing.missing'
  | 'http.request.failed'
  | 'http.request.finished'
  | 'index.landing.dropped'
  | 'index.landing.finished'
  | 'index.landing.requeued'
  | 'index.record.notUnderstood'
  | 'index.record.switchedAuditingOff'
  | 'landing.content.deferred'
  | 'landing.content.rejected'
  | 'landing.gap.recorded'
  | 'landing.poll.failed'
  | 'landing.poll.finished'
  | 'landing.poll.handedOver'
  | 'landing.poll.skipped'
  | 'landing.reconcile.finished'
  | 'tenants.roleHolders.failed'
  | 'tenants.roleHolders.recorded'
  | 'tenants.consent.refused'
  | 'tenants.tenant.activated'
  | 'tenants.tenant.checked'
  | 'tenants.tenant.registered'
  | 'tenants.tenant.removed'
  | 'webhooks.delivery.failed'
  | 'webhooks.delivery.succeeded'
  | 'webhooks.subscription.disabled';

export type TelemetryFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Reports one event. Must not throw and must not wait. */
export type Telemetry = (event: TelemetryEvent, fields: TelemetryFields) => void;

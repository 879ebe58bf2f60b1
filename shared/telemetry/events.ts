/** The closed list of events: what happened, once each, with ids and counts. */

/**
 * `<stage>.<noun>.<past verb>`, and what each one says. Alerts, the workbook and `docs/telemetry.md` hold on to these
 * names: one that is changed here is changed there.
 */
export const telemetryEvents = {
  'access.privileged.called': 'A caller used a scope other than `records.read`.',
  'access.request.refused': 'A call was refused: no valid credential, no right, or too many calls.',
  'activity.subscription.failed': 'The feed of a content type could not be subscribed to.',
  'activity.subscription.started': 'The feed of a content type was subscribed to.',
  'enablement.drift.found': 'Auditing in a tenant is worse than at the last look.',
  'enablement.operation.finished': 'An enablement came to its end.',
  'enablement.operation.started': 'An enablement was asked for and accepted.',
  'enablement.posture.checked': 'The daily look at how auditing stands was taken.',
  'enablement.posture.failed': 'Microsoft refused the daily look.',
  'enablement.run.superseded': 'Another run of the same enablement was faster; this one gave up.',
  'exports.operation.expired': 'The file of an export was deleted at the end of its time.',
  'exports.operation.finished': 'An export came to its end.',
  'exports.operation.started': 'An export was asked for and accepted.',
  'feed.landing.missing': 'A reader of new records came to a landing whose raw blob is gone.',
  'functions.invocation.finished':
    'An invocation ended. For HTTP with the status; an answer of 500 and above counts as failed.',
  'functions.invocation.started': 'An invocation began.',
  'http.request.failed': 'A handler threw an error that is not an answer.',
  'index.landing.dropped': 'A landing was not indexed because its tenant was removed.',
  'index.landing.finished': 'A landing was indexed to its last line.',
  'index.landing.requeued': 'The daily reconciliation found a landing that was never indexed.',
  'index.record.notUnderstood': 'A record could not be understood; it is found by time and text only.',
  'index.record.switchedAuditingOff': 'A record tells that somebody switched auditing off.',
  'landing.content.deferred': 'A content blob could not be had yet and is asked for again.',
  'landing.content.rejected': 'The body of a content blob was no list of records and is kept as received.',
  'landing.gap.recorded': 'A range or a content blob is lost for good.',
  'landing.poll.failed': 'The poll of a tenant broke off, mostly because storage failed.',
  'landing.poll.finished':
    'The poll of a tenant ended. `succeeded`: a content type at least was listed; `errors`: those that could not be.',
  'landing.poll.handedOver': 'A tenant was left to the queue because time was up.',
  'landing.poll.skipped': 'A tenant was left alone because somebody else is polling it.',
  'landing.reconcile.finished': 'The daily reconciliation asked for all tenants.',
  'retention.rows.purged': 'Rows whose time is over were deleted; with `finished: false` some are left.',
  'tenants.consent.lost':
    'Every content type of a tenant is refused because its consent is gone: once, at the first poll that finds so.',
  'tenants.consent.refused': 'Somebody came back from the consent page without consent.',
  'tenants.roleHolders.failed': 'Who holds admin roles could not be read.',
  'tenants.roleHolders.recorded': 'Who holds admin roles was recorded.',
  'tenants.tenant.activated': 'A tenant is collected from now on.',
  'tenants.tenant.checked': 'The grants of a tenant were looked at.',
  'tenants.tenant.registered': 'A tenant was registered.',
  'tenants.tenant.removed': 'A tenant was removed; with all its data where `purge` is true.',
  'watch.credential.expiring': 'The credential of the app ends within 30 days: once a day.',
  'watch.tenant.failed': 'A tenant could not be measured; the others were.',
  'webhooks.delivery.failed': 'A webhook could not be delivered.',
  'webhooks.delivery.succeeded': 'A webhook was delivered.',
  'webhooks.subscription.disabled': 'A webhook subscription was given up.',
} as const satisfies Readonly<Record<string, string>>;

export type TelemetryEvent = keyof typeof telemetryEvents;

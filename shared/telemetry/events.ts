/** The closed list of events: what happened, once each, with IDs and counts. */

/**
 * `<area>.<noun>.<past participle>`, and what each event means. Alerts, the workbook, and `docs/telemetry.md` depend on
 * these names: change a name here and there together.
 */
export const telemetryEvents = {
  'access.privileged.called': 'A caller used a scope other than `records.read`.',
  'access.request.refused': 'A call was refused: invalid credential, missing permission, or too many calls.',
  'activity.subscription.failed': 'A feed subscription to a content type could not be started.',
  'activity.subscription.started': 'A feed subscription to a content type was started.',
  'activity.webhook.refused':
    'Microsoft refused the webhook of a feed subscription, or could not reach it. Content is collected without it.',
  'batches.visit.failed':
    'In one tenant of a rollout or bundle, its operation could not be started or followed. It is retried; the others continue.',
  'channels.message.refused': 'A channel refuses a message for good, although it may accept others.',
  'channels.message.sent':
    'A message was sent to a channel; `matters`: about how many, `perhapsTwice`: its receiver cannot tell whether it had it.',
  'channels.sending.failed':
    'A channel could not be reached or has to be configured; another attempt follows.',
  'destinations.batch.sent': 'A batch of records was sent to a destination.',
  'destinations.sending.failed': 'A destination refused or could not be reached; another attempt follows.',
  'destinations.sending.resumed': 'A destination accepts records again.',
  'enablement.drift.found': 'The audit posture of a tenant is worse than at the previous check.',
  'enablement.posture.checked': 'The daily posture check finished.',
  'enablement.posture.failed': 'Microsoft refused the daily posture check.',
  'evidence.checkpoint.taken':
    'The daily checkpoint of all chains was taken; `missedDays`: days before it that have none.',
  'evidence.delivery.failed': 'A checkpoint could not be delivered outside. The next run repeats it.',
  'evidence.delivery.succeeded': 'A checkpoint was delivered outside.',
  'feed.landing.missing': 'A reader of new records reached a landing whose raw blob is missing.',
  'functions.cause.unrecorded': 'Why a message failed for the last time could not be recorded.',
  'functions.invocation.finished':
    'An invocation ended. For HTTP, includes the status; 500 and above count as failed.',
  'functions.invocation.started': 'An invocation began.',
  'functions.message.poisoned':
    'A message failed for the last time. Its cause was recorded, and the host moves it to the poison queue.',
  'http.request.failed': 'A handler threw an unexpected error.',
  'index.landing.dropped':
    'The message of a landing was dropped because its raw blob is gone: the landing is indexed already, or its tenant was removed.',
  'index.landing.finished': 'A landing was indexed completely.',
  'index.landing.requeued': 'The daily reconciliation found a landing that was never indexed.',
  'index.month.compacted':
    'A step of moving an old month from its table to blob storage was done; `step` says which.',
  'index.record.notUnderstood':
    'A record is not JSON and can be found by time and text only; or it is `truncated`: longer than 16 MiB, and found by what its beginning says.',
  'index.record.switchedAuditingOff': 'A record shows that someone switched auditing off.',
  'landing.content.deferred': 'A content blob could not be fetched yet and will be retried.',
  'landing.content.givenUp':
    'An operator ended the attempts to fetch rejected content. It stays a gap, with who gave it up and why.',
  'landing.content.rejected':
    'The body of a content blob was not a list of records throughout. It was stored as received, and its whole records landed.',
  'landing.content.released': 'An operator had rejected content fetched again at once.',
  'landing.content.unusable':
    'The feed listed content that cannot be fetched: its item has no usable ID or address. It is a gap, and `code` says why.',
  'landing.gap.recorded': 'A time range or content blob is permanently lost.',
  'landing.listing.failed':
    'A content type could not be listed, or its list did not end. The next poll lists it again.',
  'landing.poll.failed': 'The poll of a tenant failed, usually because storage failed.',
  'landing.poll.finished':
    'The poll of a tenant ended. `succeeded`: at least one content type was listed; `errors`: content types that could not be listed.',
  'landing.poll.handedOver': 'A tenant was handed to the queue because the time budget was used up.',
  'landing.poll.skipped': 'A tenant was skipped because another poll holds its lease.',
  'landing.reconcile.finished': 'The daily reconciliation requested a poll of every tenant.',
  'operations.kind.unknown':
    'Operations of a kind that only a later release knows are due. They are left as they are, until that release is back.',
  'operations.operation.expired':
    'An expired operation was deleted, with everything it left behind, such as the file of an export.',
  'operations.operation.finished': 'A long-running operation ended.',
  'operations.operation.started': 'A long-running operation was started.',
  'operations.run.superseded': 'A run stopped because a newer run took over the operation, or it was ended.',
  'poison.message.givenUp': 'An operator deleted a poison message. Its cause stays, with who did it and why.',
  'poison.message.replayed': 'An operator sent a poison message to its queue again.',
  'reports.schedule.finished':
    'All reports of a run of a schedule were given to channels; `failed`: tenants without one, `skipped`: periods before it without a run.',
  'retention.blobs.deleted':
    'The raw blobs of a day were deleted because of the retention; an immutability policy keeps `retained` of them.',
  'retention.claims.deleted':
    'Claims of records before the retention were deleted; with `finished: false`, a later turn continues.',
  'retention.findings.deleted':
    'Findings were deleted, because their records are older than the retention of their tenant.',
  'retention.limit.moved':
    'The retention of a tenant moved to another month: records before `retainedFromDateTime` are deleted a day later.',
  'retention.month.dropped': 'The index of a month was deleted because of the retention.',
  'retention.rows.purged': 'Expired rows were deleted; with `finished: false`, some remain.',
  'tenants.consent.lost':
    'Every content type of a tenant is refused because its consent was withdrawn; reported once, at the first such poll.',
  'tenants.consent.refused': 'A consent link was followed, but consent was not granted.',
  'tenants.hold.lifted': 'The legal hold of a tenant was lifted.',
  'tenants.hold.placed': 'A tenant was placed under legal hold: nothing of it is deleted.',
  'tenants.purge.requested':
    'The deletion of all data of a tenant was requested. It begins at `effectiveDateTime`.',
  'tenants.roleHolders.failed': 'The holders of admin roles could not be read.',
  'tenants.roleHolders.recorded': 'The holders of admin roles were recorded.',
  'tenants.tenant.activated': 'A tenant became active, and collection started.',
  'tenants.tenant.checked': 'The grants of a tenant were checked.',
  'tenants.tenant.registered': 'A tenant was registered.',
  'tenants.tenant.removed': 'A tenant was removed, including all its data if `purge` is true.',
  'watch.credential.expiring':
    'The app credential, or the refresh token for Partner Center, expires within 30 days; reported once a day.',
  'watch.tenant.failed': 'A tenant could not be measured; the others could.',
  'watches.finding.made': 'Records that matched the rules of a watch became a finding.',
  'watches.matches.omitted':
    'A rule of a watch has more groups in one landing than are kept; `matches`: how many made no finding. The watch shows the cause.',
  'watches.rule.failed':
    'A rule of a watch could not be evaluated, or matches too much. Other rules are applied, and the watch shows the cause.',
  'watches.watch.unreadable':
    'A newer release stored a watch: this host does not apply its rules, and lists the others only.',
  'webhooks.delivery.failed': 'A webhook could not be delivered.',
  'webhooks.delivery.succeeded': 'A webhook was delivered.',
  'webhooks.subscription.disabled': 'A webhook subscription was disabled.',
} as const satisfies Readonly<Record<string, string>>;

export type TelemetryEvent = keyof typeof telemetryEvents;

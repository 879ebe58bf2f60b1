/** Which tenants are polled when: due tenants within a budget, one poller a tenant, the rest handed over. */
import pMap from 'p-map';
import type { Budget } from '../budget.ts';
import type { UpstreamError } from '../errors.ts';
import { isSignInRefusal, lostConsent } from '../tenants/consent-refusal.ts';
import { changeTenant } from '../tenants/change-tenant.ts';
import { refusedSubscription, runningSubscription } from '../tenants/start-subscriptions.ts';
import type { PollState, StoredTenant, SubscriptionState, Tenant, TenantStore } from '../tenants/tenant.ts';
import { afterHint, isPollWorthwhile } from './feed-hints.ts';
import type { PollRequest } from './work-queues.ts';
import { requeueLandings } from './requeue-landings.ts';
import { pollTenant, type PollDeps, type PollOptions, type PollOutcome } from './poll-tenant.ts';

export interface PollTenantsDeps extends PollDeps {
  readonly tenants: TenantStore;
  readonly tenantConcurrency: number;
  /** The longest interval between polls of a quiet tenant. */
  readonly ceilingMs: number;
}

/** After throttling without Retry-After. */
const defaultPauseMs = 5 * 60_000;
/** Auditing was switched on recently, or is off: the feed may need hours to notice. */
const waitForAuditingMs = 60 * 60_000;
/** Microsoft wants this long between requests to start the same subscription. */
const startIntervalMs = 15 * 60_000;
/** The timer's own interval: quiet tenants wait multiples of it. */
const intervalMs = 5 * 60_000;
/** Leases outlast the budget by this much, for work in flight when it ends. */
const leaseMarginMs = 5 * 60_000;

/** Polls every tenant that is due; those that the budget does not reach go to the queue. */
export async function pollDueTenants(deps: PollTenantsDeps, budget: Budget): Promise<void> {
  const started = deps.now();
  const due = (await deps.tenants.list()).filter(
    ({ state, poll }) => state === 'Active' && poll.nextPollAt <= started,
  );
  await pMap(due, (tenant) => pollOrHandOver(deps, tenant, budget), {
    concurrency: deps.tenantConcurrency,
    stopOnError: false,
  });
}

async function pollOrHandOver(deps: PollTenantsDeps, tenant: StoredTenant, budget: Budget): Promise<void> {
  if (budget.aborted) await handOver(deps, { version: 1, tenantId: tenant.tenantId, reason: 'handedOver' });
  else await pollLeased(deps, tenant, { budget });
}

/**
 * Polls one tenant because a message requests it. Skips a tenant that is gone or not active, and after a hint one that
 * was just polled. For a tenant that is being polled, a request for more than the timer does (a reconciliation, or a poll
 * right after auditing was turned on) is delayed.
 */
export async function runPollRequest(
  deps: PollTenantsDeps,
  request: PollRequest,
  budget: Budget,
): Promise<void> {
  const tenant = await deps.tenants.get(request.tenantId);
  if (tenant?.state !== 'Active') return;
  const isHint = request.reason === 'notified';
  if (isHint && !isPollWorthwhile(tenant.poll, deps.now(), deps.settleMs)) return;
  const reconcile = request.reason === 'reconcile';
  const since = request.since === undefined ? undefined : new Date(request.since);
  const isContinued = request.reason === 'handedOver' || since !== undefined;
  const backlog = isContinued ? await backlogOf(deps, tenant.tenantId) : undefined;
  const options = { budget, reconcile, since, isContinued, backlog, isHint };
  const polled = await pollLeased(deps, tenant, options);
  const isExtra = request.reason === 'registered' || reconcile;
  if (!polled && isExtra) await deps.queues.requestPoll(request, intervalMs);
}

/** False when another host is polling the tenant. */
async function pollLeased(
  deps: PollTenantsDeps,
  tenant: StoredTenant,
  { isHint = false, ...options }: PollOptions & { readonly isHint?: boolean },
): Promise<boolean> {
  const { tenantId } = tenant;
  const until = new Date(options.budget.endsAt.getTime() + leaseMarginMs);
  if (!(await deps.tenants.lease(tenant, until, deps.now()))) {
    deps.telemetry('landing.poll.skipped', { tenantId });
    return false;
  }
  try {
    await sendMissingMessages(deps, tenant);
    const outcome = await pollTenant(deps, tenant, options);
    await concludePoll(deps, tenant, outcome, isHint);
    if (!outcome.finished || outcome.pause !== undefined)
      await handOverRest(deps, tenantId, options, outcome);
    return true;
  } catch (error) {
    const name = error instanceof Error ? error.name : 'unknown';
    deps.telemetry('landing.poll.failed', { tenantId, error: name });
    await deps.tenants.update(tenantId, { leasedUntil: deps.now() });
    throw error;
  }
}

/**
 * A poll that failed, or whose host was killed, may have left landings without a message. It shows in the lease: a poll
 * that ends well writes the end of both. So does an operator's decision about a rejected body, after which checking the
 * landings does no harm. Each message is sent again once, however many polls fail.
 */
async function sendMissingMessages(deps: PollTenantsDeps, tenant: StoredTenant): Promise<void> {
  const { tenantId, leasedUntil, poll } = tenant;
  const { lastPollAt = new Date(0) } = poll;
  if (leasedUntil === undefined || leasedUntil <= lastPollAt) return;
  const { messagesSentThrough: sentThrough = lastPollAt } = poll;
  const last = Math.max(sentThrough.getTime(), lastPollAt.getTime());
  // The clocks of two hosts may differ.
  const after = new Date(last - leaseMarginMs);
  const messagesSentThrough = deps.now();
  await requeueLandings(deps, tenantId, ({ landedAt }) => landedAt > after);
  await changeTenant(deps.tenants, tenantId, (current) => ({
    poll: { ...current.poll, messagesSentThrough },
  }));
}

/** Records that wait for the indexer: known to matter when a poll continues another one. */
async function backlogOf({ landings }: PollTenantsDeps, tenantId: string): Promise<number> {
  const waiting = await landings.unindexed(tenantId);
  return waiting.reduce((sum, { records, processed = 0 }) => sum + records - processed, 0);
}

async function handOverRest(
  deps: PollTenantsDeps,
  tenantId: string,
  options: PollOptions,
  { listedThrough, pause }: PollOutcome,
): Promise<void> {
  if (options.reconcile !== true) {
    // After a pause, the timer continues.
    if (pause === undefined) await handOver(deps, { version: 1, tenantId, reason: 'handedOver' });
    return;
  }
  // A reconciliation that cannot list a single day within its budget would never end: the next one is tomorrow's.
  if (options.since !== undefined && listedThrough <= options.since) return;
  const since = listedThrough.toISOString();
  const delayMs = pause === undefined ? undefined : pauseMs(pause);
  await handOver(deps, { version: 1, tenantId, reason: 'reconcile', since }, delayMs);
}

async function concludePoll(
  deps: PollTenantsDeps,
  tenant: StoredTenant,
  outcome: PollOutcome,
  isHint: boolean,
): Promise<void> {
  const now = deps.now();
  const next = nextPollState(tenant.poll, outcome, { now, ceilingMs: deps.ceilingMs });
  const poll = isHint ? afterHint(tenant.poll, next) : next;
  // Polling takes minutes: what a check, an enablement, or a registration wrote meanwhile stays.
  const before = await changeTenant(deps.tenants, tenant.tenantId, (current) => ({
    poll,
    leasedUntil: now,
    subscriptions: nextSubscriptions(current, outcome, now),
  }));
  if (before !== undefined) reportLostConsent(deps, before, nextSubscriptions(before, outcome, now));
  const { contentBlobs, records, deferred, gaps, finished } = outcome;
  const [succeeded, errors] = [outcome.listed.size > 0, outcome.errors.size];
  const event = { contentBlobs, records, deferred, gaps, finished, succeeded, errors };
  deps.telemetry('landing.poll.finished', { tenantId: tenant.tenantId, ...event });
}

/** Reports once: at the poll after which every content type is refused for that reason. */
function reportLostConsent(
  { telemetry }: PollTenantsDeps,
  tenant: StoredTenant,
  subscriptions: readonly SubscriptionState[],
): void {
  const code = lostConsent({ ...tenant, subscriptions });
  if (code === undefined || lostConsent(tenant) !== undefined) return;
  telemetry('tenants.consent.lost', { tenantId: tenant.tenantId, code });
}

/**
 * A content type that could be listed is subscribed to; one that the feed refuses for good has the reason. Others are
 * unchanged: a transient error says nothing about them, unless sign-in failed, which concerns all of them. One of which
 * nothing is known has no state.
 */
export function nextSubscriptions(
  tenant: Tenant,
  { listed, errors }: Pick<PollOutcome, 'listed' | 'errors'>,
  now: Date,
): readonly SubscriptionState[] {
  const signIn = signInRefusal([...errors.values()]);
  return tenant.contentTypes.flatMap((contentType) => {
    if (listed.has(contentType)) return [runningSubscription(contentType, now)];
    const error = errors.get(contentType);
    const refusal = error === undefined || error.isTransient ? signIn : error;
    if (refusal !== undefined) return [refusedSubscription(contentType, refusal, now)];
    return tenant.subscriptions.filter((subscription) => subscription.contentType === contentType);
  });
}

function signInRefusal(errors: readonly UpstreamError[]): UpstreamError | undefined {
  return errors.find(({ code }) => isSignInRefusal(code));
}

/**
 * Nothing new: the next poll is in 5, 5, 10, 20 … minutes, up to the ceiling. Throttled: after Retry-After. An error that
 * may pass says nothing about what is new.
 */
export function nextPollState(
  before: PollState,
  outcome: PollOutcome,
  { now, ceilingMs }: { readonly now: Date; readonly ceilingMs: number },
): PollState {
  const isKnown = outcome.finished && ![...outcome.errors.values()].some((error) => error.isTransient);
  const quiet = outcome.contentBlobs === 0 && outcome.waiting === 0 && isKnown;
  const quietPolls = quiet ? before.quietPolls + 1 : 0;
  const waitMs = quiet ? Math.min(intervalMs * 2 ** Math.max(0, quietPolls - 2), ceilingMs) : 0;
  const errors = [outcome.pause, ...outcome.errors.values()].filter((error) => error !== undefined);
  const pause = Math.max(0, ...errors.map(pauseMs));
  // A little less than the interval, as a timer that fires a moment early would skip a round.
  const nextPollAt = new Date(now.getTime() + Math.max(pause, waitMs - intervalMs / 2));
  const lastError = describe(signInRefusal(errors) ?? errors[0]);
  return { nextPollAt, quietPolls, lastPollAt: now, lastError };
}

function pauseMs(error: UpstreamError): number {
  if (error.action === 'pause') return error.retryAfterMs ?? defaultPauseMs;
  if (error.action === 'startSubscription') return startIntervalMs;
  return error.action === 'waitForAuditing' ? waitForAuditingMs : 0;
}

function describe(error: UpstreamError | undefined): string | undefined {
  return error === undefined ? undefined : `${error.code}: ${error.message}`.slice(0, 500);
}

async function handOver(deps: PollTenantsDeps, request: PollRequest, delayMs?: number): Promise<void> {
  await deps.queues.requestPoll(request, delayMs);
  deps.telemetry('landing.poll.handedOver', { tenantId: request.tenantId, reason: request.reason });
}

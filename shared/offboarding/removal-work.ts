/** Removes a tenant: stops its subscriptions, and deletes what was collected if that was requested. */
import type { ActivityFeed } from '../activity/activity-feed.ts';
import { contentTypeSchema } from '../activity/content-types.ts';
import type { Budget, StartBudget } from '../budget.ts';
import { onRefusal, type UpstreamError } from '../errors.ts';
import type { OperationRun } from '../operations/operation-run.ts';
import type { EndOperationDeps } from '../operations/end-operation.ts';
import type { OperationWork, Outcome } from '../operations/run-operation.ts';
import type { TenantCheckQueue } from '../tenants/check-tenant.ts';
import type { StoredTenant, TenantStore } from '../tenants/tenant.ts';
import { supersededCode } from './certificate.ts';
import { describeHold, heldCode, holdIn, type LegalHolds } from './legal-hold.ts';
import {
  isCalledBack,
  type DeletedCounts,
  type DeletedPlace,
  type Removal,
  type RemovalRequest,
  type RemovalState,
  type RemovalStore,
  type TenantData,
} from './removal.ts';

export interface RemovalWorkDeps extends EndOperationDeps {
  readonly startBudget: StartBudget;
  readonly tenants: TenantStore;
  readonly removals: RemovalStore;
  readonly tenantData: TenantData;
  readonly legalHolds: LegalHolds;
  readonly feed: ActivityFeed;
  readonly queues: TenantCheckQueue;
  /** How long work that began before the removal may still write, in milliseconds. */
  readonly removalSettleMs: number;
}

type RemovalRun = OperationRun<RemovalRequest, RemovalState>;

/** The leased tenant; or it is gone, or no longer this removal's. */
type RemovalTurn = StoredTenant | 'gone' | 'lost';

/** Polls and removals of a tenant share one lease; its holder returns it as soon as it has finished. */
const leaseWaitMs = 30_000;
/** The lease outlives the budget by this much, for requests in flight when it ends. */
const leaseMarginMs = 5 * 60_000;
const stopWaitMs = 5 * 60_000;
const longestStopWaitMs = 60 * 60_000;
/** About half an hour; a subscription that stays costs nothing. */
const maxAttempts = 6;
/** Progress is saved, and cancellation noticed, this often. */
const sliceMs = 15_000;
/** Immutability policies count days. */
const retainedWaitMs = 24 * 60 * 60_000;
/** After a hold is lifted, the purge continues within this time. */
const heldWaitMs = 60 * 60_000;

export function removalWork(deps: RemovalWorkDeps): OperationWork<RemovalRequest, RemovalState, RemovalTurn> {
  return {
    store: deps.removals,
    discard: (removal) => dropPlaceholder(deps, removal),
    inTurn: (one, budget, run) => inTurn(deps, { removal: one, budget }, run),
    work: (run, { turn, budget }) => work(deps, { run, turn, budget }),
  };
}

/**
 * One run at a time, and no poll meanwhile: a run that was still deleting when another one ended the removal would
 * delete what the tenant collects after it was registered again.
 */
async function inTurn<T>(
  deps: RemovalWorkDeps,
  { removal, budget }: { readonly removal: Removal; readonly budget: Budget },
  run: (turn: RemovalTurn) => Promise<T>,
): Promise<T | { readonly waitMs: number }> {
  const { tenants, now } = deps;
  const tenant = await tenants.get(removal.tenantId);
  if (tenant === undefined) return await run('gone');
  if (!isHeldBy(tenant, removal)) return await run('lost');
  const until = new Date(budget.endsAt.getTime() + leaseMarginMs);
  if (!(await tenants.lease(tenant, until, now()))) return { waitMs: leaseWaitMs };
  try {
    return await run(tenant);
  } finally {
    await returnLease(deps, removal, until);
  }
}

function isHeldBy({ state, removalId }: StoredTenant, { id }: Pick<Removal, 'id'>): boolean {
  return state === 'Removing' && removalId === id;
}

/** Unless it is another run's by now. */
async function returnLease({ tenants, now }: RemovalWorkDeps, removal: Removal, until: Date): Promise<void> {
  const tenant = await tenants.get(removal.tenantId);
  if (tenant === undefined || !isHeldBy(tenant, removal)) return;
  if (tenant.leasedUntil?.getTime() !== until.getTime()) return;
  await tenants.updateIfUnchanged(tenant, { leasedUntil: now() });
}

interface Running {
  readonly run: RemovalRun;
  readonly turn: RemovalTurn;
  readonly budget: Budget;
}

async function work(deps: RemovalWorkDeps, running: Running): Promise<Outcome<RemovalState>> {
  const { run, turn } = running;
  const { state } = run.operation();
  if (isCalledBack(run.operation())) return await cancel(deps, running);
  // By this removal: none that deletes less could take over since. What exists by now was collected later.
  if (turn === 'gone' && state.isLastStep === true) return succeed(deps, run);
  if (typeof turn === 'string') return { status: 'Succeeded', state, ...superseded };
  if (state.isLastStep === true) return await removeTenant(deps, running);
  const delayMs = (state.effectiveDateTime?.getTime() ?? 0) - deps.now().getTime();
  if (delayMs > 0) return { waitMs: delayMs };
  // Nothing is stopped either: a purge that is called back under a hold should have lost nothing.
  if (await isHeld(deps, run)) return { waitMs: heldWaitMs };
  const waitMs = state.isStopped ? undefined : await stopCollecting(deps, run, turn, running.budget);
  return waitMs === undefined ? await deleteAll(deps, running) : { waitMs };
}

const superseded = {
  errorCode: supersededCode,
  errorMessage:
    'The tenant was registered again, or another removal took over. This one deletes nothing more.',
} as const;

function succeed({ telemetry }: RemovalWorkDeps, { operation }: RemovalRun): Outcome<RemovalState> {
  const { tenantId, request, createdBy, state } = operation();
  telemetry('tenants.tenant.removed', {
    tenantId,
    purge: request.purge,
    caller: createdBy,
    ...state.deleted,
  });
  return { status: 'Succeeded', state };
}

/** How long to wait before the next attempt; undefined when the subscriptions are stopped, or given up. */
async function stopCollecting(
  { feed, now }: RemovalWorkDeps,
  run: RemovalRun,
  tenant: StoredTenant,
  budget: Budget,
): Promise<number | undefined> {
  const refusal = await stopSubscriptions(feed, tenant, budget);
  const { state } = run.operation();
  const attempts = state.attempts + 1;
  const isStopped = refusal?.isTransient !== true || attempts >= maxAttempts;
  const error =
    refusal === undefined || !isStopped ? {} : { errorCode: refusal.code, errorMessage: refusal.message };
  await run.save({ ...error, state: { ...state, attempts, isStopped, lastEffectDateTime: now() } });
  return isStopped ? undefined : Math.min(refusal.retryAfterMs ?? stopWaitMs, longestStopWaitMs);
}

async function stopSubscriptions(
  feed: ActivityFeed,
  tenant: StoredTenant,
  budget: Budget,
): Promise<UpstreamError | undefined> {
  if (isPlaceholder(tenant)) return undefined;
  const stopAll = async () => {
    const running = (await feed.listSubscriptions(tenant, budget)).filter(({ enabled }) => enabled);
    for (const { contentType } of running) {
      const known = contentTypeSchema.safeParse(contentType).data;
      if (known !== undefined) await feed.stopSubscription(tenant, known, budget);
    }
  };
  return await stopAll().then(
    () => undefined,
    onRefusal((refusal) => refusal),
  );
}

async function deleteAll(deps: RemovalWorkDeps, running: Running): Promise<Outcome<RemovalState>> {
  const { run } = running;
  const { purge } = run.operation().request;
  const interrupted = await purgeAll(deps, running);
  if (interrupted !== undefined) return interrupted;
  const { state } = run.operation();
  if (state.retainedBlobs > 0) return { waitMs: retainedWaitMs };
  // Work that began earlier may still write: the removal is complete only after it has ended.
  const settlesAt = state.lastEffectDateTime.getTime() + (purge ? deps.removalSettleMs : 0);
  const waitMs = settlesAt - deps.now().getTime();
  if (waitMs > 0) return { waitMs };
  return await removeTenant(deps, running);
}

/** The next run finds out about what is in the way: another removal that has more to delete may have taken over. */
async function removeTenant(deps: RemovalWorkDeps, running: Running): Promise<Outcome<RemovalState>> {
  const { run } = running;
  const { tenantId, state } = run.operation();
  const tenant = await deps.tenants.get(tenantId);
  if (tenant === undefined || !isHeldBy(tenant, run.operation())) return { waitMs: 0 };
  if (state.isLastStep !== true && !(await beginLastStep(run))) return await cancel(deps, running);
  return (await deps.tenants.remove(tenant)) ? succeed(deps, run) : { waitMs: 0 };
}

/** False when it was called back just before. */
async function beginLastStep(run: RemovalRun): Promise<boolean> {
  const { state } = run.operation();
  await run.save({ state: { ...state, isLastStep: true } });
  if (!run.operation().cancelRequested) return true;
  await run.save({ state });
  return false;
}

/** Undefined when everything was seen. Without a purge, there is nothing to see. */
async function purgeAll(deps: RemovalWorkDeps, running: Running): Promise<Outcome<RemovalState> | undefined> {
  const { run, budget } = running;
  let seen: 'nothing' | 'part' | 'all' = run.operation().request.purge ? 'nothing' : 'all';
  for (;;) {
    // It may have been called back since, also while its subscriptions were being stopped.
    if (isCalledBack(run.operation())) return await cancel(deps, running);
    if (seen === 'all') return undefined;
    if (seen === 'part' && budget.aborted) return { waitMs: 0 };
    if (await isHeld(deps, run)) return { waitMs: heldWaitMs };
    if (seen === 'nothing') await forgetBackfilled(deps, running);
    seen = (await purgeSlice(deps, run, budget)) ? 'all' : 'part';
  }
}

/** Before anything is deleted: if the purge is called back, no answer claims that what it deleted is there. */
async function forgetBackfilled({ tenants }: RemovalWorkDeps, { turn }: Running): Promise<void> {
  if (typeof turn === 'string' || (turn.backfilled ?? []).length === 0) return;
  await tenants.update(turn.tenantId, { backfilled: [] });
}

/** Whether a legal hold keeps it from deleting anything. The removal says so, and continues when the hold is lifted. */
async function isHeld({ legalHolds }: RemovalWorkDeps, run: RemovalRun): Promise<boolean> {
  const { tenantId, request, errorCode } = run.operation();
  const hold = request.purge ? holdIn(await legalHolds.events(tenantId)) : undefined;
  if (hold === undefined && errorCode === heldCode)
    await run.save({ errorCode: undefined, errorMessage: undefined });
  if (hold !== undefined && errorCode !== heldCode)
    await run.save({ errorCode: heldCode, errorMessage: describeHold(hold) });
  return hold !== undefined;
}

/** Whether everything was seen. */
async function purgeSlice(deps: RemovalWorkDeps, run: RemovalRun, budget: Budget): Promise<boolean> {
  const { tenantId, state } = run.operation();
  const slice = AbortSignal.any([budget, deps.startBudget(sliceMs)]);
  const begunAt = deps.now();
  const { deleted, places, retainedBlobs, finished } = await deps.tenantData.purge(tenantId, slice);
  const isIdle = deleted.blobs + deleted.tables + deleted.rows === 0;
  if (isIdle && retainedBlobs === state.retainedBlobs) return finished;
  const lastEffectDateTime = isIdle ? state.lastEffectDateTime : deps.now();
  const beganDateTime = state.beganDateTime ?? (isIdle ? undefined : begunAt);
  const counts = { deleted: sum(state.deleted, deleted), retainedBlobs, ...placesAfter(state, places) };
  await run.save({ state: { ...state, ...counts, beganDateTime, lastEffectDateTime } });
  return finished;
}

/** Of a removal that an earlier release began, the places of what it deleted are unknown: then none are listed. */
function placesAfter(
  { places, deleted }: RemovalState,
  more: readonly DeletedPlace[],
): Pick<RemovalState, 'places'> {
  if (places === undefined && deleted.blobs + deleted.tables + deleted.rows > 0) return {};
  const counts = new Map<string, DeletedPlace>();
  for (const one of [...(places ?? []), ...more]) {
    const key = `${one.kind} ${one.place}`;
    counts.set(key, { ...one, count: one.count + (counts.get(key)?.count ?? 0) });
  }
  return { places: [...counts.values()] };
}

function sum(one: DeletedCounts, other: DeletedCounts): DeletedCounts {
  return { blobs: one.blobs + other.blobs, tables: one.tables + other.tables, rows: one.rows + other.rows };
}

/** Lets the tenant go, and has it checked: with its consent, it is collected again. */
async function cancel(deps: RemovalWorkDeps, { run, turn }: Running): Promise<Outcome<RemovalState>> {
  const removal = run.operation();
  const { tenantId, state } = removal;
  if (typeof turn === 'object' && !(await letGo(deps, removal))) return { waitMs: 0 };
  // Also when it was let go before: that run may have been killed before it got here.
  if (turn !== 'gone') await deps.queues.requestTenantCheck({ version: 1, tenantId, attempt: 0 }, 0);
  return { status: 'Canceled', state };
}

/** False when the tenant has just changed. */
async function letGo({ tenants, now }: RemovalWorkDeps, removal: Removal): Promise<boolean> {
  const tenant = await tenants.get(removal.tenantId);
  if (tenant === undefined || !isHeldBy(tenant, removal) || isPlaceholder(tenant)) return true;
  return await tenants.updateIfUnchanged(tenant, { state: 'PendingConsent', leasedUntil: now() });
}

/** Once the cancellation is saved: a tenant that is gone before means that everything was deleted. */
async function dropPlaceholder(deps: RemovalWorkDeps, removal: Removal): Promise<void> {
  const { tenants } = deps;
  const tenant = removal.status === 'Canceled' ? await tenants.get(removal.tenantId) : undefined;
  if (tenant === undefined || !isHeldBy(tenant, removal)) return;
  if (!(await tenants.remove(tenant))) await dropPlaceholder(deps, removal);
}

/** For data that is left. */
function isPlaceholder({ contentTypes }: StoredTenant): boolean {
  return contentTypes.length === 0;
}

/** Takes a tenant out of care: stops its subscriptions, and deletes what was collected where that is asked for. */
import { randomUUID } from 'node:crypto';
import type { ActivityFeed } from '../activity/activity-feed.ts';
import { contentTypeSchema } from '../activity/content-types.ts';
import type { StartBudget } from '../budget.ts';
import { UpstreamError } from '../errors.ts';
import type { Telemetry } from '../telemetry.ts';
import type {
  DeletedCounts,
  Removal,
  RemovalMessage,
  RemovalQueue,
  RemovalStore,
  TenantData,
} from './removal.ts';
import type { StoredTenant, TenantStore } from './tenant.ts';

export interface RemovalDeps {
  readonly tenants: TenantStore;
  readonly removals: RemovalStore;
  readonly tenantData: TenantData;
  readonly feed: ActivityFeed;
  readonly queues: RemovalQueue;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
  /** How long one message works before it hands the rest to the next. */
  readonly removalBudgetMs: number;
  readonly startBudget: StartBudget;
  /** How long work that was begun before the removal may still write. */
  readonly removalSettleMs: number;
}

const nothing: DeletedCounts = { blobs: 0, tables: 0, rows: 0 };

/**
 * Begins a removal, or gives the one that is at work and does as much. From here on the tenant is not polled.
 * @param tenantId where only its data is left, that is looked for
 * @throws when storage fails
 */
export async function startRemoval(deps: RemovalDeps, tenantId: string, purge: boolean): Promise<Removal> {
  const tenant = await deps.tenants.get(tenantId);
  const begun = tenant?.removalId === undefined ? undefined : await deps.removals.get(tenant.removalId);
  const isEnough = begun !== undefined && (begun.purge || !purge);
  const removal = isEnough ? begun : newRemoval(tenantId, purge, deps.now());
  if (!isEnough) {
    await deps.removals.save(removal);
    // Somebody was quicker: theirs may be the one.
    if (!(await claim(deps, tenant, removal))) return await startRemoval(deps, tenantId, purge);
  }
  // Again for one that is at work: its message may have been lost with a crash.
  await deps.queues.requestRemoval({ version: 1, removalId: removal.removalId }, 0);
  return removal;
}

/** False when the tenant changed since it was read. */
async function claim(
  { tenants, now }: RemovalDeps,
  tenant: StoredTenant | undefined,
  { tenantId, removalId }: Removal,
): Promise<boolean> {
  if (tenant !== undefined) return await tenants.updateIfUnchanged(tenant, { state: 'Removing', removalId });
  // Holds the place of one that is gone: registered anew it would lose what it collects.
  const poll = { nextPollAt: now(), quietPolls: 0 };
  return await tenants.create({
    ...{ tenantId, removalId, displayName: tenantId, state: 'Removing', cloud: 'enterprise', poll },
    ...{ checks: [], contentTypes: [], subscriptions: [], createdDateTime: now() },
  });
}

function newRemoval(tenantId: string, purge: boolean, now: Date): Removal {
  const times = { createdDateTime: now, lastActionDateTime: now };
  return {
    removalId: randomUUID(),
    tenantId,
    purge,
    status: 'NotStarted',
    deleted: nothing,
    attempts: 0,
    ...times,
  };
}

/** Whoever polls or removes the tenant holds its lease; it ends soon, for who is done gives it back. */
const leaseWaitMs = 30_000;
/** A turn stops the subscriptions, and then deletes for its budget; after a crash, nobody has it for longer. */
const turnBudgets = 2;
const stopWaitMs = 5 * 60_000;
const longestStopWaitMs = 60 * 60_000;
/** About half an hour of patience with Microsoft; a subscription that stays costs nobody anything. */
const maxAttempts = 6;
/** Immutability policies count days. */
const retainedWaitMs = 24 * 60 * 60_000;

/**
 * Carries a removal on as far as it can, and asks for the rest. Repeatable at any point.
 * @throws when storage fails: the message comes again
 */
export async function runRemoval(deps: RemovalDeps, message: RemovalMessage): Promise<void> {
  const removal = await deps.removals.get(message.removalId);
  if (removal === undefined || removal.status === 'Succeeded') return;
  const tenant = await deps.tenants.get(removal.tenantId);
  // It holds its place to the end, so it was at the end: what is there by now is of somebody who came after it.
  if (tenant === undefined) {
    await conclude(deps, removal);
    return;
  }
  if (tenant.removalId !== removal.removalId) {
    await deps.removals.save({ ...removal, ...superseded, status: 'Succeeded' });
    return;
  }
  const waitMs = await takeTurn(deps, tenant, removal);
  if (waitMs !== undefined) await deps.queues.requestRemoval(message, waitMs);
}

/**
 * One at a time: whoever was still deleting when another one came to the end would delete what a tenant collects that
 * was registered anew. How long to wait before the next turn; undefined when the removal is done.
 */
async function takeTurn(
  deps: RemovalDeps,
  tenant: StoredTenant,
  { removalId }: Removal,
): Promise<number | undefined> {
  const { tenants, removals, now } = deps;
  const until = new Date(now().getTime() + turnBudgets * deps.removalBudgetMs);
  if (!(await tenants.lease(tenant, until, now()))) return leaseWaitMs;
  try {
    // Another message may have had a turn since it was read.
    const removal = await removals.get(removalId);
    if (removal === undefined || removal.status === 'Succeeded') return undefined;
    const stopped = await stopCollecting(deps, tenant, removal);
    return 'waitMs' in stopped ? stopped.waitMs : await deleteAll(deps, stopped);
  } finally {
    await giveTurnBack(deps, tenant.tenantId, { removalId, until });
  }
}

/** Unless it has become another one's. */
async function giveTurnBack(
  { tenants, now }: RemovalDeps,
  tenantId: string,
  { removalId, until }: { readonly removalId: string; readonly until: Date },
): Promise<void> {
  const left = await tenants.get(tenantId);
  if (left?.removalId !== removalId || left.leasedUntil?.getTime() !== until.getTime()) return;
  await tenants.updateIfUnchanged(left, { leasedUntil: now() });
}

const superseded = {
  errorCode: 'RemovalSuperseded',
  errorMessage:
    'The tenant was registered again, or another removal took over: this one deletes nothing more.',
} as const;

/** The removal with what came of it, or how long to wait before the next try. */
async function stopCollecting(
  deps: RemovalDeps,
  tenant: StoredTenant,
  removal: Removal,
): Promise<Removal | { readonly waitMs: number }> {
  if (removal.status !== 'NotStarted') return removal;
  const refusal = await stopSubscriptions(deps, tenant);
  const attempts = removal.attempts + 1;
  const isPassing = refusal?.action === 'retry' || refusal?.action === 'pause';
  if (isPassing && attempts < maxAttempts) {
    await deps.removals.save({ ...removal, attempts, lastActionDateTime: deps.now() });
    return { waitMs: Math.min(refusal.retryAfterMs ?? stopWaitMs, longestStopWaitMs) };
  }
  const error = refusal === undefined ? {} : { errorCode: refusal.code, errorMessage: refusal.message };
  const running: Removal = {
    ...{ ...removal, ...error, attempts },
    ...{ status: 'Running', lastActionDateTime: deps.now() },
  };
  await deps.removals.save(running);
  return running;
}

async function stopSubscriptions(
  { feed }: RemovalDeps,
  tenant: StoredTenant,
): Promise<UpstreamError | undefined> {
  // Only its data is left.
  if (tenant.contentTypes.length === 0) return undefined;
  try {
    const running = (await feed.listSubscriptions(tenant)).filter(({ enabled }) => enabled);
    for (const { contentType } of running) {
      const known = contentTypeSchema.safeParse(contentType).data;
      if (known !== undefined) await feed.stopSubscription(tenant, known);
    }
    return undefined;
  } catch (error) {
    if (error instanceof UpstreamError) return error;
    throw error;
  }
}

/** How long to wait before the next look; undefined when the removal is done. */
async function deleteAll(deps: RemovalDeps, before: Removal): Promise<number | undefined> {
  const { removal, finished } = before.purge
    ? await purge(deps, before)
    : { removal: before, finished: true };
  if (!finished) return 0;
  if ((removal.retainedBlobs ?? 0) > 0) return retainedWaitMs;
  const now = deps.now().getTime();
  // What was begun before may write once more: nothing is gone for good before it has ended.
  const settled = removal.lastActionDateTime.getTime() + (removal.purge ? deps.removalSettleMs : 0);
  if (now < settled) return settled - now;
  const tenant = await deps.tenants.get(removal.tenantId);
  const isOurs = tenant?.removalId === removal.removalId;
  // Another removal may have taken over meanwhile, which has more to do: the next look will tell.
  if (!isOurs || !(await deps.tenants.remove(tenant))) return 0;
  await conclude(deps, removal);
  return undefined;
}

async function conclude({ removals, telemetry }: RemovalDeps, removal: Removal): Promise<void> {
  const { tenantId, purge, deleted } = removal;
  await removals.save({ ...removal, status: 'Succeeded' });
  telemetry('tenants.tenant.removed', { tenantId, purge, ...deleted });
}

async function purge(deps: RemovalDeps, removal: Removal): Promise<{ removal: Removal; finished: boolean }> {
  const budget = deps.startBudget(deps.removalBudgetMs);
  const { deleted, retainedBlobs, finished } = await deps.tenantData.purge(removal.tenantId, budget);
  const isIdle = deleted.blobs + deleted.tables + deleted.rows === 0;
  if (isIdle && retainedBlobs === (removal.retainedBlobs ?? 0)) return { removal, finished };
  const changed: Removal = {
    ...{ ...removal, status: 'Running', retainedBlobs, deleted: sum(removal.deleted, deleted) },
    ...(isIdle ? {} : { lastActionDateTime: deps.now() }),
  };
  await deps.removals.save(changed);
  return { removal: changed, finished };
}

function sum(one: DeletedCounts, other: DeletedCounts): DeletedCounts {
  return {
    blobs: one.blobs + other.blobs,
    tables: one.tables + other.tables,
    rows: one.rows + other.rows,
  };
}

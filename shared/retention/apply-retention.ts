/** Deletes what is older than the retention of its tenant, within a budget; the rest is deleted the next day. */
import { isDeepStrictEqual } from 'node:util';
import pMap from 'p-map';
import type { Budget } from '../budget.ts';
import { monthOf } from '../index/keys.ts';
import type { RecordIndex } from '../index/record-index.ts';
import type { RawNames } from '../landing/raw-store.ts';
import type { Ledger } from '../landing/ledger.ts';
import { holdIn, type LegalHolds } from '../offboarding/legal-hold.ts';
import type { Telemetry } from '../telemetry.ts';
import type { StoredTenant, TenantStore } from '../tenants/tenant.ts';
import type { OldClaims, RawRemoval, RemovedClaims } from './old-data.ts';
import { indexKeptFrom, rawKeptFrom, type Retained, type Retention } from './retention.ts';

export interface ApplyRetentionDeps {
  readonly tenants: Pick<TenantStore, 'list' | 'get' | 'updateIfUnchanged' | 'update'>;
  readonly ledger: Pick<Ledger, 'markRetained'>;
  readonly legalHolds: Pick<LegalHolds, 'events'>;
  readonly index: Pick<RecordIndex, 'months' | 'dropMonth'>;
  readonly oldClaims: OldClaims;
  readonly rawNames: RawNames;
  readonly rawRemoval: RawRemoval;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
  /** Of tenants that have none of their own. */
  readonly retention: Retention;
}

const dayMs = 24 * 60 * 60_000;
/** Longer than any host uses a tenant that it has read, or works on a message. */
const knownAfterMs = 15 * 60_000;
const removalsAtOnce = 16;

/**
 * Safe to repeat at any point. A tenant under legal hold keeps everything.
 * @throws AggregateError after the other tenants' turns
 */
export async function applyRetention(deps: ApplyRetentionDeps, budget: Budget): Promise<void> {
  const tenants = (await deps.tenants.list()).filter(({ state }) => state !== 'Removing');
  const inTurn = async (tenant: StoredTenant) => {
    if (!budget.aborted) await applyTo(deps, tenant, budget);
  };
  await pMap(rotated(tenants, deps.now()), inTurn, { concurrency: 1, stopOnError: false });
}

/** Another tenant is the first every day: one with much to delete does not keep the others from their turns. */
function rotated<T>(all: readonly T[], now: Date): readonly T[] {
  const first = Math.floor(now.getTime() / dayMs) % Math.max(1, all.length);
  return [...all.slice(first), ...all.slice(0, first)];
}

/** One tenant's turn. */
interface Turn extends ApplyRetentionDeps {
  readonly tenantId: string;
  readonly retained: Retained;
  /** That of the tenant when all were listed. */
  readonly tenantRetention: Retention | undefined;
  /** Records before this moment are deleted. */
  readonly before: Date;
  readonly budget: Budget;
}

/**
 * The row of the tenant says what is missing before anything is: then rows, claims, raw blobs. Claims outlive the rows,
 * so that a late copy of a record is a duplicate until its month is gone; raw blobs outlive both.
 */
async function applyTo(deps: ApplyRetentionDeps, tenant: StoredTenant, budget: Budget): Promise<void> {
  const { tenantId, retained, retention = deps.retention } = tenant;
  const now = deps.now();
  const from = indexKeptFrom(retention, now);
  if (from === undefined) return;
  if (retained === undefined || retained.from < from) {
    await decide(deps, tenant, from);
    return;
  }
  if (now.getTime() < retained.decidedAt.getTime() + knownAfterMs) return;
  const turn = { ...deps, tenantId, retained, tenantRetention: tenant.retention, before: from, budget };
  if (!(await dropMonths(turn)) || !(await removeClaims(turn))) return;
  await removeRawBlobs(turn, rawKeptFrom(retention, from, now));
}

/**
 * The checkpoints say it as well: they stay if the tenant is removed without its data and registered again. Polls change
 * the tenant all the time, so it is read again: what matters is whether it still wants this. If it changes in between, it
 * is decided the next day.
 */
async function decide(
  deps: ApplyRetentionDeps,
  { tenantId, retention }: StoredTenant,
  from: Date,
): Promise<void> {
  if (await isHeld(deps, tenantId)) return;
  const tenant = await unchanged(deps, tenantId, retention);
  if (tenant === undefined) return;
  const retained: Retained = { from, decidedAt: deps.now(), rawFrom: tenant.retained?.rawFrom };
  await deps.ledger.markRetained(tenantId, from);
  if (await deps.tenants.updateIfUnchanged(tenant, { retained }))
    deps.telemetry('retention.limit.moved', { tenantId, retainedFromDateTime: from.toISOString() });
}

/** The tenant, if it still has this retention and is not being removed. */
async function unchanged(
  { tenants }: Pick<ApplyRetentionDeps, 'tenants'>,
  tenantId: string,
  retention: Retention | undefined,
): Promise<StoredTenant | undefined> {
  const tenant = await tenants.get(tenantId);
  if (tenant === undefined || tenant.state === 'Removing') return undefined;
  return isDeepStrictEqual(tenant.retention, retention) ? tenant : undefined;
}

async function isHeld({ legalHolds }: ApplyRetentionDeps, tenantId: string): Promise<boolean> {
  return holdIn(await legalHolds.events(tenantId)) !== undefined;
}

/** Asked before each piece: a hold may have been placed, or another retention set, since the last one. */
async function mayDelete(turn: Turn): Promise<boolean> {
  const { budget, tenantId, tenantRetention } = turn;
  if (budget.aborted || (await isHeld(turn, tenantId))) return false;
  return (await unchanged(turn, tenantId, tenantRetention)) !== undefined;
}

/** Whether all are gone. */
async function dropMonths(turn: Turn): Promise<boolean> {
  const { index, tenantId, before, telemetry } = turn;
  const months = (await index.months(tenantId)).filter((month) => month < monthOf(before));
  for (const month of months.toSorted()) {
    if (!(await mayDelete(turn))) return false;
    await index.dropMonth(tenantId, month);
    telemetry('retention.month.dropped', { tenantId, month });
  }
  return true;
}

/** Whether all are gone. They are in order of ID, so finding the old ones takes reading all: once for each limit. */
async function removeClaims(turn: Turn): Promise<boolean> {
  const { oldClaims, tenantId, retained, before, telemetry } = turn;
  const { from, decidedAt, rawFrom, claimsFrom = new Date(0) } = retained;
  if (claimsFrom >= before) return true;
  let removed: RemovedClaims = { rows: 0, next: retained.claimsNext };
  let pages = 0;
  for (; (pages === 0 || removed.next !== undefined) && (await mayDelete(turn)); pages++) {
    const { rows, next } = await oldClaims.removeClaims(tenantId, before, removed.next);
    removed = { rows: removed.rows + rows, next };
  }
  if (pages === 0) return false;
  const finished = removed.next === undefined;
  const progress = finished ? { claimsFrom: before } : { claimsFrom, claimsNext: removed.next };
  await turn.tenants.update(tenantId, { retained: { from, decidedAt, rawFrom, ...progress } });
  telemetry('retention.claims.deleted', { tenantId, rows: removed.rows, finished });
  return finished;
}

/**
 * A day at a time, oldest first: where a policy keeps a whole day, it keeps all that follow. The row of the tenant says
 * first which days: a verification does not take them for lost.
 */
async function removeRawBlobs(turn: Turn, keptFrom: string | undefined): Promise<void> {
  if (keptFrom === undefined) return;
  const { rawNames, rawRemoval, tenantId, telemetry } = turn;
  const days = (await rawNames.days(tenantId)).filter((day) => day < keptFrom);
  if (days.length > 0 && !(await sayRawFrom(turn, keptFrom))) return;
  for (const day of days) {
    if (!(await mayDelete(turn))) return;
    const names = await rawNames.names(tenantId, day);
    const gone = await pMap(names, (name) => rawRemoval.remove(name), { concurrency: removalsAtOnce });
    const blobs = gone.filter(Boolean).length;
    telemetry('retention.blobs.deleted', { tenantId, day, blobs, retained: names.length - blobs });
    if (names.length > 0 && blobs === 0) return;
  }
}

/** Whether it is said. The row may have changed since the turn began. */
async function sayRawFrom(turn: Turn, keptFrom: string): Promise<boolean> {
  if (!(await mayDelete(turn))) return false;
  const { tenants, tenantId } = turn;
  const tenant = await tenants.get(tenantId);
  if (tenant?.retained === undefined) return false;
  const { retained } = tenant;
  if (retained.rawFrom !== undefined && retained.rawFrom >= keptFrom) return true;
  return await tenants.updateIfUnchanged(tenant, { retained: { ...retained, rawFrom: keptFrom } });
}

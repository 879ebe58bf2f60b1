/** Deletes what is older than the retention of its tenant, every hour within a budget; the next run does the rest. */
import pMap from 'p-map';
import type { Budget } from '../budget.ts';
import type { StoredTenant } from '../tenants/tenant.ts';
import { decideLimit, limitOf } from './decide-limit.ts';
import { deleteOldBlobs } from './delete-old-blobs.ts';
import { deleteOldClaims } from './delete-old-claims.ts';
import { deleteOldFindings } from './delete-old-findings.ts';
import { dropOldMonths } from './drop-old-months.ts';
import { indexKeptFrom, rawKeptFrom, type Retained } from './retention.ts';
import { isHeld, openTurn, saveProgress, type ApplyRetentionDeps, type Turn } from './retention-turn.ts';

const never = new Date(0);
const dayMs = 24 * 60 * 60_000;
const hourMs = dayMs / 24;
/** An operator has a day to take a limit back; a run may begin a little earlier than the one that decided. */
const knownAfterMs = 23 * hourMs;
/** A tenant with much to delete lets the others have their turn so often. */
const sliceMs = 15_000;
/** They wait for storage most of the time. */
const tenantsAtOnce = 4;

/**
 * Safe to repeat at any point, and to run concurrently. A tenant under legal hold keeps everything. Tenants take turns, so
 * none waits for another to have deleted everything.
 * @throws AggregateError after the other tenants' turns
 */
export async function applyRetention(deps: ApplyRetentionDeps, budget: Budget): Promise<void> {
  const errors: unknown[] = [];
  const inTurn = async (tenant: StoredTenant): Promise<StoredTenant | undefined> => {
    try {
      return budget.aborted ? undefined : await continueWith(deps, tenant, sliceOf(deps, budget));
    } catch (error) {
      errors.push(error);
      return undefined;
    }
  };
  let waiting = rotated(await deps.tenants.list(), deps.now());
  while (waiting.length > 0 && !budget.aborted) {
    const left = await pMap(waiting, inTurn, { concurrency: tenantsAtOnce });
    waiting = left.filter((tenant) => tenant !== undefined);
  }
  if (errors.length > 0) throw new AggregateError(errors, 'The retention of some tenants was not applied.');
}

/** Another tenant is the first in every run. */
function rotated<T>(all: readonly T[], now: Date): readonly T[] {
  const first = Math.floor(now.getTime() / hourMs) % Math.max(1, all.length);
  return [...all.slice(first), ...all.slice(0, first)];
}

function sliceOf({ now }: ApplyRetentionDeps, budget: Budget): Turn['slice'] {
  const endsAt = now().getTime() + sliceMs;
  return {
    get aborted() {
      return budget.aborted || now().getTime() >= endsAt;
    },
  };
}

/** The tenant as it is now, if there is more to delete. Its row says what is missing before anything is. */
async function continueWith(
  deps: ApplyRetentionDeps,
  tenant: StoredTenant,
  slice: Turn['slice'],
): Promise<StoredTenant | undefined> {
  const { retained, retention = deps.retention, state, tenantId } = tenant;
  const before = indexKeptFrom(retention, deps.now());
  if (state === 'Removing' || (before ?? retained) === undefined) return undefined;
  const turn = openTurn(deps, { tenant, before: before ?? never, slice });
  if (before === undefined) await settle(turn);
  else if (retained === undefined || limitOf(retained).getTime() !== before.getTime())
    await decideOrSettle(turn);
  else if (isKnown(retained, deps.now()) && !isSettled(turn))
    return (await deleteFor(turn, rawKeptFrom(retention, before, deps.now())))
      ? await deps.tenants.get(tenantId)
      : undefined;
  return undefined;
}

/** A tenant under legal hold has nothing that may be deleted. */
async function decideOrSettle(turn: Turn): Promise<void> {
  if (!(await decideLimit(turn)) && (await isHeld(turn))) await settle(turn);
}

function isKnown({ decidedAt }: Retained, now: Date): boolean {
  return now.getTime() >= decidedAt.getTime() + knownAfterMs;
}

/** Today: once is enough, because limits are days and months. */
function isSettled({ progress, now }: Turn): boolean {
  const { settledAt } = progress();
  return (
    settledAt !== undefined && Math.floor(settledAt.getTime() / dayMs) === Math.floor(now().getTime() / dayMs)
  );
}

async function settle(turn: Turn): Promise<void> {
  if (!isSettled(turn)) await saveProgress(turn, { ...turn.progress(), settledAt: turn.now() });
}

/**
 * Rows, then what they need: claims outlive them, so that a late copy of a record is a duplicate until its month is gone,
 * and so do raw blobs, which hold the texts of long records. Blobs do not wait for claims, which take long and need none.
 * Whether there is more to delete in another slice.
 */
async function deleteFor(turn: Turn, rawFrom: string | undefined): Promise<boolean> {
  const isGone =
    (await dropOldMonths(turn)) &&
    (await deleteOldFindings(turn)) &&
    (await deleteOldBlobs(turn, rawFrom)) &&
    (await deleteOldClaims(turn));
  if (!isGone && turn.slice.aborted) return true;
  if (isGone || (await isHeld(turn))) await settle(turn);
  return false;
}

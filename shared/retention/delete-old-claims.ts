/** Deletes the claims of records before the limit. They are in order of ID, so that takes reading all of them. */
import type { RemovedClaims } from './old-data.ts';
import { mayDelete, saveProgress, type Turn } from './retention-turn.ts';

const never = new Date(0);

/**
 * Whether all are gone. However long it takes, and however often the limit moves meanwhile, it continues where it was, and
 * what was old when it began is deleted when it ends.
 */
export async function deleteOldClaims(turn: Turn): Promise<boolean> {
  while ((turn.progress().claimsFrom ?? never) < turn.before) {
    if (!(await continuePass(turn))) return false;
  }
  return true;
}

/** Whether it has reached the end. */
async function continuePass(turn: Turn): Promise<boolean> {
  const { pass, ...rest } = turn.progress();
  const before = pass === undefined || turn.before < pass.before ? turn.before : pass.before;
  const removed = await removePages(turn, pass?.next);
  if (removed === undefined) return false;
  const { rows, next } = removed;
  const progress = next === undefined ? { ...rest, claimsFrom: before } : { ...rest, pass: { before, next } };
  const isSaved = await saveProgress(turn, progress);
  const finished = isSaved && next === undefined;
  turn.telemetry('retention.claims.deleted', { tenantId: turn.tenantId, rows, finished });
  return finished;
}

/** Undefined if nothing may be deleted. */
async function removePages(turn: Turn, from: string | undefined): Promise<RemovedClaims | undefined> {
  const { oldClaims, tenantId, before } = turn;
  let removed: RemovedClaims | undefined;
  while ((removed === undefined || removed.next !== undefined) && (await mayDelete(turn))) {
    const { rows, next } = await oldClaims.removeClaims(tenantId, before, removed?.next ?? from);
    removed = { rows: rows + (removed?.rows ?? 0), next };
  }
  return removed;
}

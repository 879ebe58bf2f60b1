/** Deletes raw blobs by the day of their landing. */
import pMap from 'p-map';
import { mayDelete, unchanged, type Turn } from './retention-turn.ts';

const removalsAtOnce = 16;
/** A day may have many thousands: a hold that is placed meanwhile lets no more of it be deleted. */
const batchBlobs = 100;

/**
 * Whether all are gone that no policy keeps. Oldest first, in order of their names: where a policy keeps a whole batch, it
 * keeps all that follow. The row of the tenant says first which days: a verification does not take them for lost.
 */
export async function deleteOldBlobs(turn: Turn, keptFrom: string | undefined): Promise<boolean> {
  if (keptFrom === undefined) return true;
  const { rawNames, tenantId } = turn;
  const days = (await rawNames.days(tenantId)).filter((day) => day < keptFrom);
  if (days.length > 0 && !(await sayRawFrom(turn, keptFrom))) return false;
  for (const day of days) {
    const outcome = await deleteDay(turn, day);
    if (outcome !== 'deleted') return outcome === 'retained';
  }
  return true;
}

type DayOutcome = 'deleted' | 'retained' | 'stopped';

/** `retained`: a policy keeps what is left; `stopped`: it may not be deleted to its end now. */
async function deleteDay(turn: Turn, day: string): Promise<DayOutcome> {
  const { rawNames, rawRemoval, tenantId, telemetry } = turn;
  if (!(await mayDelete(turn))) return 'stopped';
  const names = await rawNames.names(tenantId, day);
  const remove = (name: string) => rawRemoval.remove(name);
  let [seen, blobs, outcome]: [number, number, DayOutcome] = [0, 0, 'deleted'];
  while (seen < names.length && outcome === 'deleted') {
    const batch = names.slice(seen, seen + batchBlobs);
    const gone = (await pMap(batch, remove, { concurrency: removalsAtOnce })).filter(Boolean).length;
    [seen, blobs] = [seen + batch.length, blobs + gone];
    if (gone === 0) outcome = 'retained';
    else if (seen < names.length && !(await mayDelete(turn))) outcome = 'stopped';
  }
  const retained = (outcome === 'retained' ? names.length : seen) - blobs;
  telemetry('retention.blobs.deleted', { tenantId, day, blobs, retained });
  return outcome;
}

/** Whether it is said. */
async function sayRawFrom(turn: Turn, keptFrom: string): Promise<boolean> {
  if (!(await mayDelete(turn))) return false;
  const tenant = await unchanged(turn);
  if (tenant?.retained === undefined) return false;
  const { retained } = tenant;
  if (retained.rawFrom !== undefined && retained.rawFrom >= keptFrom) return true;
  return await turn.tenants.updateIfUnchanged(tenant, { retained: { ...retained, rawFrom: keptFrom } });
}

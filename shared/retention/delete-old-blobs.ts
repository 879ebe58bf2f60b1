/** Deletes raw blobs by the day of their landing. */
import pMap from 'p-map';
import { mayDelete, unchanged, type Turn } from './retention-turn.ts';

const removalsAtOnce = 16;

/**
 * Whether all are gone that no policy keeps. A day at a time, oldest first: where a policy keeps a whole day, it keeps all
 * that follow. The row of the tenant says first which days: a verification does not take them for lost.
 */
export async function deleteOldBlobs(turn: Turn, keptFrom: string | undefined): Promise<boolean> {
  if (keptFrom === undefined) return true;
  const { rawNames, rawRemoval, tenantId, telemetry } = turn;
  const days = (await rawNames.days(tenantId)).filter((day) => day < keptFrom);
  if (days.length > 0 && !(await sayRawFrom(turn, keptFrom))) return false;
  for (const day of days) {
    if (!(await mayDelete(turn))) return false;
    const names = await rawNames.names(tenantId, day);
    const gone = await pMap(names, (name) => rawRemoval.remove(name), { concurrency: removalsAtOnce });
    const blobs = gone.filter(Boolean).length;
    telemetry('retention.blobs.deleted', { tenantId, day, blobs, retained: names.length - blobs });
    if (names.length > 0 && blobs === 0) return true;
  }
  return true;
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

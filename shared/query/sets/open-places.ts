/** Opens tenants of a set: how complete each is, and when its next record is. */
import pMap from 'p-map';
import type { StoredTenant } from '../../tenants/tenant.ts';
import type { Completeness } from '../completeness.ts';
import type { TenantClaim, TenantPlace } from './set-position.ts';
import { runIn, tenantsAtOnce, type SetReading } from './set-reading.ts';
import type { TenantRun } from './tenant-run.ts';

export interface FoundTenant {
  readonly tenant: StoredTenant;
  /** Read now, or what an earlier page found. */
  readonly known: Completeness | TenantClaim;
}

/** What came of trying to open a tenant. */
export interface Opening {
  /** Undefined if it has no records, or is no longer the caller's. */
  readonly place: TenantPlace | undefined;
  /** Its records, the first of which is ready. */
  readonly run?: TenantRun | undefined;
  /** Absent if it was not touched. */
  readonly found?: FoundTenant | undefined;
}

/** Nothing happened before it. */
const noTime = new Date(0);

/** Opens as many of the tenants as a page may; the others remain as they are. */
export async function openPlaces(reading: SetReading): Promise<readonly Opening[]> {
  const { position, opensAtMost } = reading;
  const waiting = position.places.filter(({ head }) => head === undefined);
  const chosen = new Set(waiting.slice(0, opensAtMost));
  let isSpent = false;
  const open = async (place: TenantPlace): Promise<Opening> => {
    if (isSpent || !chosen.has(place)) return { place };
    const opening = await openPlace(reading, place);
    isSpent ||= opening.place?.stopped !== undefined;
    return opening;
  };
  return await pMap(position.places, open, { concurrency: tenantsAtOnce });
}

async function openPlace(reading: SetReading, place: TenantPlace): Promise<Opening> {
  const { deps, query, execution } = reading;
  const tenant = await deps.tenantOf(place.tenantId);
  if (tenant === undefined) return { place: undefined };
  // Before its records: they must not be called complete for what was indexed while they were read.
  const known = place.claim ?? (await deps.completeness(tenant));
  const found = { tenant, known };
  // The end of what is complete in all tenants is not later than in this one.
  const { completeThrough = noTime } = known;
  const run = await runIn(reading, place, query.toComplete ? { to: completeThrough } : {});
  const state = await run.advance();
  if (state === 'blocked') return { place: { ...place, stopped: run.resume() }, found };
  execution.budget.markProgress();
  const head = run.peek()?.createdDateTime;
  if (state === 'end' || head === undefined) return { place: undefined, found };
  return { place: { ...place, stopped: undefined, head }, run, found };
}

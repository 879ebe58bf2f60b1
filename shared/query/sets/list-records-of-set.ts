/** Reads one page of the records of a set of tenants, in either order of time. */
import type { StoredTenant } from '../../tenants/tenant.ts';
import { endOfComplete } from '../complete-range.ts';
import { missingIn, type Completeness } from '../completeness.ts';
import type { FoundRecord } from '../found-record.ts';
import type { ReadCost } from '../reading/budget.ts';
import { mergePlaces, queued, type Merged } from './merge-places.ts';
import { openPlaces, type FoundTenant, type Opening } from './open-places.ts';
import { joined, type SetPosition, type TenantClaim, type TenantPlace } from './set-position.ts';
import { startReading, type SetQuery, type SetReadDeps, type SetReading } from './set-reading.ts';

/** A tenant that a page opened or took records from. */
export interface ReadTenant {
  readonly tenant: StoredTenant;
  readonly claim: TenantClaim;
}

export interface SetPage extends ReadCost {
  readonly records: readonly FoundRecord[];
  readonly tenants: readonly ReadTenant[];
  /** Where the range ends; with `to=complete`, undefined until all tenants were opened. */
  readonly end: Date | undefined;
  /** What holds for all tenants. */
  readonly position: SetPosition;
  readonly isLast: boolean;
}

/**
 * A page opens tenants until the next moment of each is known, and returns no records before that. Then it reads only
 * those whose records come next. One that ends at its budget may have fewer records, even none; following `position`
 * until `isLast` reaches the end in any case.
 * @throws when storage fails
 */
export async function listRecordsOfSet(
  deps: SetReadDeps,
  query: SetQuery,
  position: SetPosition,
): Promise<SetPage> {
  const snapshot = position.snapshot ?? deps.now();
  const reading = startReading(deps, query, position);
  const openings = await openPlaces(reading);
  const opened = claimed(reading, openings);
  const { places, end, claim } = opened;
  const isReady = places.every(({ head }) => head !== undefined);
  const merged = isReady ? await merge(reading, opened, openings) : undefined;
  const left = merged?.left ?? places;
  return {
    records: reading.records,
    tenants: tenantsOf(reading, opened, merged),
    end,
    position: { ...position, snapshot, places: left, claim, last: merged?.last ?? position.last },
    isLast: left.length === 0,
    ...reading.execution.budget.cost,
  };
}

/** What a page found out about its tenants. */
export interface Opened {
  readonly places: readonly TenantPlace[];
  readonly claim: SetPosition['claim'];
  readonly end: Date | undefined;
  readonly found: readonly ReadTenant[];
}

/** The places with what was found out about them, and what now holds for all. */
export function claimed(reading: SetReading, openings: readonly Opening[]): Opened {
  const found = openings.flatMap((opening) => opening.found ?? []);
  const isKnown = openings.every(
    ({ place, found: one }) => place === undefined || place.claim !== undefined || one !== undefined,
  );
  const end = endOf(reading, found, isKnown);
  const all = found.map(({ tenant, known }) => ({ tenant, claim: claimOf(reading, known, end) }));
  const byId = new Map(all.map(({ tenant, claim }) => [tenant.tenantId, claim]));
  const places = openings.flatMap(({ place }) =>
    place === undefined ? [] : [{ ...place, claim: place.claim ?? byId.get(place.tenantId) }],
  );
  const added = all.filter((_, at) => isNew(found[at]?.known));
  const claim = added.reduce((one, tenant) => joined(one, tenant.claim), reading.position.claim);
  return { places, claim, end, found: all };
}

function endOf(
  { deps, query: { filters, toComplete }, position }: SetReading,
  found: readonly FoundTenant[],
  isKnown: boolean,
): Date | undefined {
  if (!toComplete) return filters.to ?? position.snapshot ?? deps.now();
  if (!isKnown) return undefined;
  const added = found.flatMap(({ known }) => (isNew(known) ? [known.completeThrough] : []));
  const all = added.reduce(
    (claim, completeThrough) => joined(claim, { completeThrough, hasGaps: false }),
    position.claim,
  );
  return endOfComplete(filters, all.completeThrough);
}

/** Whether it was read by this page. */
function isNew(known: FoundTenant['known'] | undefined): known is Completeness {
  return known !== undefined && 'gaps' in known;
}

/** Until the end of what is complete in all is known, each tenant has its own, which is not earlier. */
function claimOf({ query }: SetReading, known: FoundTenant['known'], end: Date | undefined): TenantClaim {
  if (!isNew(known)) return known;
  const { completeThrough } = known;
  const to = end ?? completeThrough ?? new Date(0);
  return { completeThrough, hasGaps: missingIn(known, { from: query.filters.from, to }).hasGaps };
}

async function merge(reading: SetReading, { end, places }: Opened, openings: readonly Opening[]) {
  const { toComplete, order } = reading.query;
  // What is ready was read up to another end.
  const runs = new Map(
    toComplete ? [] : openings.flatMap(({ place, run }) => (place && run ? [[place.tenantId, run]] : [])),
  );
  const queue = places.map((place) => queued(place, order, runs.get(place.tenantId)));
  const range = toComplete ? { to: end } : {};
  return await mergePlaces(reading, { queue, range });
}

function tenantsOf(
  { position, records }: SetReading,
  { found }: Opened,
  merged: Merged | undefined,
): readonly ReadTenant[] {
  const taken = new Set(records.map(({ tenantId }) => tenantId));
  const opened = new Set(found.map(({ tenant }) => tenant.tenantId));
  const others = position.places.flatMap(({ tenantId, claim }) => {
    const tenant = merged?.read.get(tenantId);
    const isShown = tenant !== undefined && claim !== undefined && taken.has(tenantId);
    return isShown && !opened.has(tenantId) ? [{ tenant, claim }] : [];
  });
  return [...found, ...others];
}

/** What answers about the records of a set have in common: which filters are read, and what is claimed. */
import type { OpenSet } from '../../access/open-set.ts';
import { invalidParameter } from '../../errors.ts';
import type { NameDirectory } from '../../tenants/name-directory.ts';
import type { AskedFilters } from '../filters.ts';
import { knownNames, nameFilters, type KnownNames } from '../known-names.ts';
import type { ReadTenant } from './list-records-of-set.ts';
import { isOpened, type SetPosition, type TenantClaim } from './set-position.ts';
import type { SetQuery } from './set-reading.ts';

/** Tenants whose names of people and mailboxes are read for one answer. */
const maxNamedTenants = 200;

interface Asked {
  readonly open: OpenSet;
  readonly start: SetPosition;
  readonly filters: AskedFilters;
}

/**
 * The filters that are read, and the position with the names that they were widened to: the same for all pages, as other
 * names would be other streams.
 * @throws RequestError 400 if the names would have to be looked up in too many tenants
 */
export async function setFilters(
  { names: directory }: { readonly names: NameDirectory },
  { open, start, filters }: Asked,
): Promise<Pick<SetQuery, 'filters' | 'toComplete'> & { readonly position: SetPosition }> {
  const isFirst = start.snapshot === undefined;
  const names = isFirst ? await namesIn(directory, open, filters) : start.names;
  const { to, ...rest } = filters;
  const toComplete = to === 'complete';
  const read = { ...rest, ...names, to: toComplete ? undefined : to };
  return { filters: read, toComplete, position: { ...start, names } };
}

async function namesIn(
  directory: NameDirectory,
  { tenantIds }: OpenSet,
  filters: AskedFilters,
): Promise<KnownNames> {
  const asked = nameFilters.find((name) => filters[name] !== undefined);
  if (asked !== undefined && tenantIds.length > maxNamedTenants) {
    const message = `'${asked}' looks up names in each tenant, so 'tenants' may select at most ${maxNamedTenants} with it. It selects ${tenantIds.length}. Send users, or fewer tenants.`;
    throw invalidParameter(asked, message);
  }
  return await knownNames(directory, tenantIds, filters);
}

interface ReadOfSet {
  readonly position: SetPosition;
  readonly tenants: readonly ReadTenant[];
  readonly end: Date | undefined;
}

/** Nothing is called complete before the completeness of every tenant is known. */
export function statusOf({ position, tenants, end }: ReadOfSet) {
  const { completeThrough, isUnknown, hasGaps } = position.claim;
  const isKnown = isOpened(position.places);
  const shown = shownClaim({ completeThrough: isKnown ? completeThrough : undefined, hasGaps }, end);
  // Nothing is missing in no tenants.
  const isEmpty = isKnown && !isUnknown && completeThrough === undefined;
  const all = isEmpty ? { isPartial: false, isPending: false, hasGaps: false } : {};
  return { ...shown, ...all, tenants: tenants.map((one) => shownTenant(one, end)) };
}

function shownTenant({ tenant, claim }: ReadTenant, end: Date | undefined) {
  const { tenantId, displayName } = tenant;
  return { tenantId, displayName, ...shownClaim(claim, end) };
}

function shownClaim({ completeThrough, hasGaps }: TenantClaim, end: Date | undefined) {
  const isPending = completeThrough === undefined || end === undefined || end > completeThrough;
  return {
    completeThrough: completeThrough?.toISOString(),
    isPartial: isPending || hasGaps,
    isPending,
    hasGaps,
  };
}

/** Begins the part of a tenant in a file of several: how complete are its records, and which names does it know? */
import { endOfComplete, withEnd } from '../../query/complete-range.ts';
import { missingIn, type Completeness } from '../../query/completeness.ts';
import { knownNames } from '../../query/known-names.ts';
import type { NameDirectory } from '../../tenants/name-directory.ts';
import type { StoredTenant } from '../../tenants/tenant.ts';
import { filtersOf } from '../export-request.ts';
import type { BundleRequest, BundleTurn } from './bundle.ts';

export interface BeginTurnDeps {
  readonly names: NameDirectory;
  readonly completeness: (tenant: StoredTenant) => Promise<Completeness>;
  readonly now: () => Date;
}

/** @throws when storage fails */
export async function beginTurn(
  deps: BeginTurnDeps,
  tenant: StoredTenant,
  request: BundleRequest,
): Promise<BundleTurn> {
  const { tenantId, displayName } = tenant;
  const filters = filtersOf(request.filters);
  const now = deps.now();
  const completeness = await deps.completeness(tenant);
  const { completeThrough } = completeness;
  const completeTo = filters.to === 'complete' ? endOfComplete(filters, completeThrough) : undefined;
  const { from, to = now } = withEnd(filters, completeTo ?? now);
  return {
    tenantId,
    displayName,
    completeThrough,
    ...missingIn(completeness, { from, to }),
    recordCount: 0,
    completeTo,
    names: await knownNames(deps.names, [tenantId], filters),
  };
}

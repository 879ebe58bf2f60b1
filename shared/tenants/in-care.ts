/** Work must not begin for a tenant that is going: it would outlive the deletion of the tenant's data. */
import { RequestError } from '../errors.ts';
import type { StoredTenant, TenantStore } from './tenant.ts';

/**
 * The tenant as it is now: what access remembers may be a minute old.
 * @throws RequestError 409 for one that is being removed or gone
 */
export async function readInCare(tenants: Pick<TenantStore, 'get'>, tenantId: string): Promise<StoredTenant> {
  const tenant = await tenants.get(tenantId);
  if (tenant === undefined || tenant.state === 'Removing') throw beingRemoved();
  return tenant;
}

/** @see TenantState */
export function beingRemoved(): RequestError {
  return new RequestError(
    409,
    'TenantBeingRemoved',
    'This tenant is being removed. Wait for its removal to end, then register it again.',
  );
}

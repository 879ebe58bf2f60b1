/** Managed tenants: those that are registered and not being removed. Other work would outlive the deletion of their data. */
import { RequestError } from '../errors.ts';
import type { StoredTenant, Tenant, TenantStore } from './tenant.ts';

type ReadTenant = Pick<TenantStore, 'get'>;

/** False for a tenant that is gone or being removed. */
export function isManaged<T extends Pick<Tenant, 'state'>>(tenant: T | undefined): tenant is T {
  return tenant !== undefined && tenant.state !== 'Removing';
}

/** Undefined for a tenant that is gone or being removed. @throws when storage fails */
export async function findManagedTenant(
  tenants: ReadTenant,
  tenantId: string,
): Promise<StoredTenant | undefined> {
  const tenant = await tenants.get(tenantId);
  return isManaged(tenant) ? tenant : undefined;
}

/**
 * The tenant as it is now: the tenant that access has opened may be cached for a minute.
 * @throws RequestError 409 for a tenant that is gone or being removed
 */
export async function readManagedTenant(tenants: ReadTenant, tenantId: string): Promise<StoredTenant> {
  const tenant = await findManagedTenant(tenants, tenantId);
  if (tenant === undefined) throw beingRemoved();
  return tenant;
}

/** @see tenantStates */
export function beingRemoved(): RequestError {
  const message =
    'This tenant is being removed. Cancel the removal, or wait for it to finish and register the tenant again.';
  return new RequestError(409, 'TenantBeingRemoved', message);
}

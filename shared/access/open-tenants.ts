/** The tenants that a request names. */
import pMap from 'p-map';
import type { Access, Caller } from './access.ts';
import { invalidParameter } from '../errors.ts';
import type { StoredTenant } from '../tenants/tenant.ts';

/** An answer reads from every tenant, and its next link may hold a position for each. */
const maxTenants = 200;
const tenantsAtOnce = 16;

/**
 * Each of them once.
 * @param names IDs and domains, or an asterisk alone for all that the caller may see
 * @throws RequestError 404 for a tenant that the caller has no access to, as if it did not exist; 400 for too many
 */
export async function openTenants(
  access: Access,
  caller: Caller,
  names: readonly string[],
): Promise<readonly StoredTenant[]> {
  const isAll = names.length === 1 && names[0] === '*';
  const ids = isAll ? (await access.visibleTenants(caller)).map(({ tenantId }) => tenantId) : names;
  if (ids.length > maxTenants) {
    throw invalidParameter('tenants', `'tenants' selects ${ids.length} tenants; the limit is ${maxTenants}.`);
  }
  const tenants = await pMap(ids, (id) => access.openTenant(caller, id, 'records.read'), {
    concurrency: tenantsAtOnce,
  });
  return [...new Map(tenants.map((tenant) => [tenant.tenantId, tenant])).values()];
}

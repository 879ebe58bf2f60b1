/** Changes that are computed from the tenant. */
import type { StoredTenant, TenantChanges, TenantStore } from './tenant.ts';

/**
 * Computed again whenever the tenant changed since it was read, so that nothing is undone that was written meanwhile.
 * @param changesOf undefined: nothing is to be changed
 * @returns the tenant as it was before; undefined, with nothing written, when it is gone or nothing is to be changed
 * @throws when storage fails
 */
export async function changeTenant(
  tenants: Pick<TenantStore, 'get' | 'updateIfUnchanged'>,
  tenantId: string,
  changesOf: (tenant: StoredTenant) => TenantChanges | undefined,
): Promise<StoredTenant | undefined> {
  const before = await tenants.get(tenantId);
  const changes = before && changesOf(before);
  if (before === undefined || changes === undefined) return undefined;
  const isWritten = await tenants.updateIfUnchanged(before, changes);
  return isWritten ? before : await changeTenant(tenants, tenantId, changesOf);
}

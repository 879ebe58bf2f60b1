/** Changes the settings of a tenant. */
import * as z from 'zod';
import { changeTenant } from './change-tenant.ts';
import { checkTenant, followUp, type CheckTenantDeps } from './check-tenant.ts';
import { beingRemoved, isManaged } from './managed.ts';
import { collectionMembers, labelMembers, settingsAfter } from './tenant-settings.ts';
import type { Tenant } from './tenant.ts';

/** Body of `PATCH /tenants/{tenantId}`. */
export const tenantUpdateSchema = z.strictObject({
  displayName: labelMembers.displayName.optional().meta({ description: 'What people call the tenant.' }),
  tags: labelMembers.tags.optional().meta({ description: 'Tags; replaces those it has.' }),
  contentTypes: collectionMembers.contentTypes.optional().meta({ description: 'What to collect.' }),
  repairDrift: collectionMembers.repairDrift
    .optional()
    .meta({ description: 'Whether auditing that was turned off is turned on again automatically.' }),
  retention: collectionMembers.retention
    .optional()
    .meta({ description: 'How long data is kept; replaces the retention it has. {} is forever.' }),
});
export type TenantUpdate = z.infer<typeof tenantUpdateSchema>;

/**
 * Changes what is sent, and nothing else. Sending content types also repeats the checks, which start subscriptions.
 * @returns the tenant as it is now; undefined, with nothing written, when it is not registered
 * @throws RequestError 409 for a tenant that is being removed
 * @throws when storage fails
 */
export async function updateTenant(
  deps: CheckTenantDeps,
  tenantId: string,
  update: TenantUpdate,
): Promise<Tenant | undefined> {
  const before = await changeTenant(deps.tenants, tenantId, (tenant) => {
    if (!isManaged(tenant)) throw beingRemoved();
    return settingsAfter(tenant, update);
  });
  if (before === undefined) return undefined;
  const tenant = { ...before, ...settingsAfter(before, update) };
  // Whether or not they differ: the process may have ended before an earlier check.
  if (update.contentTypes === undefined) return tenant;
  const checked = await checkTenant(deps, tenant);
  await followUp(deps, checked, 0);
  return checked;
}

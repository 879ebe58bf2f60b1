/** Invented tenants. */
import { randomUUID } from 'node:crypto';
import type { Tenant, TenantStore } from '../../shared/tenants/tenant.ts';

export const fabrikamId = '7d9c2b44-5a1e-4f0b-8c3d-2e6f1a90b715';
export const adatumId = 'e15b8f02-93c7-4d6a-a2b1-70c4d8e3f926';

/** A tenant that is due since the epoch. */
export function tenantNamed(displayName: string, changes: Partial<Tenant> = {}): Tenant {
  return {
    tenantId: randomUUID(),
    displayName,
    state: 'Active',
    checks: [],
    cloud: 'enterprise',
    contentTypes: ['Audit.Exchange', 'Audit.SharePoint'],
    createdDateTime: new Date('2026-01-15T08:00:00Z'),
    subscriptions: [],
    poll: { nextPollAt: new Date(0), quietPolls: 0 },
    ...changes,
  };
}

/** As a removal does at its end; one that is gone is success. */
export async function forgetTenant(
  tenants: Pick<TenantStore, 'get' | 'remove'>,
  tenantId: string,
): Promise<void> {
  const tenant = await tenants.get(tenantId);
  if (tenant !== undefined) await tenants.remove(tenant);
}

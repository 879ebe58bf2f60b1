/** The daily check of every tenant: its audit settings, and what it has granted. */
import pMap from 'p-map';
import { checkTenant, type CheckTenantDeps } from '../tenants/check-tenant.ts';
import { checkPosture, type CheckPostureDeps } from './check-posture.ts';

export type CheckAuditPosturesDeps = CheckPostureDeps & CheckTenantDeps;

const tenantsAtOnce = 4;

/** A failure of one tenant does not keep the others from being checked. @throws AggregateError of all failures */
export async function checkAuditPostures(deps: CheckAuditPosturesDeps): Promise<void> {
  const tenants = await deps.tenants.list();
  await pMap(tenants, ({ tenantId }) => check(deps, tenantId), {
    concurrency: tenantsAtOnce,
    stopOnError: false,
  });
}

/** Posture first: the check of grants starts missing subscriptions, and stopped ones must be reported before that. */
async function check(deps: CheckAuditPosturesDeps, tenantId: string): Promise<void> {
  // Checking many tenants takes a while: this one may have been removed since they were listed.
  const tenant = await deps.tenants.get(tenantId);
  if (tenant === undefined) return;
  if (tenant.state === 'Active') await checkPosture(deps, tenant);
  // Finds tenants that consented without following the link.
  await checkTenant(deps, tenant);
}

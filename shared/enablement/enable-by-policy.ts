/** Turns auditing on in a tenant that has become active, if the policy of the partner says so: once, whatever crashes. */
import { newOperationId } from '../operations/operation.ts';
import { OperationInProgressError } from '../operations/start-operation.ts';
import { changeTenant } from '../tenants/change-tenant.ts';
import { isManaged } from '../tenants/managed.ts';
import type { PolicyDeps } from '../tenants/policy.ts';
import type { Tenant, TenantStore } from '../tenants/tenant.ts';
import { startEnablement, type StartEnablementDeps } from './start-enablement.ts';

type Due = Pick<Tenant, 'policyEnablement'>;

/**
 * What is written together with the activation of a tenant, so that its enablement is started even if the host ends before
 * that. Its ID is decided here: starting it again starts no other.
 */
export async function enablementByPolicy({
  policy,
  now,
}: PolicyDeps & Pick<StartEnablementDeps, 'now'>): Promise<Due> {
  const { enablement } = await policy.get();
  if (enablement === undefined) return {};
  const request = { ...enablement, dryRun: false, mailboxes: { all: true as const } };
  return { policyEnablement: { id: newOperationId(now()), request } };
}

export interface EnableByPolicyDeps extends PolicyDeps, StartEnablementDeps {
  readonly tenants: Pick<TenantStore, 'get' | 'updateIfUnchanged'>;
}

/** Starts what is due. While another enablement is running, the next check of the tenant does. @throws when storage fails */
export async function startDueEnablement(
  deps: EnableByPolicyDeps,
  tenantId: string,
  { policyEnablement: due }: Due,
): Promise<void> {
  if (due?.request === undefined) return;
  const { id, request } = due;
  try {
    await startEnablement(deps, { tenantId, id, request, createdBy: 'auditkeep' });
  } catch (error) {
    if (error instanceof OperationInProgressError) return;
    throw error;
  }
  // Without the request it is no longer due, and never again.
  await changeTenant(deps.tenants, tenantId, (tenant) =>
    isManaged(tenant) ? { policyEnablement: { id } } : undefined,
  );
}

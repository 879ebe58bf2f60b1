/** The daily check: stores the audit posture, reports drift, and repairs it where the tenant's policy says so. */
import type { MatterQueue } from '../channels/notifications.ts';
import { driftMessage } from '../channels/sources/collection.ts';
import { onRefusal, UpstreamError } from '../errors.ts';
import { OperationInProgressError } from '../operations/start-operation.ts';
import { checkTenant, type CheckTenantDeps } from '../tenants/check-tenant.ts';
import { findManagedTenant } from '../tenants/managed.ts';
import { recordRoleHolders } from '../tenants/role-holders.ts';
import type { StoredTenant } from '../tenants/tenant.ts';
import type { EnablementRequest } from './enablement.ts';
import {
  defaultRequest,
  driftOf,
  findProblems,
  isCorrectable,
  readPosture,
  type PostureDeps,
  type PostureStore,
} from './posture.ts';
import { startEnablement, type StartEnablementDeps } from './start-enablement.ts';

export interface CheckPostureDeps extends PostureDeps, StartEnablementDeps {
  readonly postures: PostureStore;
  readonly queues: StartEnablementDeps['queues'] & MatterQueue;
}

/**
 * Checks one tenant. A refusal by Microsoft is reported and ends the check.
 * @throws when storage fails
 */
export async function checkPosture(deps: CheckPostureDeps, tenant: StoredTenant): Promise<void> {
  const { tenantId } = tenant;
  const wanted = await wantedRequest(deps, tenantId);
  const posture = await readPosture(deps, tenant, wanted).catch(onRefusal((error) => error));
  if (posture instanceof UpstreamError) {
    deps.telemetry('enablement.posture.failed', { tenantId, code: posture.code });
    return;
  }
  const [last] = await deps.postures.list(tenantId, 1);
  const drift = last === undefined ? [] : driftOf(last, posture);
  // Before it is saved: a check that is repeated finds the same drift, and no one is notified of it twice.
  if (drift.length > 0)
    await deps.queues.requestMatter({ version: 1, matter: driftMessage(tenant, drift, deps.now()) });
  await deps.postures.save(tenantId, posture);
  const found = findProblems(posture);
  const problems = found.length;
  deps.telemetry('enablement.posture.checked', { tenantId, problems });
  if (drift.length > 0) deps.telemetry('enablement.drift.found', { tenantId, drift: drift.length });
  const canBeRepaired = found.some(({ about }) => isCorrectable(about));
  if (canBeRepaired && tenant.repairDrift) await repair(deps, tenantId, wanted);
}

/** How many enablements to search for the last request. */
const maxEnablements = 20;

/** The last successful request for all mailboxes, which lowered limits only once; without one, what is recommended. */
async function wantedRequest(
  { enablements }: Pick<CheckPostureDeps, 'enablements'>,
  tenantId: string,
): Promise<EnablementRequest> {
  const latest = await enablements.list(tenantId, maxEnablements);
  const last = latest.find(
    ({ request, status }) =>
      status === 'Succeeded' &&
      !request.dryRun &&
      'all' in request.mailboxes &&
      request.workloads.includes('mailboxes'),
  );
  return { ...(last?.request ?? defaultRequest), lower: false };
}

async function repair(deps: CheckPostureDeps, tenantId: string, wanted: EnablementRequest): Promise<void> {
  const request = { ...wanted, workloads: defaultRequest.workloads, removeBypasses: true };
  try {
    await startEnablement(deps, { tenantId, request, createdBy: 'auditkeep' });
  } catch (error) {
    // One that is still running repairs it, or the next check does.
    if (!(error instanceof OperationInProgressError)) throw error;
  }
}

export type RequestDailyChecksDeps = Pick<CheckTenantDeps, 'tenants' | 'queues'>;

/** A message a tenant: however many there are, each is checked within a budget of its own. */
export async function requestDailyChecks({ tenants, queues }: RequestDailyChecksDeps): Promise<void> {
  for (const { tenantId } of await tenants.list())
    await queues.requestTenantCheck({ version: 1, tenantId, attempt: 0, daily: true }, 0);
}

export type DailyCheckDeps = CheckPostureDeps & CheckTenantDeps;

/**
 * Checks what a tenant has granted and, if it is active, its audit settings and who administers it. Does nothing for
 * one that is gone or being removed.
 * @throws when storage fails
 */
export async function runDailyCheck(deps: DailyCheckDeps, tenantId: string): Promise<void> {
  const tenant = await findManagedTenant(deps.tenants, tenantId);
  if (tenant?.state === 'Active') {
    await recordRoleHolders(deps, tenant);
    // Posture first: the check of grants starts missing subscriptions, and stopped ones must be reported before that.
    await checkPosture(deps, tenant);
  }
  // Finds tenants that consented without following the link.
  if (tenant !== undefined) await checkTenant(deps, tenant);
}

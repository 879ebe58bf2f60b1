/** The daily look: how auditing stands, what became worse, and where wanted, its repair. */
import { UpstreamError } from '../errors.ts';
import type { StoredTenant } from '../tenants/tenant.ts';
import type { EnablementRequest } from './enablement.ts';
import {
  defaultRequest,
  driftOf,
  problemsOf,
  readPosture,
  type PostureDeps,
  type PostureStore,
} from './posture.ts';
import { EnablementInProgressError, startEnablement, type StartEnablementDeps } from './start-enablement.ts';

export interface CheckPostureDeps extends PostureDeps, StartEnablementDeps {
  readonly postures: PostureStore;
}

/**
 * Stores today's posture and reports drift. Repairs only where the tenant's policy says so.
 * What Microsoft refuses is reported and ends the look at this tenant.
 * @throws when storage fails
 */
export async function checkPosture(deps: CheckPostureDeps, tenant: StoredTenant): Promise<void> {
  const { tenantId } = tenant;
  try {
    const wanted = await wantedRequest(deps, tenantId);
    const posture = await readPosture(deps, tenant, wanted);
    const [last] = await deps.postures.list(tenantId, 1);
    await deps.postures.save(tenantId, posture);
    const problems = problemsOf(posture).length;
    deps.telemetry('enablement.posture.checked', { tenantId, problems });
    const drift = last === undefined ? [] : driftOf(last, posture);
    if (drift.length > 0) deps.telemetry('enablement.drift.found', { tenantId, drift: drift.length });
    if (problems > 0 && tenant.repairDrift) await repair(deps, tenantId, wanted);
  } catch (error) {
    if (!(error instanceof UpstreamError)) throw error;
    deps.telemetry('enablement.posture.failed', { tenantId, code: error.code });
  }
}

/** How far back it is looked for what was asked for. */
const maxEnablements = 20;

/** What was asked for last for all mailboxes; what is recommended where nobody has asked. */
async function wantedRequest(
  { enablements }: Pick<CheckPostureDeps, 'enablements'>,
  tenantId: string,
): Promise<EnablementRequest> {
  const latest = await enablements.list(tenantId, maxEnablements);
  const asked = latest.find(
    ({ request, status }) =>
      (status === 'Succeeded' || status === 'PartiallySucceeded') &&
      !request.dryRun &&
      'all' in request.mailboxes &&
      request.workloads.includes('mailboxes'),
  );
  return asked?.request ?? defaultRequest;
}

async function repair(deps: CheckPostureDeps, tenantId: string, wanted: EnablementRequest): Promise<void> {
  try {
    await startEnablement(deps, tenantId, {
      ...wanted,
      workloads: defaultRequest.workloads,
      removeBypasses: true,
    });
  } catch (error) {
    // Somebody is at it already.
    if (!(error instanceof EnablementInProgressError)) throw error;
  }
}

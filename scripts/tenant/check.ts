/** `check`: checks permissions now, and shows the latest auditing posture. */
import type { Outcome } from '../command-line/context.ts';
import type { Posture, Tenant, Session } from './api.ts';
import { drawChecks, drawProblems, failedChecks, nameOf, needsConsent } from './describe-tenant.ts';
import { findTenantId } from './find-tenant.ts';

/** Exit code 1 when the tenant is not active, a check failed, or auditing has a problem. @throws Failure */
export async function check({ api }: Session, named: string): Promise<Outcome> {
  const tenantId = await findTenantId(api, named);
  const { value: tenant, body } = await api.checkTenant(tenantId);
  const [posture] = (await api.listPostures(tenantId)).value.value;
  const isGood = tenant.state === 'Active' && failedChecks(tenant).length === 0 && !hasProblems(posture);
  return {
    exitCode: isGood ? 0 : 1,
    answer: { tenant: body, posture: posture ?? null },
    text: describe(tenant, posture),
  };
}

function hasProblems(posture: Posture | undefined): boolean {
  return posture !== undefined && posture.problems.length > 0;
}

function describe(tenant: Tenant, posture: Posture | undefined): string {
  const { tenantId, state, checks, lastError } = tenant;
  const fix = `To fix it: npm run tenant -- enable ${tenantId}; add --remove-bypasses if a bypass is listed.`;
  return [
    `${nameOf(tenant)} is ${state}.`,
    drawChecks(checks),
    needsConsent(tenant) && `For a consent link: npm run tenant -- consent ${tenantId}`,
    posture ? drawProblems(posture) : 'The auditing posture is not known yet: it is checked once a day.',
    hasProblems(posture) && fix,
    lastError && `The last poll failed: ${lastError}`,
  ]
    .filter(Boolean)
    .join('\n\n');
}

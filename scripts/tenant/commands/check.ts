/** `check`: looks anew whether all that is needed is there, and tells how auditing stands. */
import type { Posture, Tenant } from '../answers.ts';
import { drawChecks, drawProblems, failedChecks, nameOf, needsConsent } from '../describe-tenant.ts';
import { findTenantId } from '../find-tenant.ts';
import type { Outcome, Session } from '../session.ts';

/** Exit code 1 when the tenant is not active, a check failed or auditing is not as it should be. @throws Failure */
export async function check(
  session: Session,
  { tenant: named }: { readonly tenant: string },
): Promise<Outcome> {
  const { api } = session;
  const tenantId = await findTenantId(api, named);
  const { value: tenant, body } = await api.checkTenant(tenantId);
  const { value: postures } = await api.listPostures(tenantId);
  const [posture] = postures;
  return {
    exitCode: isGood(tenant, posture) ? 0 : 1,
    answer: { tenant: body, posture: posture ?? null },
    text: describe(tenant, posture),
  };
}

function isGood(tenant: Tenant, posture: Posture | undefined): boolean {
  const isActive = tenant.state === 'Active';
  return isActive && failedChecks(tenant).length === 0 && (posture?.problems ?? []).length === 0;
}

function describe(tenant: Tenant, posture: Posture | undefined): string {
  return [
    `${nameOf(tenant)} is ${tenant.state}.`,
    drawChecks(tenant.checks),
    ...(needsConsent(tenant) ? [`A link to consent by: npm run tenant -- consent ${tenant.tenantId}`] : []),
    posture === undefined
      ? 'How auditing stands is not known yet: it is looked at once a day.'
      : drawProblems(posture),
    ...((posture?.problems ?? []).length > 0 ? [howToMend(tenant)] : []),
    ...(tenant.lastError ? [`The last poll failed: ${tenant.lastError}`] : []),
  ].join('\n\n');
}

function howToMend({ tenantId }: Tenant): string {
  return `To mend it: npm run tenant -- enable ${tenantId}, with --remove-bypasses where a bypass is named.`;
}

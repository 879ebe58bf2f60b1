/** `posture`: the newest auditing posture of several tenants, the worst first. */
import type { Outcome } from '../command-line/context.ts';
import { drawTable } from '../command-line/terminal-text.ts';
import type { Session, TenantPosture } from './api.ts';
import { toMinute } from './describe-tenant.ts';

/** Exit code 1 when auditing has a problem in one of them. @param tenants as in a query @throws HttpFailure */
export async function listPostures({ api }: Session, tenants: string): Promise<Outcome> {
  const { value, body } = await api.listPosturesOfTenants(tenants);
  const isGood = value.every(({ problems }) => problems.length === 0);
  return { exitCode: isGood ? 0 : 1, answer: body, text: draw(value) };
}

function draw(postures: readonly TenantPosture[]): string {
  if (postures.length === 0) return 'There are no tenants yet: npm run tenant -- add onboards one.';
  const rows = postures.map(({ tenantDisplayName, unifiedAuditLog, problems, checkedDateTime }) => [
    tenantDisplayName,
    describeLog(unifiedAuditLog),
    problems.length === 0 && checkedDateTime !== undefined ? 'none' : problems,
    checkedDateTime === undefined ? 'never' : toMinute(checkedDateTime),
  ]);
  return drawTable(['Tenant', 'Audit log', 'Problems', 'Checked'], rows);
}

function describeLog(isOn: boolean | undefined): string {
  if (isOn === undefined) return 'not known';
  return isOn ? 'on' : 'off';
}

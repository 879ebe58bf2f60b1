/** A dry run as answers show it. */
import type { DryRun, DryRunOfTenant } from './dry-run.ts';

export function publicDryRun({ from, to, tenants, failed }: DryRun) {
  return {
    fromDateTime: from.toISOString(),
    toDateTime: to.toISOString(),
    value: tenants.map(publicTenant),
    failedRules: [...failed].map(([id, cause]) => ({ id, cause })),
  };
}

function publicTenant({ tenantId, displayName, findings, matches, recordsRead, ...rest }: DryRunOfTenant) {
  return {
    tenantId,
    tenantDisplayName: displayName,
    findings,
    matches,
    recordsRead,
    readFromDateTime: rest.readFrom.toISOString(),
    rules: rest.rules.map((rule) => ({ ...rule })),
  };
}

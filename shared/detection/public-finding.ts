/** Findings as answers show them. */
import { timeOfId } from '../timed-id.ts';
import type { Finding } from './finding.ts';

export function publicFinding(finding: Finding, tenantDisplayName: string) {
  const { rule, tenantId, findingId: id, watchId, severity, sentence, state, count } = finding;
  return {
    id,
    tenantId,
    tenantDisplayName,
    watchId,
    severity,
    state,
    sentence,
    count,
    countIsExact: finding.countIsExact,
    rule: { ...rule, references: [...(rule.references ?? [])] },
    group: finding.group.map(({ member, value }) => ({ member, value })),
    firstDateTime: finding.firstDateTime.toISOString(),
    lastDateTime: finding.lastDateTime.toISOString(),
    createdDateTime: timeOfId(id).toISOString(),
    records: finding.records.map((record) => ({
      ...record,
      createdDateTime: record.createdDateTime.toISOString(),
    })),
    notification: finding.notification,
    changedBy: finding.changedBy,
    changedDateTime: finding.changedDateTime?.toISOString(),
    reason: finding.reason,
  };
}

/** Many records against as many rules as a tenant may have: what benches and tests of the amount of work share. */
import { compileRules } from '../../../shared/detection/evaluate.ts';
import type { WatchedRecord } from '../../../shared/detection/conditions/watched-record.ts';
import { packRules } from '../../../shared/detection/pack/pack.ts';
import type { Rule } from '../../../shared/detection/rule.ts';
import { parseSigma } from '../../../shared/detection/sigma/parse-sigma.ts';

/** The pack, rules of users, and Sigma rules as they are published: of one operation, of any, and with regular expressions. */
export function fiftyRules(): readonly Rule[] {
  return [...packRules, ...conditions.map(ownRule), ...parseSigma(sigma)];
}

function ownRule(condition: Rule['condition'], at: number): Rule {
  return {
    ...{ id: `own${at}`, title: `Own ${at}`, description: '', nextSteps: '', severity: 'low', condition },
    ...{ groupBy: ['userId'], window: 'PT1H', trigger: { kind: 'count', atLeast: 1 } },
  };
}

const conditions: readonly Rule['condition'][] = [
  { op: 'filter', filter: "operation eq 'FileAccessed' and contains(objectId,'payroll')" },
  { op: 'equals', member: 'userId', values: ['emergency@contoso.example'] },
  { op: 'regex', member: 'objectId', values: [String.raw`\.(?:exe|msi|js)$`] },
  { op: 'cidr', member: 'clientIp', values: ['100.64.0.0/10'] },
];

const sigma = `title: Impossible travel activity
logsource: { product: m365, service: threat_management }
detection:
  selection: { eventSource: SecurityComplianceCenter, eventName: Impossible travel activity, status: success }
  condition: selection
---
title: Mailbox exported
logsource: { product: m365, service: exchange }
detection:
  selection: { eventSource: Exchange, eventName: New-MailboxExportRequest }
  condition: selection
---
title: Inbox rule that hides email
logsource: { product: m365, service: audit }
detection:
  selection:
    Operation: [New-InboxRule, Set-InboxRule]
    Parameters|contains: [RSS, Archive, Conversation History]
  condition: selection
---
title: File with the name of a password store
logsource: { product: m365, service: audit }
detection:
  selection:
    Workload: [SharePoint, OneDrive]
    ObjectId|endswith: [.kdbx, .pfx, .ppk]
  filter: { UserId|startswith: app@ }
  condition: selection and not filter
`;

export interface Measured {
  readonly matches: number;
  /** Comparisons that were run. */
  readonly comparisons: number;
  readonly milliseconds: number;
}

/** @param records whose text was not parsed before, as in the index function */
export function evaluateMany(rules: readonly Rule[], records: readonly WatchedRecord[]): Measured {
  const compiled = compileRules(rules, (_, error) => {
    throw error;
  });
  const started = performance.now();
  let [matches, comparisons] = [0, 0];
  for (const record of records) {
    const evaluated = compiled.evaluate(record);
    matches += evaluated.matches.length;
    comparisons += evaluated.comparisons;
  }
  return { matches, comparisons, milliseconds: performance.now() - started };
}

/** What a finding says, made of its records. */
import type { TouchedFinding } from './found-by.ts';
import type { DerivedFinding, GroupValue } from './finding.ts';
import type { Rule } from './rule.ts';
import type { Severity } from './severity.ts';

export interface DerivedOf {
  readonly rule: Rule;
  readonly group: readonly GroupValue[];
  /** In place of what the rule and the records say. */
  readonly severity: Severity | undefined;
}

export function deriveFinding(
  { rule, group, severity }: DerivedOf,
  { known, heads }: TouchedFinding,
): DerivedFinding {
  const { id, title, nextSteps, author, license, references } = rule;
  return {
    rule: { id, title, nextSteps, author, license, references },
    severity: severity ?? known.severity,
    sentence: sentenceOf(heads[0]?.sentence ?? title, known.count - 1),
    group: [...group],
    firstDateTime: new Date(known.from),
    lastDateTime: new Date(known.to),
    count: known.count,
    countIsExact: known.countIsExact,
    records: heads.map(({ id: recordId, createdDateTime, sentence }) => ({
      id: recordId,
      createdDateTime,
      sentence,
    })),
    notification: known.isDue ? 'due' : 'tooOld',
    revision: known.revision,
  };
}

function sentenceOf(first: string, others: number): string {
  if (others <= 0) return first;
  return others === 1 ? `${first}, and one more record` : `${first}, and ${others} more records`;
}

/** What a finding says, made of its records. */
import { cutText } from '../reports/cut-text.ts';
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
  return {
    rule: shownRule(rule),
    severity: severity ?? known.severity,
    sentence: sentenceOf(heads[0]?.sentence ?? rule.title, known.count - 1),
    group: group.map(({ member, value }) => ({ member: cutText(member, mostLine), value })),
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

/** Characters, so that all texts of a finding fit into a column of storage, whatever they are. */
const [mostLine, mostNextSteps, mostReferences] = [500, 4000, 4000];

/** Rules of others have texts of any length: what is left out is counted, and the watch has it. */
function shownRule({ id, title, nextSteps, author, license, references }: Rule): DerivedFinding['rule'] {
  const shown = references?.filter(fitting(mostReferences));
  const left = (references?.length ?? 0) - (shown?.length ?? 0);
  const more = left === 0 ? '' : `\n(References of the rule that are not shown here: ${left})`;
  return {
    id,
    title,
    nextSteps: cutText(nextSteps, mostNextSteps) + more,
    author: author && cutText(author, mostLine),
    license: license && cutText(license, mostLine),
    references: shown,
  };
}

/** Whether a text still fits after those before it. @param most characters of all together */
function fitting(most: number): (text: string) => boolean {
  let left = most;
  return ({ length }) => {
    const fits = length <= left;
    if (fits) left -= length;
    return fits;
  };
}

function sentenceOf(first: string, others: number): string {
  if (others <= 0) return first;
  return others === 1 ? `${first}, and one more record` : `${first}, and ${others} more records`;
}

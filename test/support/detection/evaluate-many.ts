/** Many records against as many rules as a tenant may have: what benches and tests of the amount of work share. */
import { compileRules } from '../../../shared/detection/evaluate.ts';
import type { WatchedRecord } from '../../../shared/detection/conditions/watched-record.ts';
import { packRules } from '../../../shared/detection/pack/pack.ts';
import type { Rule } from '../../../shared/detection/rule.ts';

/** The pack, and rules of users: of one operation, of any, and with regular expressions. */
export function fiftyRules(): readonly Rule[] {
  const template = packRules[0];
  if (template === undefined) throw new Error('the pack is empty');
  const own = Array.from({ length: 50 - packRules.length }, (_, at): Rule => ({
    ...template,
    id: `own${at}`,
    raiseTo: undefined,
    condition: conditions[at % conditions.length] ?? template.condition,
  }));
  return [...packRules, ...own];
}

const conditions: readonly Rule['condition'][] = [
  { op: 'filter', filter: "operation eq 'FileAccessed' and contains(objectId,'payroll')" },
  { op: 'equals', member: 'userId', values: ['emergency@contoso.example'] },
  { op: 'regex', member: 'objectId', values: [String.raw`\.(?:exe|msi|js)$`] },
  { op: 'cidr', member: 'clientIp', values: ['203.0.113.0/24'] },
];

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

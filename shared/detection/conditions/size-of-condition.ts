/** How much work a condition can be for a record. */
import type { Condition } from './condition.ts';

/** Of a whole rule. Published rules have a few dozen. */
export const maxComparisons = 2000;

/** A regular expression takes about as long as this many other comparisons. */
const comparisonsOfPattern = 20;

/** How many texts, numbers, and networks a record is compared with if nothing is settled early. */
export function comparisonsOf(condition: Condition): number {
  if ('conditions' in condition)
    return condition.conditions.reduce((sum, one) => sum + comparisonsOf(one), 0);
  if (condition.op === 'not') return comparisonsOf(condition.condition);
  if (condition.op === 'regex') return condition.values.length * comparisonsOfPattern;
  return 'values' in condition ? condition.values.length : 1;
}

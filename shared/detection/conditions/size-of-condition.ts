/** How much work a condition can be for a record. */
import type { Condition, ConditionValue } from './condition.ts';
import { sizeOfPattern } from './regex.ts';

/** Of a whole rule. Published rules have a few dozen. */
export const maxComparisons = 2000;

/** A short regular expression takes about as long as this many other comparisons. */
const comparisonsOfShortPattern = 20;

/** How many texts, numbers, and networks a record is compared with if nothing is settled early. */
export function comparisonsOf(condition: Condition): number {
  if ('conditions' in condition)
    return condition.conditions.reduce((sum, one) => sum + comparisonsOf(one), 0);
  if (condition.op === 'not') return comparisonsOf(condition.condition);
  if (condition.op === 'regex')
    return condition.values.map(comparisonsOfPattern).reduce((sum, one) => sum + one, 0);
  return 'values' in condition ? condition.values.length : 1;
}

/** Repetitions are written out: `(.*a){1,900}` is 5,402 instructions, and takes seconds for a long value. */
function comparisonsOfPattern(expression: ConditionValue): number {
  return Math.max(comparisonsOfShortPattern, sizeOfPattern(String(expression)));
}

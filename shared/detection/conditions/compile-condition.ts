/** Turns the condition of a rule into a check of one record. */
import { compileFilter } from '../../query/filter-language/compile-filter.ts';
import { parseFilter } from '../../query/filter-language/parse-filter.ts';
import { foldCase, holdsText } from '../../query/matching/free-text.ts';
import type { Comparison, Condition } from './condition.ts';
import type { FieldReader, Fields } from './fields.ts';
import type { WatchedRecord } from './watched-record.ts';
import { isOutsideTenant } from './outside.ts';
import { networkCheck, numberCheck, sameCheck, type ValueCheck } from './value-checks.ts';
import { textCheck } from './text-checks.ts';

export type WatchedCheck = (watched: WatchedRecord) => boolean;

type Joined = Extract<Condition, { readonly op: 'all' | 'any' }>;

export interface Compiling {
  /** What all rules that are evaluated together read. */
  readonly fields: Fields;
  /** Receives each comparison that is run: the work that a record was. */
  readonly count: (comparisons: number) => void;
}

/**
 * A check of a record. Conditions of a joined one are tried in their order, until one settles it.
 * @throws FilterSyntaxError @throws RE2JSException for a regular expression that is none
 */
export function compileCondition(condition: Condition, compiling: Compiling): WatchedCheck {
  if ('conditions' in condition) return joinedCheck(condition, compiling);
  if (condition.op === 'filter') return filterCheck(condition.filter, compiling);
  if (condition.op !== 'not') return counted(compileComparison(condition, compiling), compiling);
  const check = compileCondition(condition.condition, compiling);
  return (watched) => !check(watched);
}

function joinedCheck({ op, conditions }: Joined, compiling: Compiling): WatchedCheck {
  const checks = conditions.map((one) => compileCondition(one, compiling));
  return op === 'all'
    ? (watched) => checks.every((check) => check(watched))
    : (watched) => checks.some((check) => check(watched));
}

function filterCheck(filter: string, { count }: Compiling): WatchedCheck {
  const check = compileFilter(parseFilter(filter), count);
  return ({ record, text }) => check(record, text) === true;
}

function counted(check: WatchedCheck, { count }: Compiling): WatchedCheck {
  return (watched) => {
    count(1);
    return check(watched);
  };
}

function compileComparison(comparison: Comparison, { fields }: Compiling): WatchedCheck {
  if (comparison.op === 'keywords') return keywordCheck(comparison.values);
  const read = fields(comparison.member);
  if (comparison.op === 'exists') return (watched) => read(watched).length > 0;
  if (comparison.op === 'sameAs') return sameCheck(read, fields(comparison.other), comparison.how);
  if (comparison.op === 'outside')
    return (watched) => read(watched).some(({ text }) => isOutsideTenant(watched, text));
  return someOf(read, valueCheckOf(comparison));
}

type OfOneValue = Exclude<Comparison, { readonly op: 'exists' | 'outside' | 'sameAs' | 'keywords' }>;

function valueCheckOf(comparison: OfOneValue): ValueCheck {
  if ('value' in comparison) return numberCheck(comparison.op, comparison.value);
  if (comparison.op === 'cidr') return networkCheck(comparison.values);
  return textCheck(comparison);
}

function someOf(read: FieldReader, check: ValueCheck): WatchedCheck {
  return (watched) => read(watched).some(check);
}

function keywordCheck(values: readonly string[]): WatchedCheck {
  const folded = values.map(foldCase);
  return ({ text }) => folded.some((one) => holdsText(text, one));
}

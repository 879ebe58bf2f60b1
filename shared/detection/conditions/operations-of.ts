/** Which operations a condition can match at all: most rules are about a few, and most records are of others. */
import { conjunctsOf } from '../../query/filter-language/push-down.ts';
import { parseFilter } from '../../query/filter-language/parse-filter.ts';
import { normalize } from '../../records/normalize.ts';
import type { Condition } from './condition.ts';

/** Normalized names of operations, none of others matches; undefined if records of any operation may match. */
export function operationsOf(condition: Condition): ReadonlySet<string> | undefined {
  if (condition.op === 'all')
    return intersection(condition.conditions.flatMap((one) => operationsOf(one) ?? []));
  if (condition.op === 'any') return union(condition.conditions.map(operationsOf));
  if (condition.op === 'filter') return operationsOfFilter(condition.filter);
  if (condition.op !== 'equals' || !isOperation(condition.member)) return undefined;
  return normalized(condition.values.map(String));
}

function isOperation(member: string): boolean {
  return member === 'operation' || member === 'Operation' || member === 'auditData/Operation';
}

function normalized(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map(normalize.text));
}

function intersection(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> | undefined {
  const [first, ...others] = sets;
  return first && new Set([...first].filter((name) => others.every((set) => set.has(name))));
}

function union(sets: readonly (ReadonlySet<string> | undefined)[]): ReadonlySet<string> | undefined {
  const known = sets.filter((set) => set !== undefined);
  return known.length < sets.length ? undefined : new Set(known.flatMap((set) => [...set]));
}

/** @throws FilterSyntaxError */
function operationsOfFilter(filter: string): ReadonlySet<string> | undefined {
  const conjuncts = conjunctsOf(parseFilter(filter)).filter(({ member }) => isOperation(member));
  return intersection(conjuncts.map(({ texts }) => normalized(texts)));
}

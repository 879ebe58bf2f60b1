/** Short forms in which the rules of the pack are written. */
import type { Condition, ConditionValue } from '../conditions/condition.ts';
import type { Rule } from '../rule.ts';

type Written = Omit<Rule, 'groupBy' | 'window' | 'trigger' | 'author' | 'license' | 'references'> &
  Partial<Pick<Rule, 'groupBy' | 'window' | 'trigger'>>;

/** A rule that fires at each record, by user; what happens within an hour is one finding. */
export function packRule(rule: Written): Rule {
  return { groupBy: ['userId'], window: 'PT1H', trigger: { kind: 'count', atLeast: 1 }, ...rule };
}

export function all(...conditions: readonly Condition[]): Condition {
  return { op: 'all', conditions };
}

export function any(...conditions: readonly Condition[]): Condition {
  return { op: 'any', conditions };
}

export function not(condition: Condition): Condition {
  return { op: 'not', condition };
}

export function operation(...names: readonly string[]): Condition {
  return is('operation', ...names);
}

/** Operations of Entra ID, whose names end with a period, except in records that were exported by others. */
export function directoryOperation(...names: readonly string[]): Condition {
  return operation(...names.flatMap((name) => [`${name}.`, name]));
}

export function is(member: string, ...values: readonly ConditionValue[]): Condition {
  return { op: 'equals', member, values };
}

export function contains(member: string, ...values: readonly string[]): Condition {
  return { op: 'contains', member, values };
}

export function exists(member: string): Condition {
  return { op: 'exists', member };
}

/** Texts that mean "no value". */
const nothing = ['', '[]', '{}', '$null', '<null>', 'null'];

/** A value that is not one of the texts for none. */
export function hasValue(member: string): Condition {
  return all(exists(member), not(is(member, ...nothing)));
}

/** Values of ModifiedProperties are delivered with and without quotes. */
export function isQuoted(member: string, ...values: readonly string[]): Condition {
  return is(member, ...values.flatMap((value) => [value, `"${value}"`]));
}

export function isTrue(member: string): Condition {
  return is(member, 'True', '$true', '"True"', 1);
}

export function isFalse(member: string): Condition {
  return is(member, 'False', '$false', '"False"', 0);
}

/** Most records that failed say so; those of some services say nothing of their outcome. */
export const succeeded = any(
  not(exists('resultStatus')),
  is('resultStatus', 'Success', 'Succeeded', 'Successful', 'True', 'PartiallySucceeded'),
);

/** What Microsoft's own services do in every tenant. */
export const byMicrosoft: Condition = {
  op: 'startsWith',
  member: 'userId',
  values: ['NT AUTHORITY\\', 'NT SERVICE\\', 'Microsoft\\', 'SHAREPOINT\\', 'app@sharepoint'],
};

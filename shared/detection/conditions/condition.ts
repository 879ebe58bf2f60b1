/** The condition of a rule: plain data that can be stored. {@link compileCondition} makes a check of it. */
import type { Ordering } from '../../query/filter-language/filter-node.ts';

/** How texts are compared. In a wildcard, `*` is any text, `?` any character, and a backslash makes them plain. */
export const textOps = ['equals', 'contains', 'startsWith', 'endsWith', 'wildcard', 'regex'] as const;
export type TextOp = (typeof textOps)[number];

/** A value is compared as text: 6 equals `'6'`, and true equals `'True'`. */
export type ConditionValue = string | number | boolean;

/**
 * Comparisons of a member hold if one of its values fulfills them; a member without a value fulfills none. Members are
 * those of records (`operation`, `userId`), derived ones (`clientNetwork`), and paths in the delivered record
 * (`Parameters.ForwardTo`).
 */
export type Condition =
  | { readonly op: 'all' | 'any'; readonly conditions: readonly Condition[] }
  | { readonly op: 'not'; readonly condition: Condition }
  /** In the language of the parameter `filter`. */
  | { readonly op: 'filter'; readonly filter: string }
  | Comparison;

/** A leaf of the tree. */
export type Comparison =
  | {
      readonly op: TextOp;
      readonly member: string;
      /** One of them. */
      readonly values: readonly ConditionValue[];
      /** @default false */
      readonly caseSensitive?: boolean | undefined;
    }
  /** IP addresses in networks such as `192.0.2.0/24`. */
  | { readonly op: 'cidr'; readonly member: string; readonly values: readonly string[] }
  /** A value other than null. */
  | { readonly op: 'exists'; readonly member: string }
  | { readonly op: Ordering; readonly member: string; readonly value: number }
  /** A value of the one member and one of the other. */
  | {
      readonly op: 'sameAs';
      readonly member: string;
      readonly other: string;
      /** The value of the member … that of the other one. @default equals */
      readonly how?: Exclude<TextOp, 'wildcard' | 'regex'> | undefined;
    }
  /** An email address of none of the tenant's domains. */
  | { readonly op: 'outside'; readonly member: string }
  /** One of the texts is anywhere in the record. */
  | { readonly op: 'keywords'; readonly values: readonly string[] };

/** Joined only if there are several. */
export function joinedBy(op: 'all' | 'any', conditions: readonly Condition[]): Condition {
  const [first] = conditions;
  return first !== undefined && conditions.length === 1 ? first : { op, conditions };
}

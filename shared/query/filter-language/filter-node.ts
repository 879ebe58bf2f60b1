/** A parsed filter: what it compares, and how. */

export const orderings = ['gt', 'ge', 'lt', 'le'] as const;
export type Ordering = (typeof orderings)[number];
export const searches = ['startswith', 'endswith', 'contains'] as const;
export type Search = (typeof searches)[number];

/** `moment`: epoch milliseconds. */
export type Literal =
  | { readonly type: 'text'; readonly value: string }
  | { readonly type: 'number'; readonly value: number }
  | { readonly type: 'moment'; readonly value: number }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'null' };

/**
 * A tree. It is plain data, so that it can be stored and hashed; `ne` is `not eq`, as in OData, where a value that
 * is absent is not equal to anything.
 */
export type FilterNode =
  | { readonly op: 'and' | 'or'; readonly nodes: readonly FilterNode[] }
  | { readonly op: 'not'; readonly node: FilterNode }
  | Comparison;

/** A leaf of the tree. */
export type Comparison =
  | { readonly op: 'in'; readonly member: string; readonly literals: readonly Literal[] }
  | { readonly op: Ordering; readonly member: string; readonly literal: Literal }
  | { readonly op: Search; readonly member: string; readonly text: string };

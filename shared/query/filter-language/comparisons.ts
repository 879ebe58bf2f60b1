/** Compares the value of a member with literals. */
import { normalizerOf } from '../../records/member-kinds.ts';
import type { Literal, Ordering } from './filter-node.ts';
import type { ReadValue } from './readings.ts';

export type ValueCheck = (value: ReadValue) => boolean;

/** Whether the value equals one of the literals. Only literals of its type can be equal; null equals an absent value. */
export function equalityOf(member: string, literals: readonly Literal[]): ValueCheck {
  const normalized = normalizerOf(member);
  const texts = new Set(literals.flatMap((one) => (one.type === 'text' ? [normalized(one.value)] : [])));
  const moments = new Set(literals.flatMap((one) => (one.type === 'moment' ? [one.value] : [])));
  const others = new Set<unknown>(
    literals.flatMap((one) => (one.type === 'number' || one.type === 'boolean' ? [one.value] : [])),
  );
  const hasNull = literals.some(({ type }) => type === 'null');
  return (value) =>
    (hasNull && value.raw === undefined) ||
    others.has(value.raw) ||
    isIn(texts, value.normalized) ||
    isIn(moments, value.moment);
}

function isIn<T>(wanted: ReadonlySet<T>, read: () => T | undefined): boolean {
  const value = wanted.size === 0 ? undefined : read();
  return value !== undefined && wanted.has(value);
}

/** How the value is ordered against a literal of its type; null and truth values have no order. */
export function comparisonOf(member: string, op: Ordering, literal: Literal): ValueCheck {
  switch (literal.type) {
    case 'text': {
      const wanted = normalizerOf(member)(literal.value);
      return ({ normalized }) => isOrdered(op, normalized(), wanted);
    }
    case 'moment':
      return ({ moment }) => isOrdered(op, moment(), literal.value);
    case 'number':
      return ({ raw }) => typeof raw === 'number' && isOrdered(op, raw, literal.value);
    case 'boolean':
    case 'null':
      return () => false;
  }
}

function isOrdered<T extends number | string>(op: Ordering, value: T | undefined, wanted: T): boolean {
  if (value === undefined) return false;
  switch (op) {
    case 'gt':
      return value > wanted;
    case 'ge':
      return value >= wanted;
    case 'lt':
      return value < wanted;
    case 'le':
      return value <= wanted;
  }
}

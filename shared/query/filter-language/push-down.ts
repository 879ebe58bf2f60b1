/** What storage can do of a filter: conjuncts that are a range of time, or one of a few values of one member. */
import { recordTypeNumbers } from '../../records/record-types.ts';
import type { TimeRange } from '../filters.ts';
import type { FilterNode, Literal } from './filter-node.ts';

/** A member has one of the values; absent values are not among them. */
export interface Conjunct {
  readonly member: string;
  readonly texts: readonly string[];
  readonly numbers: readonly number[];
}

/** Conjuncts that must hold of every record the filter holds of. The filter itself is still to be checked. */
export function conjunctsOf(node: FilterNode): readonly Conjunct[] {
  if (node.op === 'and') return node.nodes.flatMap(conjunctsOf);
  if (node.op === 'in') return toConjunct(node.member, node.literals);
  if (node.op === 'or') return mergedAlternatives(node.nodes);
  return [];
}

/** `a eq 1 or a eq 2` is one conjunct; anything else between alternatives is none. */
function mergedAlternatives(nodes: readonly FilterNode[]): readonly Conjunct[] {
  const alternatives = nodes.map(conjunctsOf);
  const [first] = alternatives[0] ?? [];
  const alike = alternatives.flatMap((conjuncts) =>
    conjuncts.length === 1 && conjuncts[0]?.member === first?.member ? conjuncts : [],
  );
  if (first === undefined || alike.length < nodes.length) return [];
  return [
    {
      member: first.member,
      texts: alike.flatMap(({ texts }) => texts),
      numbers: alike.flatMap(({ numbers }) => numbers),
    },
  ];
}

function toConjunct(member: string, literals: readonly Literal[]): readonly Conjunct[] {
  if (literals.some(({ type }) => type === 'null')) return [];
  const texts = literals.flatMap((literal) => (literal.type === 'text' ? [literal.value] : []));
  const numbers = literals.flatMap((literal) => (literal.type === 'number' ? [literal.value] : []));
  if (member !== 'auditLogRecordType') return [{ member, texts, numbers }];
  return [{ member: 'recordType', texts: [], numbers: texts.flatMap(recordTypeNumbers) }];
}

/** The range of time outside of which the filter never holds. */
export function rangeOf(node: FilterNode): TimeRange {
  if (node.op === 'and') return node.nodes.map(rangeOf).reduce(intersection, {});
  if (!('member' in node) || node.member !== 'createdDateTime') return {};
  if (node.op === 'in') {
    const moments = node.literals.flatMap((literal) => (literal.type === 'moment' ? [literal.value] : []));
    if (moments.length < node.literals.length) return {};
    return { from: new Date(Math.min(...moments)), to: new Date(Math.max(...moments) + 1) };
  }
  if (!('literal' in node) || node.literal.type !== 'moment') return {};
  const { value } = node.literal;
  switch (node.op) {
    case 'ge':
      return { from: new Date(value) };
    case 'gt':
      return { from: new Date(value + 1) };
    case 'lt':
      return { to: new Date(value) };
    case 'le':
      return { to: new Date(value + 1) };
  }
}

/** What lies in both ranges; it may be empty, and then its end is not after its beginning. */
export function intersection(one: TimeRange, other: TimeRange): TimeRange {
  const from = [one.from, other.from].filter((date) => date !== undefined).map(Number);
  const to = [one.to, other.to].filter((date) => date !== undefined).map(Number);
  return {
    ...(from.length === 0 ? {} : { from: new Date(Math.max(...from)) }),
    ...(to.length === 0 ? {} : { to: new Date(Math.min(...to)) }),
  };
}

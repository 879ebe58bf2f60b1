/** The part of a filter that storage can evaluate: conjuncts on the time, or on a few values of one member. */
import { codeNumbers } from '../../records/record-types.ts';
import type { TimeRange } from '../filters.ts';
import type { FilterNode, Literal } from './filter-node.ts';

/** A member has one of the values; null is not one of them. */
export interface Conjunct {
  readonly member: string;
  readonly texts: readonly string[];
  readonly numbers: readonly number[];
}

/** Conjuncts that hold for every record that matches. The filter itself still has to be checked. */
export function conjunctsOf(node: FilterNode): readonly Conjunct[] {
  if (node.op === 'and') return node.nodes.flatMap(conjunctsOf);
  if (node.op === 'in') return toConjunct(node.member, node.literals);
  if (node.op === 'or') return mergedAlternatives(node.nodes);
  return [];
}

/** `a eq 1 or a eq 2` is one conjunct; other alternatives are none. */
function mergedAlternatives(nodes: readonly FilterNode[]): readonly Conjunct[] {
  const alternatives = nodes.map(conjunctsOf);
  const [first] = alternatives[0] ?? [];
  const merged = alternatives.flatMap((conjuncts) =>
    conjuncts.length === 1 && conjuncts[0]?.member === first?.member ? conjuncts : [],
  );
  if (first === undefined || merged.length < nodes.length) return [];
  return [
    {
      member: first.member,
      texts: merged.flatMap(({ texts }) => texts),
      numbers: merged.flatMap(({ numbers }) => numbers),
    },
  ];
}

function toConjunct(member: string, literals: readonly Literal[]): readonly Conjunct[] {
  if (literals.some(({ type }) => type === 'null')) return [];
  const texts = literals.flatMap((literal) => (literal.type === 'text' ? [literal.value] : []));
  const numbers = literals.flatMap((literal) => (literal.type === 'number' ? [literal.value] : []));
  if (member !== 'auditLogRecordType') return [{ member, texts, numbers }];
  return [{ member: 'recordType', texts: [], numbers: texts.flatMap(codeNumbers.recordType) }];
}

/** The range of time outside of which nothing matches. */
export function rangeOf(node: FilterNode): TimeRange {
  if (node.op === 'and') return node.nodes.map(rangeOf).reduce(intersection, {});
  if (!('member' in node) || node.member !== 'createdDateTime') return {};
  if (node.op === 'in') {
    const moments = node.literals.flatMap((literal) => (literal.type === 'moment' ? [literal.value] : []));
    if (moments.length < node.literals.length) return {};
    return { from: new Date(Math.min(...moments)), to: new Date(Math.max(...moments) + 1) };
  }
  if (!('literal' in node) || node.literal.type !== 'moment') return {};
  const { op, literal } = node;
  // Ranges begin with their start and exclude their end.
  const bound = new Date(op === 'gt' || op === 'le' ? literal.value + 1 : literal.value);
  return op === 'gt' || op === 'ge' ? { from: bound } : { to: bound };
}

/** What is in both ranges; an empty one does not end after its start. */
export function intersection(one: TimeRange, other: TimeRange): TimeRange {
  const from = [one.from, other.from].filter((date) => date !== undefined).map(Number);
  const to = [one.to, other.to].filter((date) => date !== undefined).map(Number);
  return {
    from: from.length === 0 ? undefined : new Date(Math.max(...from)),
    to: to.length === 0 ? undefined : new Date(Math.min(...to)),
  };
}

/** The part of a table that a filter can match, so that the rest is not read. */
import { type Comparison, type Filter, holds } from './filter.ts';
import type { RowKey } from './row-store.ts';

export interface KeyRange {
  readonly from: RowKey;
  /** Whether a key, and every one that follows it, is beyond what the filter can match. */
  readonly isPast: (key: RowKey) => boolean;
}

const everything: KeyRange = { from: { partitionKey: '', rowKey: '' }, isPast: () => false };

export function keyRangeOf(filter: Filter | undefined): KeyRange {
  if (filter === undefined) return everything;
  const required = requiredBy(filter).filter(({ literal }) => literal.type === 'String');
  const partitions = required.filter(({ column }) => column === 'PartitionKey');
  const rows = required.filter(({ column }) => column === 'RowKey');
  const partition = partitions.find(({ operator }) => operator === 'eq')?.literal.value;
  // Row keys are in order only within a partition.
  const from = { partitionKey: leastOf(partitions), rowKey: partition === undefined ? '' : leastOf(rows) };
  return {
    from,
    isPast: ({ partitionKey, rowKey }) =>
      exceeds(partitions, partitionKey) || (partitionKey === partition && exceeds(rows, rowKey)),
  };
}

/** Comparisons that every match fits. */
function requiredBy(filter: Filter): readonly Comparison[] {
  if (filter.kind === 'comparison') return [filter];
  return filter.kind === 'and' ? filter.parts.flatMap(requiredBy) : [];
}

function leastOf(comparisons: readonly Comparison[]): string {
  const floors = comparisons
    .filter(({ operator }) => ['eq', 'ge', 'gt'].includes(operator))
    .map(({ literal }) => String(literal.value));
  return floors.reduce((highest, floor) => (floor > highest ? floor : highest), '');
}

function exceeds(comparisons: readonly Comparison[], key: string): boolean {
  return comparisons.some(({ operator, literal }) => {
    const limit = String(literal.value);
    if (operator === 'eq' || operator === 'le') return key > limit;
    return operator === 'lt' && !holds('lt', key, limit);
  });
}

/** Turns a parsed filter into a check of one record. */
import type { IndexedRecord } from '../../records/indexed-record.ts';
import { comparisonsFor, foldCase, freeTextCheck, type RecordText } from '../matching/free-text.ts';
import { joined, opposite, type Check, type CountComparisons } from '../matching/match-result.ts';
import { comparisonOf, equalityOf, type ValueCheck } from './comparisons.ts';
import { wholeRecord } from './filter-members.ts';
import type { Comparison, FilterNode, Search } from './filter-node.ts';
import { createReadings, type Readings } from './readings.ts';

/** Undefined when the text is needed and was not given. */
export type FilterCheck = Check<IndexedRecord, RecordText>;

/** Texts are compared as in typed filters; an absent value equals only null. */
export function compileFilter(node: FilterNode, count: CountComparisons = () => undefined): FilterCheck {
  return compile(node, { readings: createReadings(), count });
}

interface Compiling {
  readonly readings: Readings;
  readonly count: CountComparisons;
}

function compile(node: FilterNode, compiling: Compiling): FilterCheck {
  if ('nodes' in node) {
    const checks = node.nodes.map((one) => compile(one, compiling));
    return joined(node.op, checks);
  }
  if (node.op !== 'not') return compileComparison(node, compiling);
  const check = compile(node.node, compiling);
  return (record, text) => opposite(check(record, text));
}

function compileComparison(node: Comparison, { readings, count }: Compiling): FilterCheck {
  if ('text' in node && node.member === wholeRecord) return freeTextCheck(node.text, count);
  const [read, check] = [readings(node.member), checkOf(node)];
  return (record, text) => {
    const values = read(record, text);
    for (const { size } of values ?? []) count(comparisonsFor(size));
    return values?.some(check);
  };
}

function checkOf(node: Comparison): ValueCheck {
  if ('literals' in node) return equalityOf(node.member, node.literals);
  if ('literal' in node) return comparisonOf(node.member, node.op, node.literal);
  return searchOf(node.op, foldCase(node.text));
}

function searchOf(op: Search, wanted: string): ValueCheck {
  const find = finders[op];
  return ({ folded }) => {
    const text = folded();
    // Values are found with their outer blanks, as delivered, and without them, as they are compared.
    return text !== undefined && (find(text, wanted) || find(text.trim(), wanted));
  };
}

const finders: Readonly<Record<Search, (value: string, text: string) => boolean>> = {
  startswith: (value, text) => value.startsWith(text),
  endswith: (value, text) => value.endsWith(text),
  contains: (value, text) => value.includes(text),
};

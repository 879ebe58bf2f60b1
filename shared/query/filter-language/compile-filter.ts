/** Turns a parsed filter into a check of one record. */
import type { IndexedRecord } from '../../records/members.ts';
import { foldCase, holdsText, type RecordText } from '../matching/free-text.ts';
import { joined, opposite, type Check } from '../matching/match-result.ts';
import { comparisonOf, equalityOf, type ValueCheck } from './comparisons.ts';
import { wholeRecord } from './filter-members.ts';
import type { FilterNode, Search } from './filter-node.ts';
import { createReadings, type Readings } from './readings.ts';

/** Undefined when the text is needed and was not given. */
export type FilterCheck = Check<IndexedRecord, RecordText>;

/** Texts are compared as in typed filters; an absent value equals only null. */
export function compileFilter(node: FilterNode): FilterCheck {
  return compile(node, createReadings());
}

function compile(node: FilterNode, readings: Readings): FilterCheck {
  const onValue = (member: string, check: ValueCheck): FilterCheck => {
    const read = readings(member);
    return (record, text) => read(record, text)?.some(check);
  };
  switch (node.op) {
    case 'and':
    case 'or':
      return joined(
        node.op,
        node.nodes.map((one) => compile(one, readings)),
      );
    case 'not': {
      const check = compile(node.node, readings);
      return (record, text) => opposite(check(record, text));
    }
    case 'in':
      return onValue(node.member, equalityOf(node.member, node.literals));
    case 'startswith':
    case 'endswith':
    case 'contains':
      return search(node.member, node.text, (wanted) => onValue(node.member, searchOf(node.op, wanted)));
    case 'gt':
    case 'ge':
    case 'lt':
    case 'le':
      return onValue(node.member, comparisonOf(node.member, node.op, node.literal));
  }
}

function search(member: string, text: string, inValue: (wanted: string) => FilterCheck): FilterCheck {
  const wanted = foldCase(text);
  if (member !== wholeRecord) return inValue(wanted);
  return (_, recordText) => (recordText === undefined ? undefined : holdsText(recordText, wanted));
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

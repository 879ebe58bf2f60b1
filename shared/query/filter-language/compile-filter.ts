/** Turns a parsed filter into a check of one record. */
import { isObject } from '../../json.ts';
import { isRecordMember, normalizerOf } from '../../records/member-kinds.ts';
import { parseRecordTime } from '../../records/record-time.ts';
import type { IndexedRecord } from '../../records/members.ts';
import { foldCase, holdsText, type RecordText } from '../matching/free-text.ts';
import { joined, opposite, type Check } from '../matching/match-result.ts';
import { memberValue } from '../public-record.ts';
import { typeOfMember, wholeRecord } from './filter-members.ts';
import type { FilterNode, Literal, Ordering, Search } from './filter-node.ts';

/** Undefined when the text is needed and was not given. */
export type FilterCheck = Check<IndexedRecord, RecordText>;

/** Texts are compared as in typed filters; an absent value equals only null. */
export function compileFilter(node: FilterNode): FilterCheck {
  switch (node.op) {
    case 'and':
    case 'or':
      return joined(node.op, node.nodes.map(compileFilter));
    case 'not': {
      const check = compileFilter(node.node);
      return (record, text) => opposite(check(record, text));
    }
    case 'in': {
      const equals = node.literals.map((literal) => comparison(node.member, 'eq', literal));
      return onValue(node.member, (value) => equals.some((check) => check(value)));
    }
    case 'startswith':
    case 'endswith':
    case 'contains':
      return search(node.member, node.op, node.text);
    case 'gt':
    case 'ge':
    case 'lt':
    case 'le':
      return onValue(node.member, comparison(node.member, node.op, node.literal));
  }
}

/** Undefined stands for an absent value. */
type ValueCheck = (value: unknown) => boolean;

function onValue(member: string, check: ValueCheck): FilterCheck {
  if (isRecordMember(member)) {
    const isMoment = typeOfMember(member) === 'moment';
    return (record) => {
      const value = memberValue(member, record);
      return check(isMoment ? momentOf(value) : value);
    };
  }
  const names = member.split('/').slice(1);
  return (_, text) => (text === undefined ? undefined : check(valueAt(text.parsed(), names)));
}

/** Own members only; arrays are not searched. Null counts as absent. */
function valueAt(parsed: unknown, names: readonly string[]): unknown {
  let value: unknown = parsed;
  for (const name of names) {
    if (!isObject(value) || !Object.hasOwn(value, name)) return undefined;
    value = value[name];
  }
  return value ?? undefined;
}

function momentOf(value: unknown): number | undefined {
  return typeof value === 'string' ? Date.parse(value) : undefined;
}

type Operator = Ordering | 'eq';

/** Only values of the literal's type are compared with it; null and truth values have no order. */
function comparison(member: string, op: Operator, literal: Literal): ValueCheck {
  if (literal.type === 'null') return (value) => op === 'eq' && value === undefined;
  if (literal.type === 'boolean') return (value) => op === 'eq' && value === literal.value;
  const comparable = comparables[literal.type];
  const normalized = normalizerOf(member);
  const wanted = literal.type === 'text' ? normalized(literal.value) : literal.value;
  return (value) => {
    const one = comparable(value);
    return one !== undefined && holds(op, typeof one === 'string' ? normalized(one) : one, wanted);
  };
}

/** A value as one of the literal's type; undefined if it has another type. */
const comparables = {
  text: (value: unknown) => (typeof value === 'string' ? value : undefined),
  number: (value: unknown) => (typeof value === 'number' ? value : undefined),
  // In a record, moments are texts.
  moment: (value: unknown) => (typeof value === 'number' ? value : momentOfRecord(value)),
};

/** Days without a time are those of UTC. */
function momentOfRecord(value: unknown): number | undefined {
  const day = typeof value === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(value) ? `${value}T00:00` : value;
  return parseRecordTime(day)?.getTime();
}

function holds(op: Operator, value: number | string, wanted: number | string): boolean {
  if (value === wanted) return op === 'eq' || op === 'ge' || op === 'le';
  if (op === 'eq') return false;
  return op === 'gt' || op === 'ge' ? value > wanted : value < wanted;
}

function search(member: string, op: Search, wanted: string): FilterCheck {
  const folded = foldCase(wanted);
  if (member === wholeRecord) return (_, text) => (text === undefined ? undefined : holdsText(text, folded));
  const find = finders[op];
  return onValue(member, (value) => {
    if (typeof value !== 'string') return false;
    // Values are found with their outer blanks, as delivered, and without them, as they are compared.
    const asDelivered = foldCase(value);
    return find(asDelivered, folded) || find(asDelivered.trim(), folded);
  });
}

const finders: Readonly<Record<Search, (value: string, text: string) => boolean>> = {
  startswith: (value, text) => value.startsWith(text),
  endswith: (value, text) => value.endsWith(text),
  contains: (value, text) => value.includes(text),
};

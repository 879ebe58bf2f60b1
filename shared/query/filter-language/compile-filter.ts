/** Turns a parsed filter into a check of one record. */
import { normalize } from '../../records/normalize.ts';
import { isRecordMember, normalizerOf } from '../../records/member-kinds.ts';
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
      const equals = node.literals.map((literal) => equality(node.member, literal));
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
      return onValue(node.member, ordered(node.member, node.op, node.literal));
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
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    value = Object.entries(value).find(([own]) => own === name)?.[1];
  }
  return value ?? undefined;
}

function momentOf(value: unknown): number | undefined {
  return typeof value === 'string' ? Date.parse(value) : undefined;
}

function equality(member: string, literal: Literal): ValueCheck {
  if (literal.type === 'null') return (value) => value === undefined;
  if (literal.type === 'text') {
    const normalized = normalizerOf(member);
    const wanted = normalized(literal.value);
    return (value) => typeof value === 'string' && normalized(value) === wanted;
  }
  const comparable = comparer(literal);
  return (value) => comparable(value) === literal.value;
}

function ordered(member: string, op: Ordering, literal: Literal): ValueCheck {
  if (literal.type === 'text') {
    const normalized = normalizerOf(member);
    const wanted = normalized(literal.value);
    return (value) => typeof value === 'string' && holdsOrder(op, normalized(value), wanted);
  }
  if (literal.type === 'null' || literal.type === 'boolean') return () => false;
  const comparable = comparer(literal);
  return (value) => {
    const number = comparable(value);
    return typeof number === 'number' && holdsOrder(op, number, literal.value);
  };
}

/** A value of the literal's type, for comparison; undefined if it has another type. */
function comparer({ type }: Literal): (value: unknown) => number | boolean | undefined {
  if (type === 'boolean') return (value) => (typeof value === 'boolean' ? value : undefined);
  // In a record, moments are texts.
  if (type === 'moment') return (value) => (typeof value === 'number' ? value : momentOfRecord(value));
  return (value) => (typeof value === 'number' ? value : undefined);
}

/** Times in records are UTC and mostly have no time zone. */
function momentOfRecord(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const time = Date.parse(/(Z|[+-]\d{2}:?\d{2})$/.test(value) ? value : `${value}Z`);
  return Number.isNaN(time) ? undefined : time;
}

function holdsOrder<T extends number | string>(op: Ordering, value: T, wanted: T): boolean {
  if (value === wanted) return op === 'ge' || op === 'le';
  return op === 'gt' || op === 'ge' ? value > wanted : value < wanted;
}

function search(member: string, op: Search, wanted: string): FilterCheck {
  const folded = foldCase(wanted);
  if (member === wholeRecord)
    return (_, text) => (text === undefined ? undefined : holdsText(text, { folded }));
  const find = finders[op];
  return onValue(member, (value) => typeof value === 'string' && find(normalize.text(value), folded));
}

const finders: Readonly<Record<Search, (value: string, text: string) => boolean>> = {
  startswith: (value, text) => value.startsWith(text),
  endswith: (value, text) => value.endsWith(text),
  contains: (value, text) => value.includes(text),
};

/** Turns a parsed filter into a check of one record. */
import { normaliseAddress, normaliseText, normaliseUrl } from '../../records/normalise.ts';
import { foldCase, holdsText, type RecordText } from '../matching/free-text.ts';
import { allOf, anyOf, opposite, type MatchResult } from '../matching/match-result.ts';
import { isPath, typeOfMember, wholeRecord } from './filter-members.ts';
import type { FilterNode, Literal, Ordering, Search } from './filter-node.ts';

/** What a filter sees of a record. */
export interface FilterView {
  /** A member as answers show it. */
  readonly member: (name: string) => unknown;
  /** Absent: not read yet. */
  readonly text?: RecordText | undefined;
}

export type FilterCheck = (view: FilterView) => MatchResult;

/** Texts are compared as typed filters compare them; an absent value equals null and nothing else. */
export function compileFilter(node: FilterNode): FilterCheck {
  switch (node.op) {
    case 'and': {
      const checks = node.nodes.map(compileFilter);
      return (view) => allOf(resultsOf(checks, view));
    }
    case 'or': {
      const checks = node.nodes.map(compileFilter);
      return (view) => anyOf(resultsOf(checks, view));
    }
    case 'not': {
      const check = compileFilter(node.node);
      return (view) => opposite(check(view));
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

function* resultsOf(checks: readonly FilterCheck[], view: FilterView): Generator<MatchResult> {
  for (const check of checks) yield check(view);
}

/** Undefined stands for an absent value. */
type ValueCheck = (value: unknown) => boolean;

function onValue(member: string, check: ValueCheck): FilterCheck {
  if (!isPath(member)) {
    const isMoment = typeOfMember(member) === 'moment';
    return ({ member: valueOf }) => check(isMoment ? momentOf(valueOf(member)) : valueOf(member));
  }
  const names = member.split('/').slice(1);
  return ({ text }) => (text === undefined ? undefined : check(valueAt(text.parsed(), names)));
}

/** Own members only, and none of arrays. Null is absent. */
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
    const normalise = normaliserOf(member);
    const wanted = normalise(literal.value);
    return (value) => typeof value === 'string' && normalise(value) === wanted;
  }
  const comparable = comparer(literal);
  return (value) => comparable(value) === literal.value;
}

function ordered(member: string, op: Ordering, literal: Literal): ValueCheck {
  if (literal.type === 'text') {
    const normalise = normaliserOf(member);
    const wanted = normalise(literal.value);
    return (value) => typeof value === 'string' && holdsOrder(op, normalise(value), wanted);
  }
  if (literal.type === 'null' || literal.type === 'boolean') return () => false;
  const comparable = comparer(literal);
  return (value) => {
    const number = comparable(value);
    return typeof number === 'number' && holdsOrder(op, number, literal.value);
  };
}

/** A value as the literal's type, for comparing; undefined when it is of another one. */
function comparer({ type }: Literal): (value: unknown) => number | boolean | undefined {
  if (type === 'boolean') return (value) => (typeof value === 'boolean' ? value : undefined);
  // In a record moments are texts.
  if (type === 'moment') return (value) => (typeof value === 'number' ? value : momentOfRecord(value));
  return (value) => (typeof value === 'number' ? value : undefined);
}

/** Times in records are UTC and mostly say no zone. */
function momentOfRecord(value: unknown): number | undefined {
  if (typeof value !== 'string') return undefined;
  const time = Date.parse(/(Z|[+-]\d{2}:?\d{2})$/.test(value) ? value : `${value}Z`);
  return Number.isNaN(time) ? undefined : time;
}

function holdsOrder<T extends number | string>(op: Ordering, value: T, wanted: T): boolean {
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

function search(member: string, op: Search, text: string): FilterCheck {
  const folded = foldCase(text);
  if (member === wholeRecord)
    return (view) => (view.text === undefined ? undefined : holdsText(view.text, { folded }));
  const find = finders[op];
  return onValue(member, (value) => typeof value === 'string' && find(normaliseText(value), folded));
}

const finders: Readonly<Record<Search, (value: string, text: string) => boolean>> = {
  startswith: (value, text) => value.startsWith(text),
  endswith: (value, text) => value.endsWith(text),
  contains: (value, text) => value.includes(text),
};

function normaliserOf(member: string): (value: string) => string {
  if (member === 'siteUrl') return normaliseUrl;
  return member === 'clientIp' ? normaliseAddress : normaliseText;
}

/** Sentences as parts, so that user interfaces can emphasize values and look them up. */
import type { DeliveredName } from '../records/delivered-members.ts';
import { isolated, safeText } from './safe-text.ts';

/** Words of the sentence itself. */
interface Words {
  readonly text: string;
}

/** A value of the record. */
export interface Value {
  /** Safe to show: {@link safeText}. */
  readonly value: string;
  /** The member whose filter finds records with the value; absent if none does. */
  readonly member?: DeliveredName;
  /** The value to look up, if another one is shown. */
  readonly exact?: string;
}

export type Part = Words | Value;
export type Phrase = readonly Part[];

/** In one line, without a period at the end. Values that are read from right to left are isolated. */
export function textOf(parts: Phrase): string {
  return parts.map((part) => ('text' in part ? part.text : isolated(part.value))).join('');
}

/**
 * A phrase of words and values: texts in `${…}` are values, phrases are part of it as they are, and undefined is left
 * out.
 */
export function say(words: readonly string[], ...values: readonly (string | Phrase | undefined)[]): Phrase {
  const parts = words.flatMap((text, index) => [{ text }, ...partsOf(values[index])]);
  return parts.filter((part) => !('text' in part) || part.text !== '');
}

function partsOf(value: string | Phrase | undefined): Phrase {
  if (value === undefined) return [];
  return typeof value === 'string' ? [valuePart(value)] : value;
}

/** Only exact values can be looked up, and a filter has a limit. */
const maxExactLength = 500;

/** A value that can be looked up, `exact` is what to look up if another value is shown. */
export function valuePart(shown: string, member?: DeliveredName, exact = shown): Value {
  const value = safeText(shown);
  if (member === undefined || exact.length > maxExactLength) return { value };
  return exact === value ? { value, member } : { value, member, exact };
}

/** The value in its words, or other words if there is none. */
export function valueOr(value: string | undefined, words: string, member?: DeliveredName): Phrase {
  const isEmpty = value === undefined || safeText(value) === '';
  return isEmpty ? [{ text: words }] : [valuePart(value, member)];
}

/** How many of a list are named. */
const maxListed = 3;

/** `a`, `a and b`, `a, b, and c`, `a, b, c, and 4 more`; undefined for none. */
export function listed(phrases: readonly Phrase[]): Phrase | undefined {
  const rest = phrases.length - maxListed;
  const named = phrases.slice(0, maxListed);
  const all = rest > 0 ? [...named, [{ text: `${rest} more` }]] : named;
  const [last] = all.slice(-1);
  if (last === undefined || all.length < 2) return last;
  const first = all.slice(0, -1).flatMap((phrase, index) => (index === 0 ? phrase : [comma, ...phrase]));
  return [...first, { text: all.length === 2 ? ' and ' : ', and ' }, ...last];
}

const comma = { text: ', ' };

/** The texts as values of a list. */
export function listedValues(values: readonly string[], member?: DeliveredName): Phrase | undefined {
  return listed(values.map((value) => [valuePart(value, member)]));
}

/** The phrase as a sentence: it begins with a capital letter unless it begins with a name, and no two texts follow each other. */
export function asSentence(phrase: Phrase): Phrase {
  const [first, ...rest] = phrase.reduce<Phrase>(withNext, []);
  if (first === undefined || !('text' in first)) return first === undefined ? [] : [first, ...rest];
  return [{ text: `${first.text.slice(0, 1).toUpperCase()}${first.text.slice(1)}` }, ...rest];
}

function withNext(parts: Phrase, next: Part): Phrase {
  const last = parts.at(-1);
  if (last === undefined || !('text' in last) || !('text' in next)) return [...parts, next];
  return [...parts.slice(0, -1), { text: `${last.text}${next.text}` }];
}

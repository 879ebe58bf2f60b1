/** Splits a filter into tokens. */
import { findLostPlus, howToWritePlus } from '../../lost-plus.ts';

/** The filter is invalid at a character, counted from 0. */
export class FilterSyntaxError extends Error {
  override readonly name = 'FilterSyntaxError';
  readonly at: number;
  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

/** Tried in this order: a moment starts like a number. */
const patterns = [
  ['blank', /\s+/y],
  ['open', /\(/y],
  ['close', /\)/y],
  ['comma', /,/y],
  ['text', /'(?:[^']|'')*'/y],
  ['moment', /\d{4}-\d{2}-\d{2}[\dTtZz:.+-]*/y],
  ['number', /-?\d+(?:\.\d+)?(?![\w.])/y],
  /** A name, a keyword, `null`, `true` or `false`; a path has slashes, and quotes around names with other characters. */
  ['word', /[A-Za-z_][\w.@-]*(?:\/(?:[\w.@-]+|'(?:[^']|'')+'))*/y],
] as const;

/** Signs of other languages, and what they are here. */
const operators: ReadonlyMap<string, string> = new Map([
  ...['=', '==', '==='].map((sign) => [sign, 'eq'] as const),
  ...['!=', '<>', '!=='].map((sign) => [sign, 'ne'] as const),
  ['>', 'gt'],
  ['>=', 'ge'],
  ['<', 'lt'],
  ['<=', 'le'],
]);

export interface Token {
  readonly kind: (typeof patterns)[number][0] | 'end';
  /** As written, with its quotes. */
  readonly text: string;
  readonly at: number;
}

/** Takes time in proportion to the length of the text. @throws FilterSyntaxError */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length;) {
    const token = tokenAt(text, at);
    if (token.kind !== 'blank') tokens.push(token);
    at += token.text.length;
  }
  return [...tokens, { kind: 'end', text: '', at: text.length }];
}

function tokenAt(text: string, at: number): Token {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match === null) continue;
    if (kind === 'moment') refuseLostPlus(text, at);
    return { kind, text: match[0], at };
  }
  if (text[at] === '"')
    throw new FilterSyntaxError(at, `texts are in single quotes: 'Ada''s file', not "Ada's file"`);
  const [sign] = /^[=!<>]+/.exec(text.slice(at, at + 20)) ?? [];
  const operator = sign === undefined ? undefined : operators.get(sign);
  if (operator !== undefined) throw new FilterSyntaxError(at, `unexpected '${sign}'; use ${operator}`);
  throw new FilterSyntaxError(at, `unexpected '${text.slice(at, at + 20)}'`);
}

/** @param at where a moment may begin @throws FilterSyntaxError at a blank in the place of the plus of its time zone */
export function refuseLostPlus(text: string, at: number): void {
  const blank = findLostPlus(text, at);
  if (blank !== undefined)
    throw new FilterSyntaxError(blank, `a blank before a time zone: ${howToWritePlus}`);
}

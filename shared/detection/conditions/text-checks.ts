/** Checks of the text of a value. */
import { foldCase } from '../../query/matching/free-text.ts';
import { normalizerOf } from '../../records/member-kinds.ts';
import type { Comparison, TextOp } from './condition.ts';
import type { FieldValue } from './fields.ts';
import { createPattern } from './regex.ts';
import type { ValueCheck } from './value-checks.ts';
import { createWildcard } from './wildcards.ts';

export type TextComparison = Extract<Comparison, { readonly op: TextOp }>;

/** Whether the text of a value fulfills one of the comparison's values. @throws RE2JSException */
export function textCheck({ op, member, values, caseSensitive = false }: TextComparison): ValueCheck {
  const texts = values.map(String);
  if (op === 'equals') return caseSensitive ? exactCheck(texts) : equalityCheck(member, texts);
  if (op === 'regex') return patternCheck(texts, caseSensitive);
  const finds = texts.map((text) => finders[op](caseSensitive ? text : foldCase(text)));
  return (value) => {
    const text = caseSensitive ? value.text : value.folded;
    const trimmed = text.trim();
    // Values are found with their outer blanks, as delivered, and without them, as they are compared.
    return finds.some((find) => find(text) || (trimmed !== text && find(trimmed)));
  };
}

function exactCheck(texts: readonly string[]): ValueCheck {
  const wanted = new Set(texts);
  return ({ text }) => wanted.has(text);
}

function equalityCheck(member: string, texts: readonly string[]): ValueCheck {
  const wanted = new Set(texts.map(normalizerOf(member)));
  return ({ normalized }) => wanted.has(normalized);
}

function patternCheck(texts: readonly string[], caseSensitive: boolean): ValueCheck {
  const patterns = texts.map((text) => createPattern(text, caseSensitive));
  return ({ text }: FieldValue) => patterns.some((matches) => matches(text));
}

type Find = (text: string) => boolean;

const finders: Readonly<Record<Exclude<TextOp, 'equals' | 'regex'>, (wanted: string) => Find>> = {
  contains: (wanted) => (text) => text.includes(wanted),
  startsWith: (wanted) => (text) => text.startsWith(wanted),
  endsWith: (wanted) => (text) => text.endsWith(wanted),
  wildcard: createWildcard,
};

/** Searches the whole text of a record. */
import { parseJson } from '../../json.ts';
import { lazy } from '../../lazy.ts';
import { parseText } from '../../records/delivered-text.ts';
import type { Check, CountComparisons } from './match-result.ts';

/** A record's text in the forms that filters use, each computed when first needed and once a record. */
export interface RecordText {
  /** As delivered, {@link foldCase folded}. */
  readonly folded: () => string;
  /** Names and values, folded, that occur in the JSON only with escapes. */
  readonly unescaped: () => readonly string[];
  /** The parsed record, as far as the text is known; undefined when it is not JSON. */
  readonly parsed: () => unknown;
}

/** Case and Unicode composition make no difference; whitespace does. */
export function foldCase(text: string): string {
  return text.normalize('NFC').toLowerCase().normalize('NFC');
}

/** @param truncated `bytes` is only the beginning of the text */
export function createRecordText(bytes: Buffer, truncated = false): RecordText {
  const json = lazy(() => bytes.toString('utf8'));
  const folded = lazy(() => foldCase(json()));
  const parsed = lazy(() => (truncated ? parseText({ bytes, truncated }) : parseJson(json())));
  return { folded, parsed, unescaped: lazy(() => unescapedIn(json())) };
}

const charactersOfComparison = 1024;

/** How many comparisons it is to compare a text of this many characters once. */
export function comparisonsFor(characters: number): number {
  return 1 + Math.floor(characters / charactersOfComparison);
}

/** Checks whether a record {@link holdsText}; undefined without its text. */
export function freeTextCheck(wanted: string, count: CountComparisons): Check<unknown, RecordText> {
  const folded = foldCase(wanted);
  return (_, text) => {
    if (text === undefined) return undefined;
    count(comparisonsFor(text.folded().length));
    return holdsText(text, folded);
  };
}

/**
 * Whether the record holds the text, without regard to case: in its JSON as delivered, or in any name or value
 * with the escapes of JSON resolved, so that `C:\x` is found where `C:\\x` was delivered.
 * @param wanted {@link foldCase folded}
 */
export function holdsText(text: RecordText, wanted: string): boolean {
  return text.folded().includes(wanted) || text.unescaped().some((one) => one.includes(wanted));
}

/** Only they need a search of their own. Takes time in proportion to the length of the text. */
function unescapedIn(json: string): readonly string[] {
  const texts = new Set(literalsWithEscapes(json).flatMap((literal) => textOf(literal) ?? []));
  return [...texts].map(foldCase);
}

/**
 * The names and values that hold a backslash, in their quotes. Parsing whole records for them would be most of what a
 * search costs. The quote before the first backslash of a literal is the one that it begins with.
 */
function literalsWithEscapes(json: string): readonly string[] {
  const literals: string[] = [];
  for (let at = json.indexOf('\\'); at !== -1;) {
    const end = endOfLiteral(json, at);
    literals.push(json.slice(Math.max(0, json.lastIndexOf('"', at)), end));
    at = json.indexOf('\\', end);
  }
  return literals;
}

/** After the next quote that no backslash precedes; the end of the text if there is none. */
function endOfLiteral(json: string, from: number): number {
  for (let at = from; at < json.length; at++) {
    if (json[at] === '\\') at++;
    else if (json[at] === '"') return at + 1;
  }
  return json.length;
}

/** Undefined when the text is not JSON. */
function textOf(literal: string): string | undefined {
  const text = parseJson(literal);
  return typeof text === 'string' ? text : undefined;
}

/** Searches the whole text of a record. */
import { parseJson } from '../../json.ts';
import { lazy } from '../../lazy.ts';
import type { Check, CountComparisons } from './match-result.ts';

/** A record's text in the forms that filters use, each computed when first needed and once a record. */
export interface RecordText {
  /** As delivered, {@link foldCase folded}. */
  readonly folded: () => string;
  /** Names and values, folded, that occur in the JSON only with escapes. */
  readonly unescaped: () => readonly string[];
  /** The parsed record; undefined when the text is not JSON. */
  readonly parsed: () => unknown;
}

/** Case and Unicode composition make no difference; whitespace does. */
export function foldCase(text: string): string {
  return text.normalize('NFC').toLowerCase().normalize('NFC');
}

export function createRecordText(bytes: Buffer): RecordText {
  const folded = lazy(() => foldCase(bytes.toString('utf8')));
  const parsed = lazy(() => parseJson(bytes.toString('utf8')));
  return { folded, parsed, unescaped: lazy(() => unescapedIn(folded(), parsed)) };
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

/** What occurs literally in the text holds nothing that the text does not hold: only the rest needs its own search. */
function unescapedIn(folded: string, parsed: () => unknown): readonly string[] {
  if (!folded.includes('\\')) return [];
  const texts = new Set<string>();
  collectTexts(parsed(), texts);
  return [...texts].map(foldCase).filter((text) => !folded.includes(text));
}

/** Real records have up to 11 levels. */
const maxDepth = 200;

function collectTexts(value: unknown, texts: Set<string>, depth = 0): void {
  if (typeof value === 'string') texts.add(value);
  if (typeof value !== 'object' || value === null || depth > maxDepth) return;
  for (const [name, member] of Object.entries(value)) {
    texts.add(name);
    collectTexts(member, texts, depth + 1);
  }
}

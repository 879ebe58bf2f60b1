/** Searches the whole text of a record. */
import { parseJson } from '../../json.ts';
import { lazy } from '../../lazy.ts';

/** A record's text in the forms that filters use, each computed when first needed. */
export interface RecordText {
  /** As delivered, {@link foldCase folded}. */
  readonly folded: () => string;
  /** The parsed record; undefined when the text is not JSON. */
  readonly parsed: () => unknown;
}

/** Case and Unicode composition make no difference; whitespace does. */
export function foldCase(text: string): string {
  return text.normalize('NFC').toLowerCase().normalize('NFC');
}

export function createRecordText(bytes: Buffer): RecordText {
  return {
    folded: lazy(() => foldCase(bytes.toString('utf8'))),
    parsed: lazy(() => parseJson(bytes.toString('utf8'))),
  };
}

/**
 * Whether the record holds the text, without regard to case: in its JSON as delivered, or in any name or value
 * with the escapes of JSON resolved, so that `C:\x` is found where `C:\\x` was delivered.
 * @param wanted {@link foldCase folded}
 */
export function holdsText(text: RecordText, wanted: string): boolean {
  const folded = text.folded();
  if (folded.includes(wanted)) return true;
  // Without escapes every name and value appears literally in the text.
  return folded.includes('\\') && someText(text.parsed(), (one) => foldCase(one).includes(wanted));
}

/** Real records have up to 11 levels. */
const maxDepth = 200;

function someText(value: unknown, holds: (text: string) => boolean, depth = 0): boolean {
  if (typeof value === 'string') return holds(value);
  if (typeof value !== 'object' || value === null || depth > maxDepth) return false;
  return Object.entries(value).some(([name, member]) => holds(name) || someText(member, holds, depth + 1));
}

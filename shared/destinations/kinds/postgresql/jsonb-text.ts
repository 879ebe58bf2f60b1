/** Which texts of records a column of type jsonb can hold. */
import { parseJson } from '../../../json.ts';
import { withoutUnstorable } from '../relational/columns.ts';
import { isDeeper, withoutTexts } from '../relational/json-depth.ts';

/** What two columns hold of a text: one of them, and never both. */
export interface StoredText {
  /** Whether jsonb can hold it. */
  readonly isJson: boolean;
  /** Without NUL and half surrogate pairs, which no column can hold. */
  readonly text: string;
}

/**
 * The text as the database can hold it. Never throws. Not JSON for jsonb are: the beginning of a longer text, any text
 * that is not JSON, and JSON with what PostgreSQL refuses although the standard allows it. One such text would make the
 * database refuse all that is sent with it.
 * @see https://www.postgresql.org/docs/current/datatype-json.html
 */
export function storedText(bytes: Buffer, truncated: boolean): StoredText {
  const text = bytes.toString('utf8');
  const isJson = !truncated && isHeldByJsonb(text);
  return { isJson, text: isJson ? text : withoutUnstorable(text) };
}

function isHeldByJsonb(text: string): boolean {
  if (parseJson(text) === undefined) return false;
  return !isDeeper(text, maxDepth) && !hasUnstorableEscape(text) && !hasExtremeNumber(text);
}

const [first, second] = [String.raw`\\ud[89ab][0-9a-f]{2}`, String.raw`\\ud[c-f][0-9a-f]{2}`];

/** Escapes that jsonb refuses: of NUL, and of half a pair. */
const unstorableEscape = new RegExp(`\\\\u0000|${first}(?!${second})|(?<!${first})${second}`, 'i');

/**
 * Of the text, and not of its value: jsonb also reads members that a later one of the same name replaces. Escapes of
 * backslashes make way first, so that what follows them is not taken for an escape.
 */
function hasUnstorableEscape(text: string): boolean {
  return unstorableEscape.test(text) && unstorableEscape.test(text.replaceAll('\\\\', '  '));
}

const suspiciousNumber = /\d[eE][+-]?\d{3}|\d{300}/;

/** Numbers that some version of PostgreSQL may refuse: its limit is at 131,072 digits, of whichever notation. */
function hasExtremeNumber(text: string): boolean {
  return suspiciousNumber.test(text) && suspiciousNumber.test(withoutTexts(text));
}

/** Far below what the database's stack holds by default, and far above any record. */
const maxDepth = 500;

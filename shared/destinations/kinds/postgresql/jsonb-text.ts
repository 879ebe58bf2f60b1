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
  const value = parseJson(text);
  if (value === undefined) return false;
  // Deep values are found first: writing one would exceed the stack.
  return !isDeeper(text, maxDepth) && !hasUnstorableEscape(text, value) && !hasExtremeNumber(text);
}

/** Of an escape that jsonb refuses. Most texts have none, and are not parsed further. */
const suspiciousEscape = /\\u(?:0000|d[89a-f])/i;

/** In what `JSON.stringify` writes, only half pairs are escaped, and backslashes are two. */
function hasUnstorableEscape(text: string, value: unknown): boolean {
  return suspiciousEscape.test(text) && suspiciousEscape.test(JSON.stringify(value).replaceAll('\\\\', ''));
}

const suspiciousNumber = /\d[eE][+-]?\d{3}|\d{300}/;

/** Numbers that some version of PostgreSQL may refuse: its limit is at 131,072 digits, of whichever notation. */
function hasExtremeNumber(text: string): boolean {
  return suspiciousNumber.test(text) && suspiciousNumber.test(withoutTexts(text));
}

/** Far below what the database's stack holds by default, and far above any record. */
const maxDepth = 500;

/** Lines of CSV as in RFC 4180, in which no cell is a formula, whichever list separator a spreadsheet expects. */
import { stringify } from 'csv-stringify/sync';
import { parseJson } from '../json.ts';

export type Cell = string | number | undefined;

/** What begins a formula, with the full-width forms. */
const signs = '=+\\-@＝＋－＠';

/**
 * What can be between the beginning of a cell and the sign of its formula; and the separators by which a spreadsheet
 * splits a line elsewhere, also inside quotes: in many regions the semicolon, on import the tab. One maximal run at a
 * time, so that the time is linear in the text.
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
const run = new RegExp(`[;\\s\\p{C}"'\`]+([${signs}]?)`, 'gu');
const startsAsFormula = new RegExp(`^[${signs}]`, 'u');
const separator = /[;\t\r\n]/g;
/** A spreadsheet may drop these at the start of a cell. */
const lineEndOrTab = /[\t\r\n]/;

/**
 * A text that a spreadsheet shows unchanged: what would be a formula, at the start or after a semicolon, a tab, or a line
 * end, gets an apostrophe before it. To restore the original, remove the apostrophe after each of these places, wherever
 * only whitespace, quotes, invisible characters, and separators follow before the sign.
 */
export function neutralized(text: string): string {
  const start = startsAsFormula.test(text) ? "'" : '';
  return start + text.replaceAll(run, (all: string, sign: string, at: number) => safeRun(all, sign, at));
}

function safeRun(all: string, sign: string, at: number): string {
  const isFormula = sign !== '';
  const before = isFormula ? all.replaceAll(separator, "$&'") : all;
  const isStart = at === 0 && (isFormula || startsWithLineEnd(all));
  return isStart ? `'${before}` : before;
}

/** Or has only quotes and invisible characters before one. */
function startsWithLineEnd(all: string): boolean {
  return lineEndOrTab.test(all.split(';')[0] ?? '');
}

/**
 * A string with the whitespace before it, or other whitespace, so that every part of a text is in one match at most.
 * Without groups: Node 20 passes those that did not match with what they held at an earlier match.
 */
const jsonStrings = /\s*"[^"\\]*(?:\\.[^"\\]*)*"|\s+/gsu;
const runInString = new RegExp(`(^[;\\s\\p{C}'\`]*|[;\\s\\p{C}'\`]+)([${signs}]?)`, 'gu');

/** JSON with the same meaning, in which signs of formulas are escaped; a text that is not JSON is {@link neutralized}. */
export function neutralizedJson(text: string): string {
  const plain = neutralized(text);
  if (plain === text || parseJson(text) === undefined) return plain;
  const escaped = text.replaceAll(jsonStrings, escapedToken);
  return lineEndOrTab.test(text.charAt(0)) ? `'${escaped}` : escaped;
}

function escapedToken(token: string): string {
  const start = token.indexOf('"') + 1;
  if (start === 0) return token;
  const isStart = lineEndOrTab.test(token.slice(0, start));
  return `${token.slice(0, start)}${escapedString(token.slice(start, -1), isStart)}"`;
}

/** @param isStart the string begins a line of the file, or follows a tab */
function escapedString(inside: string, isStart: boolean): string {
  return inside.replaceAll(runInString, (all: string, between: string, sign: string, at: number) => {
    const isFormula = sign !== '' && (between.includes(';') || (at === 0 && isStart));
    return isFormula ? between + escapeOf(sign) : all;
  });
}

function escapeOf(sign: string): string {
  return `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

/** Content of a cell that is safe already. */
interface SafeText {
  readonly safe: string;
}

/** One line with its line end. Numbers stay unchanged: they are not formulas. */
export function csvLine(cells: readonly (Cell | SafeText)[]): string {
  const safe = cells.map(safeCell);
  // By default the library does not quote a single line feed if lines end with CRLF.
  return stringify([safe], { record_delimiter: 'windows', quoted_match: /[\r\n]/ });
}

function safeCell(cell: Cell | SafeText): string | number | undefined {
  if (typeof cell === 'object') return cell.safe;
  return typeof cell === 'string' ? neutralized(cell) : cell;
}

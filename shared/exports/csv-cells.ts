/** Lines of CSV as in RFC 4180, in which no cell is a formula. */
import { stringify } from 'csv-stringify/sync';

export type Cell = string | number | undefined;

/**
 * What a spreadsheet would evaluate: it starts with = + - @ (or their full-width forms), a tab or a line end, or has
 * only whitespace, quotes and invisible characters before one of them.
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
const formula = /^[\s\p{C}"'`]*[=+\-@＝＋－＠\t\r\n]/u;

/**
 * A text that a spreadsheet shows unchanged: what would be a formula is prefixed with an apostrophe. To restore the
 * original, remove that apostrophe: no other text starts with an apostrophe and a formula.
 */
export function neutralized(text: string): string {
  return formula.test(text) ? `'${text}` : text;
}

/** One line with its line end. Numbers stay unchanged: they are not formulas. */
export function csvLine(cells: readonly Cell[]): string {
  const safe = cells.map((cell) => (typeof cell === 'string' ? neutralized(cell) : cell));
  // By default the library does not quote a single line feed if lines end with CRLF.
  return stringify([safe], { record_delimiter: 'windows', quoted_match: /[\r\n]/ });
}

/** Lines of CSV as RFC 4180 has them, in which no cell is a formula. */
import { stringify } from 'csv-stringify/sync';

export type Cell = string | number | undefined;

/**
 * What a spreadsheet would calculate: it begins with = + - @ (or their full-width forms), a tab or a line end, or has
 * only blanks, quotes and invisible characters before one of them.
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
const formula = /^[\s\p{C}"'`]*[=+\-@＝＋－＠\t\r\n]/u;

/**
 * A text that a spreadsheet shows as it is; what would be a formula gets an apostrophe in front. Whoever needs the
 * text as it was takes that apostrophe away again: no other text begins so.
 */
export function neutralised(text: string): string {
  return formula.test(text) ? `'${text}` : text;
}

/** One line with its line end. Numbers are left as they are: they calculate nothing. */
export function csvLine(cells: readonly Cell[]): string {
  const safe = cells.map((cell) => (typeof cell === 'string' ? neutralised(cell) : cell));
  // Without being told, the library leaves a lone line feed bare where lines end in two characters.
  return stringify([safe], { record_delimiter: 'windows', quoted_match: /[\r\n]/ });
}

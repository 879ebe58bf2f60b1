/** Regular expressions of users: by RE2, which takes time in proportion to the text, whatever the expression. */
import { RE2JS } from 're2js';

/** Longer values are searched up to here: an expression takes microseconds for each character. */
const maxSearchedLength = 20_000;

/**
 * Finds the expression anywhere in a text.
 * @throws RE2JSException for a text that RE2 does not read: it has no back references and no look-around
 */
export function createPattern(expression: string, caseSensitive: boolean): (text: string) => boolean {
  const compiled = RE2JS.compile(expression, caseSensitive ? 0 : RE2JS.CASE_INSENSITIVE);
  return (text) => compiled.test(text.slice(0, maxSearchedLength));
}

/** How many instructions the expression is: at worst, each is run at each character. 0 for a text that RE2 does not read. */
export function sizeOfPattern(expression: string): number {
  try {
    return RE2JS.compile(expression).programSize();
  } catch {
    return 0;
  }
}

/** Text that is safe to show on a terminal: no control characters, no hidden or reversed text. */
import Table from 'cli-table3';

/**
 * Control and format characters, separators of lines and paragraphs, and lone surrogates: with any of them a name
 * could move the cursor, hide itself or read backwards.
 * @see https://www.unicode.org/reports/tr44/#General_Category_Values
 */
const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** As many words as fit into 72 characters, or one that does not: an address that is cut cannot be copied. */
const fullLines = /[^ ].{0,71}(?= |$)|[^ ]+/gu;

/** One line without anything that a terminal would act on. */
export function toSafeLine(text: string): string {
  return text.replaceAll(/[\t\r\n\p{Zl}\p{Zp}]+/gu, ' ').replaceAll(unsafe, '');
}

/** As {@link toSafeLine}, with its line breaks. */
export function toSafeLines(text: string): readonly string[] {
  return text.split(/\r?\n/).map(toSafeLine);
}

/** JSON of the same value without any character that a terminal would act on. */
export function toSafeJson(value: unknown): string {
  const text = JSON.stringify(value, undefined, 2);
  return text.replaceAll(unsafe, (character) => (character === '\n' ? character : escape(character)));
}

function escape(character: string): string {
  const units = character.split('').map((unit) => unit.charCodeAt(0).toString(16));
  return units.map((unit) => `\\u${unit.padStart(4, '0')}`).join('');
}

/** E.g. `1 change`, `2 changes`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A cell, line by line. */
type Cell = string | readonly string[];

/** A table whose cells are made safe, and wrapped where they are long. */
export function drawTable(
  head: readonly string[],
  rows: readonly (readonly Cell[])[],
  colAligns: ('left' | 'right')[] = [],
): string {
  const table = new Table({ head: [...head], colAligns, style: { head: [], border: [], compact: true } });
  table.push(...rows.map((cells) => cells.map(layOut)));
  return table.toString();
}

function layOut(cell: Cell): string {
  const lines = typeof cell === 'string' ? [cell] : cell;
  return lines.flatMap((line) => toSafeLine(line).match(fullLines) ?? ['']).join('\n');
}

/** Which rows of a table a document has. */
import { cutText } from './cut-text.ts';
import type { Cell } from './document.ts';

/** Code units of the texts of a table: one tenant of many must not fill the memory of the forms. */
const maxTableCharacters = 1024 * 1024;

/** The first ones, at most so many and a megabyte of text, with their texts cut. The same again changes nothing. */
export function boundedRows(rows: readonly (readonly Cell[])[], most: number): readonly (readonly Cell[])[] {
  const bounded: (readonly Cell[])[] = [];
  let characters = 0;
  for (const row of rows.slice(0, most)) {
    const cut = row.map((cell) => (typeof cell === 'string' ? cutText(cell) : cell));
    characters += cut.reduce<number>((sum, cell) => sum + String(cell ?? '').length, 0);
    if (characters > maxTableCharacters) break;
    bounded.push(cut);
  }
  return bounded;
}

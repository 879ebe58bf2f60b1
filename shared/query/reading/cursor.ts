/** Where reading one stream continues on the next page. */
import type { Month } from '../../index/keys.ts';

/**
 * `past`: after this position, or after all records newer than this inverted time;
 * otherwise a month and storage's continuation token within it, empty for the start of the month.
 */
export type Cursor = { readonly past: string } | { readonly month: Month; readonly token: string };

/** The cursor of a stream that has been read to its end. */
export const exhausted: Cursor = { month: '000000', token: '' };

/** Cursors by stream name. */
export type Cursors = Readonly<Record<string, Cursor>>;

/** Sorts before this position and after all others before it: ids end with a hexadecimal digit. */
export function positionAfterAllBefore(position: string): string {
  const last = position.charCodeAt(position.length - 1);
  return `${position.slice(0, -1)}${String.fromCharCode(last - 1)}~`;
}

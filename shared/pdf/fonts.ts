/** The fonts of documents: three of those that every reader has, so that none is embedded. */
import { bytesOf } from './characters.ts';

export const fonts = { text: 'Helvetica', bold: 'Helvetica-Bold', code: 'Courier' } as const;
export const fontNames = ['text', 'bold', 'code'] as const satisfies readonly (keyof typeof fonts)[];
export type Font = (typeof fontNames)[number];

/** Advances of Helvetica for the bytes from 0x20, in thousandths of the size, as Adobe published them. */
const helvetica = (
  '278 278 355 556 556 889 667 191 333 333 389 584 278 333 278 278 556 556 556 556 556 556 556 556 556 556 278 278 584 584 584 556 ' +
  '1015 667 667 722 722 667 611 778 722 278 500 667 556 833 722 778 667 778 722 667 611 722 667 944 667 667 611 278 278 278 469 556 ' +
  '333 556 556 500 556 556 278 556 556 222 222 500 222 833 556 556 556 556 333 500 278 556 500 722 500 500 500 334 260 334 584 556 ' +
  '556 556 222 556 333 1000 556 556 333 1000 667 333 1000 556 611 556 556 222 222 333 333 350 556 1000 333 1000 500 333 944 556 500 500 ' +
  '278 333 556 556 556 556 260 556 333 737 370 556 584 333 737 333 400 584 333 333 333 556 537 278 333 333 365 556 834 834 834 611 ' +
  '667 667 667 667 667 667 1000 722 667 667 667 667 278 278 278 278 722 722 778 778 778 778 778 584 778 722 722 722 722 667 667 611 ' +
  '556 556 556 556 556 556 889 500 556 556 556 556 278 278 278 278 556 556 556 556 556 556 556 584 611 556 556 556 556 500 556 500'
)
  .split(' ')
  .map(Number);

/** Helvetica-Bold is nowhere wider than this, compared with Helvetica, in words. */
const boldFactor = 1.12;

const advances: Readonly<Record<Font, (byte: number) => number>> = {
  text: (byte) => helvetica[byte - 0x20] ?? 0,
  bold: (byte) => (helvetica[byte - 0x20] ?? 0) * boldFactor,
  code: () => 600,
};

/** How a text is set. */
export interface Style {
  readonly font: Font;
  /** In points. */
  readonly size: number;
}

/**
 * The text in lines of at most this width. A line ends after a space where it can, and anywhere in a longer word; nothing is
 * added or left out, so the lines joined are the text.
 * @param text made by shownText
 */
export function wrap(text: string, width: number, { font, size }: Style): readonly string[] {
  const characters = Array.from(text);
  const bytes = bytesOf(text);
  const lines: string[] = [];
  let [start, wordStart, used] = [0, 0, 0];
  for (const [at, byte] of bytes.entries()) {
    const advance = (advances[font](byte) * size) / 1000;
    if (used + advance > width && at > start) {
      const end = wordStart > start ? wordStart : at;
      lines.push(characters.slice(start, end).join(''));
      used = widthOf(bytes.slice(end, at), { font, size });
      start = end;
    }
    used += advance;
    if (characters[at] === ' ') wordStart = at + 1;
  }
  return [...lines, characters.slice(start).join('')];
}

/** In points. */
function widthOf(bytes: readonly number[], { font, size }: Style): number {
  return bytes.reduce((sum, byte) => sum + (advances[font](byte) * size) / 1000, 0);
}

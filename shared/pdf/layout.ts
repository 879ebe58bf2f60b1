/** Places blocks of text on pages, from top to bottom. */
import { shownText } from './characters.ts';
import { wrap, type Style } from './fonts.ts';

/** What a document has, in its order. */
export type Block =
  { readonly kind: 'title' | 'heading' | 'paragraph' | 'code'; readonly text: string } | Row;

/** A value with its name before it and words about it after it. */
interface Row {
  readonly kind: 'row';
  readonly label: string;
  readonly value: string;
  readonly note?: string;
  /** How many characters of the value are shown, in place of {@link maxCharacters}. */
  readonly limit?: number;
}

/** A text on a page; its left end on the base line is at x and y, in points from the lower left corner. */
export interface Placed extends Style {
  readonly x: number;
  readonly y: number;
  readonly text: string;
}

/** What A4 and Letter have in common: printed on either, nothing is cut off or scaled. */
export const pageSize = { width: 595, height: 792 } as const;
const margin = 54;
const innerWidth = pageSize.width - 2 * margin;
const [top, bottom] = [pageSize.height - margin, margin + 18];

const styles = {
  title: { font: 'bold', size: 16 },
  heading: { font: 'bold', size: 11 },
  paragraph: { font: 'text', size: 9 },
  code: { font: 'code', size: 8 },
  label: { font: 'text', size: 8 },
  value: { font: 'code', size: 8 },
  note: { font: 'text', size: 8 },
} as const satisfies Readonly<Record<string, Style>>;

/** Where the columns of rows begin. A hash in the second fits on one line, also next to a label. */
const columns = { label: 0, value: 140, note: 240 } as const;

/** A text of any length is shown up to here, so that a document has a bounded number of pages. */
const maxCharacters = 600;

interface Line {
  readonly height: number;
  readonly texts: readonly (Style & { readonly x: number; readonly text: string })[];
  /** At the end of a page it goes to the next. */
  readonly needs?: number;
}

/** The texts of each page, with a footer that counts them. */
export function layOut(blocks: readonly Block[], footer: string): readonly (readonly Placed[])[] {
  const pages: Placed[][] = [[]];
  let y = top;
  for (const { height, texts, needs = height } of blocks.flatMap(linesOf)) {
    if (y - needs < bottom) {
      pages.push([]);
      y = top;
    }
    y -= height;
    pages.at(-1)?.push(...texts.map(({ x, ...text }) => ({ ...text, x: margin + x, y })));
  }
  return pages.map((page, at) => [...page, ...footerOf(footer, `Page ${at + 1} of ${pages.length}`)]);
}

function linesOf(block: Block): readonly Line[] {
  if (block.kind === 'row') return rowLines(block);
  const style = styles[block.kind];
  const lines = linesIn(block.text, { width: innerWidth }, style).map((text) => ({
    height: style.size * 1.3,
    texts: [{ ...style, x: 0, text }],
  }));
  // A heading stays with what follows it.
  return [{ height: style.size * 0.6, texts: [], needs: block.kind === 'heading' ? 72 : 24 }, ...lines];
}

function rowLines({ label, value, note, limit }: Row): readonly Line[] {
  const end = note === undefined ? innerWidth : columns.note - 8;
  const cells = [
    { x: columns.label, style: styles.label, text: label, width: columns.value - 8 },
    { x: columns.value, style: styles.value, text: value, width: end - columns.value, limit },
    { x: columns.note, style: styles.note, text: note ?? '', width: innerWidth - columns.note },
  ].map(({ x, style, text, ...room }) => ({ ...style, x, lines: linesIn(text, room, style) }));
  const count = Math.max(...cells.map(({ lines }) => lines.length));
  return Array.from({ length: count }, (_, at) => ({
    height: 10.5,
    texts: cells.flatMap(({ lines, ...cell }) => {
      const text = lines[at] ?? '';
      return text === '' ? [] : [{ ...cell, text }];
    }),
  }));
}

interface Room {
  readonly width: number;
  readonly limit?: number | undefined;
}

function linesIn(text: string, { width, limit = maxCharacters }: Room, style: Style): readonly string[] {
  return wrap(shownText(text, limit), width, style);
}

function footerOf(text: string, page: string): readonly Placed[] {
  const [shown = ''] = linesIn(text, { width: innerWidth - 80 }, styles.note);
  const y = margin - 6;
  return [
    { ...styles.note, x: margin, y, text: shown },
    { ...styles.note, x: pageSize.width - margin - 70, y, text: page },
  ];
}

/** Draws a card as Power Automate would show it, in plain SVG: the same card gives the same bytes. */
import type { Card, CardField } from './card.ts';

const width = 560;
const margin = 16;
const headHeight = 44;
const rowHeight = 34;
const labelWidth = 150;
/** Fields that are drawn; the others are named below. */
const mostFields = 8;
/** The connector's own color, as in its properties. */
const brand = '#1f4e5f';
const ink = '#323130';
const faint = '#605e5c';
const line = '#c8c6c4';

/** Characters that fit, at 11 and 12 pixels of a font without serifs. */
const hintLength = 56;
const noteLength = 88;

export function drawCard(card: Card): string {
  const { fields, description } = card;
  const [shown, rest] = [fields.slice(0, mostFields), fields.slice(mostFields)];
  const others = rest.length === 0 ? [] : wrapped(`Also: ${rest.map(({ label }) => label).join(', ')}`);
  const below = [...wrapped(description), ...others];
  const fieldsTop = headHeight + 12;
  const notesTop = fieldsTop + shown.length * rowHeight + 16;
  const height = notesTop + below.length * 16 + 4;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" font-family="'Segoe UI', Arial, sans-serif">`,
    `  <title>${escaped(card.title)}</title>`,
    `  <rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="4" fill="#ffffff" stroke="${line}"/>`,
    ...headOf(card),
    ...shown.flatMap((field, at) => rowOf(field, fieldsTop + at * rowHeight)),
    ...below.map((text, at) => textAt({ x: margin, y: notesTop + at * 16, size: 11, fill: faint }, text)),
    '</svg>',
    '',
  ].join('\n');
}

function headOf({ title, isTrigger }: Card): readonly string[] {
  const kind = isTrigger ? 'Trigger' : 'Action';
  return [
    `  <path d="M0 4a4 4 0 0 1 4-4h${width - 8}a4 4 0 0 1 4 4v${headHeight - 4}H0z" fill="${brand}"/>`,
    textAt({ x: margin, y: 28, size: 15, fill: '#ffffff', weight: 600 }, title),
    textAt({ x: width - margin, y: 28, size: 11, fill: '#ffffff', anchor: 'end' }, kind),
  ];
}

function rowOf({ label, isRequired, isList, hint }: CardField, top: number): readonly string[] {
  const left = margin + labelWidth;
  const boxWidth = width - margin - left;
  const star = isRequired ? '<tspan fill="#a4262c"> *</tspan>' : '';
  return [
    `  <text x="${margin}" y="${top + 18}" font-size="12" fill="${ink}">${escaped(label)}${star}</text>`,
    `  <rect x="${left + 0.5}" y="${top + 0.5}" width="${boxWidth}" height="26" rx="2" fill="#ffffff" stroke="${line}"/>`,
    textAt({ x: left + 8, y: top + 18, size: 11, fill: faint }, shortened(hint)),
    ...(isList
      ? [
          `  <path d="M${width - margin - 20} ${top + 11}l5 5 5-5" fill="none" stroke="${faint}" stroke-width="1.5"/>`,
        ]
      : []),
  ];
}

interface TextStyle {
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly fill: string;
  readonly weight?: number;
  readonly anchor?: 'end';
}

function textAt({ x, y, size, fill, weight, anchor }: TextStyle, text: string): string {
  const style = [
    ...(weight === undefined ? [] : [` font-weight="${weight}"`]),
    ...(anchor === undefined ? [] : [` text-anchor="${anchor}"`]),
  ].join('');
  return `  <text x="${x}" y="${y}" font-size="${size}" fill="${fill}"${style}>${escaped(text)}</text>`;
}

function shortened(text: string): string {
  return text.length <= hintLength ? text : `${text.slice(0, hintLength).replace(/\s+\S*$/, '')} …`;
}

/** Lines of whole words. */
function wrapped(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= noteLength)
      lines.splice(-1, 1, `${last} ${word}`);
    else lines.push(word);
  }
  return lines;
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

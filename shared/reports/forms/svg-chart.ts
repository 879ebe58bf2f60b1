/** Charts as pictures within a page: no script draws them, and their colors are those of its style. */
import type { Chart } from '../document.ts';
import { plainText } from './html-text.ts';

const box = { width: 720, height: 240, left: 64, right: 8, top: 8, bottom: 28 } as const;
const inner = {
  width: box.width - box.left - box.right,
  height: box.height - box.top - box.bottom,
} as const;
const maxLabels = 8;
const labelCharacters = 14;
/** Of a value of x where a pointer rests: it is there for each series. */
const tipCharacters = 80;

/** A chart with a number for each value of x; numbers that a series lacks count as 0. */
export function svgChart(chart: Chart): string {
  const top = niceTop(greatestOf(chart));
  const drawn = chart.kind === 'lines' ? linesOf(chart, top) : barsOf(chart, top);
  return [
    `<svg viewBox="0 0 ${box.width} ${box.height}" role="img" aria-label="${plainText(chart.title)}">`,
    ...gridOf(top),
    ...drawn,
    ...labelsOf(chart),
    '</svg>',
  ].join('');
}

function greatestOf({ kind, x, series }: Chart): number {
  const sums = x.values.map((_, at) => {
    const values = series.map(({ values: own }) => own[at] ?? 0);
    return kind === 'stackedBars' ? values.reduce((sum, value) => sum + value, 0) : Math.max(0, ...values);
  });
  return sums.reduce((most, value) => Math.max(most, value), 0);
}

/** A round number that is at least as great: 1, 2, or 5 with zeros. */
function niceTop(greatest: number): number {
  if (greatest <= 5) return 5;
  const power = 10 ** Math.floor(Math.log10(greatest));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= greatest) ?? 10);
}

const yOf = (value: number, top: number) => round(box.top + inner.height * (1 - value / top));

function gridOf(top: number): readonly string[] {
  return [0, 0.5, 1].map((share) => {
    const y = yOf(share * top, top);
    const label = `<text class="axis" text-anchor="end" x="${box.left - 6}" y="${y + 4}">${shownNumber(share * top)}</text>`;
    return `<line class="grid" x1="${box.left}" x2="${box.width - box.right}" y1="${y}" y2="${y}"/>${label}`;
  });
}

function shownNumber(value: number): string {
  return value.toLocaleString('en-US', { maximumFractionDigits: 1 });
}

function barsOf({ kind, x, series }: Chart, top: number): readonly string[] {
  const slot = inner.width / Math.max(1, x.values.length);
  const isStacked = kind === 'stackedBars';
  const width = (slot * 0.8) / (isStacked ? 1 : Math.max(1, series.length));
  return x.values.flatMap((label, at) => {
    let below = 0;
    return series.map(({ title, values }, place) => {
      const value = values[at] ?? 0;
      const from = isStacked ? below : 0;
      below += value;
      const left = round(box.left + slot * (at + 0.1) + (isStacked ? 0 : place * width));
      const y = yOf(from + value, top);
      const height = round(yOf(from, top) - y);
      const tip = `<title>${plainText(`${shortened(label, tipCharacters)}, ${title}: ${shownNumber(value)}`)}</title>`;
      return `<rect class="s${place}" x="${left}" y="${y}" width="${round(width)}" height="${height}">${tip}</rect>`;
    });
  });
}

function linesOf({ x, series }: Chart, top: number): readonly string[] {
  const slot = inner.width / Math.max(1, x.values.length);
  return series.map(({ title, values }, place) => {
    const points = x.values.map((_, at) => {
      return `${round(box.left + slot * (at + 0.5))},${yOf(values[at] ?? 0, top)}`;
    });
    return `<polyline class="l${place}" points="${points.join(' ')}"><title>${plainText(title)}</title></polyline>`;
  });
}

/** Some of them, at equal distances. */
function labelsOf({ x: { values } }: Chart): readonly string[] {
  const slot = inner.width / Math.max(1, values.length);
  const step = Math.max(1, Math.ceil(values.length / maxLabels));
  return values.flatMap((value, at) => {
    if (at % step !== 0) return [];
    const place = round(box.left + slot * (at + 0.5));
    return `<text class="axis" text-anchor="middle" x="${place}" y="${box.height - 8}">${plainText(shortened(value, labelCharacters))}</text>`;
  });
}

function shortened(text: string, most: number): string {
  const characters = Array.from(text);
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Where the bars, lines, and labels of a chart are. */
import type { ReportContent } from '../../shared/api/schemas/reports.ts';

export type ChartContent = ReportContent['tenants'][number]['sections'][number]['charts'][number];

/** In units of the picture, whatever its size is. */
export const box = { width: 760, height: 240, left: 56, right: 8, top: 12, bottom: 30 } as const;
const inner = {
  width: box.width - box.left - box.right,
  height: box.height - box.top - box.bottom,
} as const;
const maxLabels = 8;

export interface Bar {
  /** Place of its series. */
  readonly series: number;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Round, and at least as great as anything in the chart. */
export function topOf({ kind, x, series }: ChartContent): number {
  const sums = x.values.map((_, at) => {
    const values = series.map(({ values: own }) => own[at] ?? 0);
    return kind === 'stackedBars' ? values.reduce((sum, value) => sum + value, 0) : Math.max(0, ...values);
  });
  return rounded(sums.reduce((most, value) => Math.max(most, value), 0));
}

/** 1, 2, or 5 with zeros. */
function rounded(greatest: number): number {
  if (greatest <= 5) return 5;
  const power = 10 ** Math.floor(Math.log10(greatest));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= greatest) ?? 10);
}

export function yOf(value: number, top: number): number {
  return round(box.top + inner.height * (1 - value / top));
}

/** Of all series; numbers that a series lacks count as 0. */
export function barsOf({ kind, x, series }: ChartContent, top: number): readonly Bar[] {
  const slot = inner.width / Math.max(1, x.values.length);
  const isStacked = kind === 'stackedBars';
  const width = (slot * 0.8) / (isStacked ? 1 : Math.max(1, series.length));
  return x.values.flatMap((_, at) =>
    series.map(({ values }, place): Bar => {
      const value = values[at] ?? 0;
      const below = isStacked
        ? series.slice(0, place).reduce((sum, { values: own }) => sum + (own[at] ?? 0), 0)
        : 0;
      const left = box.left + slot * (at + 0.1) + (isStacked ? 0 : place * width);
      const y = yOf(below + value, top);
      return { series: place, x: round(left), y, width: round(width), height: round(yOf(below, top) - y) };
    }),
  );
}

/** The points of each series, as `polyline` takes them. */
export function linesOf({ x, series }: ChartContent, top: number): readonly string[] {
  const slot = inner.width / Math.max(1, x.values.length);
  return series.map(({ values }) =>
    x.values.map((_, at) => `${round(box.left + slot * (at + 0.5))},${yOf(values[at] ?? 0, top)}`).join(' '),
  );
}

/** Some of the values of x, at equal distances. */
export function labelsOf({ x: { values } }: ChartContent): readonly {
  readonly x: number;
  readonly text: string;
}[] {
  const slot = inner.width / Math.max(1, values.length);
  const step = Math.max(1, Math.ceil(values.length / maxLabels));
  return values.flatMap((text, at) =>
    at % step === 0 ? [{ x: round(box.left + slot * (at + 0.5)), text }] : [],
  );
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** How often who did what, and on which days. */
import type { Cell, Chart, Section, TableHead } from '../../document.ts';
import { pointsOf } from '../../chart-points.ts';
import { personOf, type Collected } from './collected.ts';

export const countsTable: TableHead = {
  name: 'counts',
  title: 'What was done, by person',
  columns: [
    { name: 'person', title: 'Person', kind: 'person' },
    { name: 'operation', title: 'Operation', kind: 'text' },
    { name: 'act', title: 'Kind of act', kind: 'text' },
    { name: 'records', title: 'Records', kind: 'count' },
    { name: 'dangerous', title: 'Dangerous', kind: 'count' },
    { name: 'first', title: 'First', kind: 'moment' },
    { name: 'last', title: 'Last', kind: 'moment' },
  ],
};

export function countsSection({ tallied, principals }: Collected): Section {
  const rows = tallied.counts.map(([, count]): readonly Cell[] => [
    personOf(principals, count.key),
    count.operation,
    count.act,
    count.records,
    count.high,
    new Date(count.first).toISOString(),
    new Date(count.last).toISOString(),
  ]);
  const { uncounted } = tallied;
  return {
    name: 'counts',
    title: 'Everything that was done, by person',
    paragraphs:
      uncounted === 0
        ? []
        : [`${uncounted} further records are of operations beyond those that can be counted.`],
    tables: [{ ...countsTable, rows: rows.toSorted(byPersonAndCount), omitted: 0 }],
    charts: [],
  };
}

function byPersonAndCount(a: readonly Cell[], b: readonly Cell[]): number {
  return compare(a[0], b[0]) || compare(b[3], a[3]) || compare(a[1], b[1]) || compare(a[2], b[2]);
}

function compare(a: Cell | undefined, b: Cell | undefined): number {
  if (a === b) return 0;
  return (a ?? '') < (b ?? '') ? -1 : 1;
}

export function perDaySection(collected: Collected): Section {
  const chart = chartOf(collected);
  return {
    name: 'perDay',
    title: 'Records per day',
    paragraphs: [],
    tables: [],
    charts: chart === undefined ? [] : [chart],
  };
}

function chartOf({ range, tallied }: Collected): Chart | undefined {
  const points = pointsOf(range);
  if (points === undefined) return undefined;
  const sum = (of: 'high' | 'other') =>
    points.values.map((point) =>
      sumOf(tallied.days.filter(([day]) => day.startsWith(point)).map(([, one]) => one[of])),
    );
  return {
    name: 'perDay',
    title: `Records per ${points.title.toLowerCase()}`,
    kind: 'stackedBars',
    x: points,
    series: [
      { name: 'dangerous', title: 'Dangerous', values: sum('high') },
      { name: 'other', title: 'Other', values: sum('other') },
    ],
  };
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

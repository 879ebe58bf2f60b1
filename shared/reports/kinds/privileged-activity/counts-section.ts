/** How often who did what, and on which days. */
import { compareTexts } from '../../../compare-texts.ts';
import type { Cell, Chart, Section } from '../../document.ts';
import { pointsOf } from '../../chart-points.ts';
import { personOf, type Collected } from './collected.ts';
import type { ActCount } from './tally.ts';
import { countsTable } from './tables.ts';

export function countsSection({ tallied, principals }: Collected): Section {
  const { entries, uncounted } = tallied.counts;
  const counts = entries.map(([, count]) => ({ ...count, person: personOf(principals, count.key) }));
  return {
    name: 'counts',
    title: 'Everything that was done, by person',
    paragraphs:
      uncounted === 0
        ? []
        : [`${uncounted} further records are of operations beyond those that can be counted.`],
    tables: [{ ...countsTable, rows: counts.toSorted(byPersonAndCount).map(rowOf), omitted: 0 }],
    charts: [],
  };
}

interface NamedCount extends ActCount {
  readonly person: string;
}

/** Two people may be shown by the same name. */
function byPersonAndCount(a: NamedCount, b: NamedCount): number {
  return (
    compareTexts(a.person, b.person) ||
    compareTexts(a.key, b.key) ||
    b.records - a.records ||
    compareTexts(a.operation, b.operation) ||
    compareTexts(a.act, b.act)
  );
}

function rowOf({ person, operation, act, records, high, first, last }: NamedCount): readonly Cell[] {
  const span = [first, last].map((at) => new Date(at).toISOString());
  return [person, operation, act, records, high, ...span];
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

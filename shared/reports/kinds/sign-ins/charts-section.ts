/** Sign-ins over time, and why they failed. */
import type { Chart, Section } from '../../document.ts';
import { maxChartSeries } from '../../document.ts';
import { pointsOf } from '../../chart-points.ts';
import { compareTexts } from '../../../compare-texts.ts';
import type { Collected } from './collected.ts';
import { partsOf } from './keys.ts';
import { endings, type Ending } from './outcome.ts';

const titles: Readonly<Record<Ending, string>> = {
  signedIn: 'Signed in',
  failed: 'Failed',
  interrupted: 'Interrupted',
};

type Points = NonNullable<ReturnType<typeof pointsOf>>;

export function chartsSection({ range, tallied }: Collected): Section {
  const points = pointsOf(range);
  const { uncounted } = tallied.reasons;
  return {
    name: 'times',
    title: 'When it happened',
    paragraphs: uncounted === 0 ? [] : [`Failures whose reason is not in the chart: ${uncounted}.`],
    tables: [],
    charts: points === undefined ? [] : [endingsChart(points, tallied), ...reasonsChart(points, tallied)],
  };
}

function endingsChart(points: Points, { days }: Collected['tallied']): Chart {
  return {
    name: 'perDay',
    title: `Sign-ins per ${points.title.toLowerCase()}`,
    kind: 'stackedBars',
    x: points,
    series: endings.map((ending) => {
      const counts = days.entries.map(([day, one]) => [day, one[ending]] as const);
      return { name: ending, title: titles[ending], values: valuesAt(points, counts) };
    }),
  };
}

interface ReasonOfDay {
  readonly day: string;
  readonly reason: string;
  readonly count: number;
}

/** None without failures. */
function reasonsChart(points: Points, { reasons }: Collected['tallied']): readonly Chart[] {
  const all = reasons.entries.map(([key, count]): ReasonOfDay => {
    const [day = '', reason = ''] = partsOf(key);
    return { day, reason, count };
  });
  const chart = {
    name: 'reasons',
    title: `Failures per ${points.title.toLowerCase()}, by reason`,
    kind: 'stackedBars',
    x: points,
    series: seriesOf(points, all),
  } as const;
  return all.length === 0 ? [] : [chart];
}

/** One for each of the most frequent reasons, and one for the rest together. */
function seriesOf(points: Points, all: readonly ReasonOfDay[]): Chart['series'] {
  const ranked = rankedReasons(all);
  const isTooMany = ranked.length > maxChartSeries;
  const shown = ranked.slice(0, isTooMany ? maxChartSeries - 1 : maxChartSeries);
  const series = (name: string, title: string, isOne: (reason: string) => boolean) => {
    const counts = all.filter(({ reason }) => isOne(reason)).map(({ day, count }) => [day, count] as const);
    return { name, title, values: valuesAt(points, counts) };
  };
  return [
    ...shown.map((reason, at) => series(`reason${at + 1}`, reason, (one) => one === reason)),
    ...(isTooMany ? [series('other', 'Other', (one) => !shown.includes(one))] : []),
  ];
}

function rankedReasons(all: readonly ReasonOfDay[]): readonly string[] {
  const sums = new Map<string, number>();
  for (const { reason, count } of all) sums.set(reason, (sums.get(reason) ?? 0) + count);
  return [...sums].toSorted((a, b) => b[1] - a[1] || compareTexts(a[0], b[0])).map(([reason]) => reason);
}

function valuesAt({ values }: Points, counts: readonly (readonly [day: string, count: number])[]) {
  const sums = new Map<string, number>();
  const length = values[0]?.length ?? 0;
  for (const [day, count] of counts) {
    const point = day.slice(0, length);
    sums.set(point, (sums.get(point) ?? 0) + count);
  }
  return values.map((point) => sums.get(point) ?? 0);
}

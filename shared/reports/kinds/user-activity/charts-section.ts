/** When it happened: by day, and by hour of the day. */
import type { Chart, Section } from '../../document.ts';
import { pointsOf } from '../../chart-points.ts';
import { activities, activityTitles } from './activities.ts';
import type { Collected } from './collected.ts';
import type { Count, Counted } from './counter.ts';

export function chartsSection(collected: Collected): Section {
  const perDay = perDayOf(collected);
  return {
    name: 'times',
    title: 'When it happened',
    paragraphs: [],
    tables: [],
    charts: [...(perDay === undefined ? [] : [perDay]), perHourOf(collected)],
  };
}

function perDayOf({ range, tallied }: Collected): Chart | undefined {
  const points = pointsOf(range);
  if (points === undefined) return undefined;
  return {
    name: 'perDay',
    title: `Records per ${points.title.toLowerCase()}`,
    kind: 'stackedBars',
    x: points,
    series: seriesOf(tallied.days, points.values),
  };
}

const hours = Array.from({ length: 24 }, (_, hour) => String(hour).padStart(2, '0'));

function perHourOf({ tallied }: Collected): Chart {
  return {
    name: 'perHour',
    title: 'Records by hour of the day (UTC)',
    kind: 'stackedBars',
    x: { title: 'Hour', values: hours },
    series: seriesOf(tallied.hours, hours),
  };
}

/** One for each activity, and one for the rest. */
function seriesOf(counted: Counted, points: readonly string[]): Chart['series'] {
  const sum = (of: (count: Count) => number) => points.map((point) => sumAt(counted, point, of));
  const kinds = activities.map((one) => {
    return { name: one, title: activityTitles[one], values: sum((count) => count[one]) };
  });
  return [...kinds, { name: 'other', title: 'Other', values: sum(otherOf) }];
}

function otherOf(count: Count): number {
  return activities.reduce((rest, one) => rest - count[one], count.records);
}

function sumAt({ counts }: Counted, point: string, of: (count: Count) => number): number {
  return counts.filter(({ name }) => name.startsWith(point)).reduce((sum, count) => sum + of(count), 0);
}

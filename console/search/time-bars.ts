/** Counts over time: what is counted by, and which time each bar covers. Times are ISO 8601 in UTC. */
import type { TimeRange } from './time-range.ts';

/** What the API counts by. */
export type Step = 'hour' | 'day';

/** A stretch of time, half-open, and the records in it. */
export interface TimeBar {
  readonly from: string;
  readonly to: string;
  readonly count: number;
}

export type TimeGroup = Readonly<Partial<Record<Step, string | number | null>>> & { readonly count: number };

const hourMs = 3_600_000;
const lengths = { hour: hourMs, day: 24 * hourMs } as const;
const longestByHour = 4 * lengths.day;
/** More would be too narrow to see. */
export const mostBars = 96;

export function stepOf({ from, to }: TimeRange): Step {
  return from !== undefined && Date.parse(to) - Date.parse(from) <= longestByHour ? 'hour' : 'day';
}

/**
 * Side by side from the beginning of the range to its end, also where there is nothing; several steps are one bar where there
 * would be too many. Records outside of the range, of which there should be none, are in no bar.
 */
export function timeBars(
  groups: readonly TimeGroup[],
  step: Step,
  { from, to }: TimeRange,
): readonly TimeBar[] {
  const counted = groups.flatMap((group) => {
    const at = Date.parse(String(group[step]));
    return Number.isNaN(at) ? [] : [{ at, count: group.count }];
  });
  const end = Date.parse(to);
  const begin =
    from === undefined ? counted.reduce((least, { at }) => Math.min(least, at), end) : Date.parse(from);
  const first = Math.floor(begin / lengths[step]) * lengths[step];
  const steps = Math.ceil((end - first) / lengths[step]);
  if (!(end > begin)) return [];
  const width = Math.ceil(steps / mostBars) * lengths[step];
  const counts = Array.from({ length: Math.ceil((end - first) / width) }, () => 0);
  for (const { at, count } of counted) {
    const place = Math.floor((at - first) / width);
    if (counts[place] !== undefined) counts[place] += count;
  }
  return counts.map((count, place) => ({
    from: isoOf(Math.max(begin, first + place * width)),
    to: isoOf(Math.min(end, first + (place + 1) * width)),
    count,
  }));
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}

/** Chosen bars: from where the choice began to where it is now, in either direction, both included. */
export interface Brush {
  readonly anchor: number;
  readonly focus: number;
}

/** What a key makes of it; undefined for keys that do not move it. @param isExtending the anchor stays */
export function movedBrush(
  { anchor, focus }: Brush,
  { key, isExtending }: { readonly key: string; readonly isExtending: boolean },
  count: number,
): Brush | undefined {
  const targets: Readonly<Record<string, number>> = {
    ArrowLeft: focus - 1,
    ArrowRight: focus + 1,
    Home: 0,
    End: count - 1,
  };
  const target = Object.hasOwn(targets, key) ? targets[key] : undefined;
  if (target === undefined || count === 0) return undefined;
  const to = Math.max(0, Math.min(count - 1, target));
  return { anchor: isExtending ? anchor : to, focus: to };
}

/** The time and the records of the chosen bars; undefined if there are no such bars. */
export function brushed(bars: readonly TimeBar[], { anchor, focus }: Brush): TimeBar | undefined {
  const [begin, end] = [Math.min(anchor, focus), Math.max(anchor, focus)];
  const [first, last] = [bars[begin], bars[end]];
  if (first === undefined || last === undefined) return undefined;
  const count = bars.slice(begin, end + 1).reduce((sum, bar) => sum + bar.count, 0);
  return { from: first.from, to: last.to, count };
}

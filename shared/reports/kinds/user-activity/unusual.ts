/** Whether a day has unusually many files, compared with the same person's own days before. */
import { measures, type DayCount, type Measure } from './daily-files.ts';

/** Days of the past on which the person did anything; with fewer of them, no day is called unusual. */
export const leastActiveDays = 7;
/** Fewer files of a day are never unusual. */
export const leastFiles = 20;
/** How many times the deviation above the median is unusual. */
export const deviations = 6;
/** Someone who does the same every day has no deviation; one more file is not unusual. */
export const leastDeviation = 1;

/** What is usual for the person: files of a day. */
export interface Usual {
  readonly measure: Measure;
  readonly activeDays: number;
  /** Absent: there is not enough past to compare with. */
  readonly comparison?: {
    readonly median: number;
    /** Median absolute deviation. */
    readonly deviation: number;
    /** A day is unusual if it has more files than this, and at least {@link leastFiles}. */
    readonly threshold: number;
  };
}

/** For each measure, of all days of the past on which the person did anything. */
export function usualOf(past: readonly DayCount[]): readonly Usual[] {
  return measures.map((measure) => {
    const activeDays = past.length;
    if (activeDays < leastActiveDays) return { measure, activeDays };
    const median = medianOf(past.map((day) => day[measure]));
    const deviation = medianOf(past.map((day) => Math.abs(day[measure] - median)));
    const threshold = median + deviations * Math.max(deviation, leastDeviation);
    return { measure, activeDays, comparison: { median, deviation, threshold } };
  });
}

/** Of at least one number; of an even number of them, the mean of the two in the middle. */
export function medianOf(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}

export interface BusyDay {
  readonly day: string;
  readonly measure: Measure;
  readonly files: number;
  readonly isCapped: boolean;
  readonly usual: Usual;
}

/**
 * Days of the range with unusually many files, the furthest above what is usual first. Without enough past, all days with
 * {@link leastFiles}: they are not compared.
 */
export function busyDays(days: readonly DayCount[], usual: readonly Usual[]): readonly BusyDay[] {
  const busy = usual.flatMap((one) =>
    days.filter((day) => isBusy(day[one.measure], one)).map((day) => busyDayOf(day, one)),
  );
  return busy.toSorted((a, b) => excessOf(b) - excessOf(a) || b.files - a.files || compareDays(a, b));
}

function busyDayOf({ day, isCapped, ...files }: DayCount, usual: Usual): BusyDay {
  const { measure } = usual;
  return { day, measure, files: files[measure], isCapped, usual };
}

function isBusy(files: number, { comparison }: Usual): boolean {
  return files >= leastFiles && (comparison === undefined || files > comparison.threshold);
}

function excessOf({ files, usual: { comparison } }: BusyDay): number {
  return comparison === undefined ? 0 : files / comparison.threshold;
}

function compareDays(a: BusyDay, b: BusyDay): number {
  return a.day === b.day ? measures.indexOf(a.measure) - measures.indexOf(b.measure) : a.day < b.day ? -1 : 1;
}

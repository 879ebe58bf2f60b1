/** When people work: the rhythm of the four weeks before a moment, in one time zone. */
import type { Prng } from './prng.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const days = 28;

export interface Calendar {
  /** The demo's current time; all events are earlier. */
  readonly now: Date;
  /** A time in the last four weeks: mostly in office hours, rarely at night or on a weekend. */
  readonly businessMoment: (prng: Prng) => Date;
  /** Local time `HH:mm` on the nth working day (Monday to Friday) before today, n >= 1. */
  readonly workdayAt: (workdaysBack: number, localTime: string) => Date;
}

/** Shifts a time by minutes (fractions allowed). */
export const later = (at: Date, minutes: number): Date => new Date(at.getTime() + minutes * minuteMs);

export const createCalendar = (now: Date, utcOffsetHours: number): Calendar => {
  const offsetMs = utcOffsetHours * hourMs;
  const today = Math.floor((now.getTime() + offsetMs) / dayMs);
  const localMoment = (day: number, msOfDay: number): Date => new Date(day * dayMs + msOfDay - offsetMs);
  const candidates = Array.from({ length: days + 1 }, (_, back) => ({
    day: today - back,
    weight: isWorkday(today - back) ? 1 : 0.06,
  }));
  const businessMoment = (prng: Prng): Date => {
    const { day } = prng.weighted(candidates);
    const { hour } = prng.weighted(hours);
    const moment = localMoment(day, hour * hourMs + prng.int(0, 3599) * 1000);
    const isInside = moment < now && moment.getTime() >= now.getTime() - days * dayMs;
    return isInside ? moment : businessMoment(prng);
  };
  return {
    now,
    businessMoment,
    workdayAt: (back, localTime) => localMoment(workdayBefore(today, back), msOfDay(localTime)),
  };
};

/** How busy each hour of the local day is. */
const hours = [1, 1, 1, 1, 1, 2, 6, 25, 80, 100, 95, 85, 50, 75, 95, 90, 75, 45, 20, 12, 9, 7, 4, 2].map(
  (weight, hour) => ({ weight, hour }),
);

/** Day 0 of the epoch was a Thursday. */
const isWorkday = (day: number): boolean => ![0, 6].includes((day + 4) % 7);

const workdayBefore = (day: number, back: number): number => {
  if (back === 0) return day;
  return workdayBefore(day - 1, isWorkday(day - 1) ? back - 1 : back);
};

const msOfDay = (localTime: string): number => {
  const [hour, minute] = localTime.split(':').map(Number);
  return (hour ?? 0) * hourMs + (minute ?? 0) * minuteMs;
};

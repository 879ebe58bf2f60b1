/** Times of the day in time zones, daylight saving time included. */
import * as z from 'zod';

const dayMinutes = 24 * 60;
const minuteMs = 60_000;

/** A time of the day, such as `18:30`. */
export const clockTime = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time such as 18:30')
  .meta({ description: 'A time of the day, such as `08:00`.' });

/** A time zone that this host knows, by its IANA name. */
export const timeZoneSchema = z
  .string()
  .refine(isTimeZone, 'must be a time zone such as Europe/Berlin')
  .meta({ description: 'Time zone by its IANA name, such as `Europe/Berlin`.' });

function isTimeZone(name: string): boolean {
  try {
    formatIn(name);
    return true;
  } catch {
    return false;
  }
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** @throws RangeError for a time zone that does not exist */
function formatIn(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known !== undefined) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  formats.set(timeZone, format);
  return format;
}

/** What clocks and calendars there show, as minutes: those since 1970 in UTC that look the same. */
function wallMinutes(timeZone: string, at: Date): number {
  const parts = formatIn(timeZone).formatToParts(at);
  const valueOf = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const day = Date.UTC(valueOf('year'), valueOf('month') - 1, valueOf('day'));
  return day / minuteMs + valueOf('hour') * 60 + valueOf('minute');
}

/** Minutes since midnight there. */
export function localMinutes(timeZone: string, at: Date): number {
  return wallMinutes(timeZone, at) % dayMinutes;
}

/** The day of the calendar there, counted from that of 1970-01-01, which is 0. */
export function localDay(timeZone: string, at: Date): number {
  return Math.floor(wallMinutes(timeZone, at) / dayMinutes);
}

/**
 * When clocks there show a time on a day: the first moment of two; of one that is skipped, as much later as clocks are moved.
 * @param day as of {@link localDay}
 * @param time such as `18:30`
 */
export function momentAt(timeZone: string, day: number, time: string): Date {
  const wanted = day * dayMinutes + minutesOf(time);
  const dateOf = (minutes: number) => new Date(minutes * minuteMs);
  const by = (minutes: number) => wanted - (wallMinutes(timeZone, dateOf(minutes)) - minutes);
  // By the clocks of the day before, and by those of the day after.
  const [before, after] = [by(wanted - dayMinutes), by(wanted + dayMinutes)];
  const exact = [before, after].filter((at) => wallMinutes(timeZone, dateOf(at)) === wanted);
  return dateOf(exact.length === 0 ? before : Math.min(...exact));
}

/** Minutes since midnight of a time such as `18:30`. */
export function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

/** The next moment, later than `after`, at which clocks there show a time; of one that is skipped, the moment after the gap. */
export function nextAt(timeZone: string, time: string, after: Date): Date {
  const wanted = minutesOf(time);
  const start = Math.floor(after.getTime() / minuteMs) * minuteMs;
  const ahead = (from: number) => (wanted - from + dayMinutes) % dayMinutes;
  const waitMinutes = ahead(localMinutes(timeZone, new Date(start))) || dayMinutes;
  const guess = start + waitMinutes * minuteMs;
  // Clocks were changed meanwhile: by at most an hour or two in either direction.
  const off = ahead(localMinutes(timeZone, new Date(guess)));
  const corrected = guess + (off > dayMinutes / 2 ? off - dayMinutes : off) * minuteMs;
  const isExact = localMinutes(timeZone, new Date(corrected)) === wanted && corrected > after.getTime();
  return new Date(isExact ? corrected : guess);
}

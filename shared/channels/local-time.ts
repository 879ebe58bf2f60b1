/** Times of the day in time zones, daylight saving time included. */

const dayMinutes = 24 * 60;
const minuteMs = 60_000;

export function isTimeZone(name: string): boolean {
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
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  formats.set(timeZone, format);
  return format;
}

/** Minutes since midnight there. */
export function localMinutes(timeZone: string, at: Date): number {
  const parts = formatIn(timeZone).formatToParts(at);
  const valueOf = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  return valueOf('hour') * 60 + valueOf('minute');
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

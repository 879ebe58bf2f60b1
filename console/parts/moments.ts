/** Times as they are written: always in UTC and in the time of the reader, so that two people mean the same one. */

/** `2026-11-30 14:05:09`, of a moment in UTC. */
export function utcOf(moment: Date): string {
  return moment.toISOString().slice(0, 19).replace('T', ' ');
}

const written: Intl.DateTimeFormatOptions = {
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
  timeZoneName: 'shortOffset',
};

/**
 * The same in the reader's time, with its distance from UTC: `15:05:09 (UTC+1)`, and the date where it is another one.
 * @param timeZone for tests; by default the reader's
 * @returns undefined where the reader's time is UTC
 */
export function localOf(moment: Date, timeZone?: string): string | undefined {
  const format = new Intl.DateTimeFormat(
    'en-CA',
    timeZone === undefined ? written : { ...written, timeZone },
  );
  const part = Object.fromEntries(format.formatToParts(moment).map(({ type, value }) => [type, value]));
  const zone = (part['timeZoneName'] ?? '').replace('GMT', 'UTC').replace(/[+-]0$/, '');
  if (zone === 'UTC') return undefined;
  const date = `${part['year'] ?? ''}-${part['month'] ?? ''}-${part['day'] ?? ''}`;
  const time = `${part['hour'] ?? ''}:${part['minute'] ?? ''}:${part['second'] ?? ''}`;
  return `${moment.toISOString().startsWith(date) ? '' : `${date} `}${time} (${zone})`;
}

const units = [
  ['day', 86_400],
  ['h', 3600],
  ['min', 60],
] as const;

/** A duration in its largest unit, rounded down: `3 h`, `2 days`, `less than a minute`. */
export function durationOf(seconds: number): string {
  for (const [unit, length] of units) {
    const count = Math.floor(seconds / length);
    if (count > 0) return `${count} ${unit === 'day' && count > 1 ? 'days' : unit}`;
  }
  return 'less than a minute';
}

/** Which time a search is about: a range that ends now, a calendar month, or any range. Half-open, in UTC. */

export const presets = ['hour', 'day', 'week', 'days30', 'month', 'lastMonth', 'custom'] as const;
export type Preset = (typeof presets)[number];

export const presetTexts: Readonly<Record<Preset, string>> = {
  hour: 'Last hour',
  day: 'Last 24 hours',
  week: 'Last 7 days',
  days30: 'Last 30 days',
  month: 'This month (UTC)',
  lastMonth: 'Last month (UTC)',
  custom: 'From … to …',
};

/** ISO 8601, in UTC. Without `from`, from the first record on. */
export interface TimeRange {
  readonly from: string | undefined;
  readonly to: string;
}

interface Chosen {
  readonly range: Preset;
  /** As chosen, for `custom`; empty is open. */
  readonly from: string;
  readonly to: string;
}

const hourMs = 3_600_000;
const lengths = { hour: hourMs, day: 24 * hourMs, week: 7 * 24 * hourMs, days30: 30 * 24 * hourMs } as const;

/** @param now its end, unless it ends at another time: fixed, so that all pages and an export are about the same records */
export function rangeOf({ range, from, to }: Chosen, now: Date): TimeRange {
  if (range === 'custom') return { from: isoOf(from), to: isoOf(to) ?? now.toISOString() };
  if (range === 'month') return { from: monthStart(now, 0), to: now.toISOString() };
  if (range === 'lastMonth') return { from: monthStart(now, -1), to: monthStart(now, 0) };
  return { from: new Date(now.getTime() - lengths[range]).toISOString(), to: now.toISOString() };
}

function monthStart(now: Date, offset: number): string {
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + offset, 1)).toISOString();
}

/** Of what a field for a time holds, which has no zone and means UTC; undefined if it is not a time. */
export function isoOf(text: string): string | undefined {
  const moment = new Date(/T[\d:.]+$/.test(text) ? `${text}Z` : text);
  return text === '' || Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}

/** As a field for a time takes it. */
export function fieldTextOf(text: string): string {
  return isoOf(text)?.slice(0, 19) ?? '';
}

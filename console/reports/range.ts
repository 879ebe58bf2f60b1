/** Which time a report is about: whole days in UTC, because people compare and file reports by days and months. */

export const ranges = ['lastMonth', 'days7', 'days30', 'custom'] as const;
export type RangeName = (typeof ranges)[number];

/** Half-open; ISO 8601, in UTC. */
export interface Range {
  readonly from: string;
  readonly to: string;
}

interface Chosen {
  readonly range: RangeName;
  /** As chosen for `custom`: `yyyy-MM-dd`; `to` is not part of the range. */
  readonly from: string;
  readonly to: string;
}

const dayMs = 24 * 60 * 60_000;

/** Undefined while the chosen days do not make a range. */
export function rangeOf({ range, from, to }: Chosen, now: Date): Range | undefined {
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()];
  const today = Date.UTC(year, month, day);
  if (range === 'lastMonth') return between(Date.UTC(year, month - 1, 1), Date.UTC(year, month, 1));
  if (range === 'days7') return between(today - 7 * dayMs, today);
  if (range === 'days30') return between(today - 30 * dayMs, today);
  return between(dayOf(from), dayOf(to));
}

/** NaN if the text is not a day. */
function dayOf(text: string): number {
  return /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00.000Z`) : NaN;
}

function between(from: number, to: number): Range | undefined {
  if (!(from < to)) return undefined;
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

/** Half-open windows of the feed's own time, contentCreated. */

/** [start, end) */
export interface Window {
  readonly start: Date;
  readonly end: Date;
}

const hourMs = 3_600_000;

/**
 * The feed lists at most 24 hours a call and at most 7 days back.
 * @see https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-reference
 */
export const maxWindowMs = 24 * hourMs;
export const feedRetentionMs = 7 * 24 * hourMs;

/** The oldest time that can safely be listed: 7 days ago, less five minutes for clocks that disagree. */
export function oldestListable(now: Date): Date {
  return new Date(now.getTime() - feedRetentionMs + 5 * 60_000);
}

/**
 * Whether content of the window may have records of the range: an event can be published up to 7 days after it happened,
 * so a window affects the 7 days before it as well.
 * @param range [from, to); an absent end is open
 */
export function mayHaveRecordsOf({ start, end }: Window, range: OpenRange): boolean {
  const { from, to } = range;
  const affectedFrom = start.getTime() - feedRetentionMs;
  return (to === undefined || affectedFrom < to.getTime()) && (from === undefined || end > from);
}

interface OpenRange {
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
}

/**
 * Cuts a window into slices of at most `maxMs`, oldest first, without gap or overlap.
 * An empty or inverted window has none.
 */
export function sliceWindow(window: Window, maxMs: number = maxWindowMs): readonly Window[] {
  const slices: Window[] = [];
  for (let start = window.start.getTime(); start < window.end.getTime(); start += maxMs) {
    slices.push({ start: new Date(start), end: new Date(Math.min(start + maxMs, window.end.getTime())) });
  }
  return slices;
}

/** Rounds down to the whole second, the precision the feed's parameters are sent with. */
export function floorToSecond(date: Date): Date {
  return new Date(Math.floor(date.getTime() / 1000) * 1000);
}

/** The earlier one of two dates. */
export function earlier(a: Date, b: Date): Date {
  return a < b ? a : b;
}

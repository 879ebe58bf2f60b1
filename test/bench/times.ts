/** Moments relative to now, in minutes. */

const minuteMs = 60_000;

export const hour = 60;
export const day = 24 * hour;

export function minutesAgo(minutes: number): Date {
  return new Date(Date.now() - minutes * minuteMs);
}

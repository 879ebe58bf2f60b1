/** Sets of time, as lists of half-open windows. */
import type { Window } from './windows.ts';

/** The same time in as few windows as possible, oldest first. Empty and inverted windows are left out. */
export function mergeWindows(windows: readonly Window[]): readonly Window[] {
  const merged: Window[] = [];
  for (const next of windows.filter(({ start, end }) => start < end).sort(byStart)) {
    const last = merged.at(-1);
    if (last === undefined || last.end < next.start) merged.push(next);
    else if (last.end < next.end) merged[merged.length - 1] = { start: last.start, end: next.end };
  }
  return merged;
}

function byStart(one: Window, other: Window): number {
  return one.start.getTime() - other.start.getTime();
}

/** Whether all of the window is in one of these. @param windows merged */
export function covers(windows: readonly Window[], { start, end }: Window): boolean {
  return start >= end || windows.some((one) => one.start <= start && one.end >= end);
}

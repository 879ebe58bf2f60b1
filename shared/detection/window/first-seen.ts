/** Values that are new in a group. */
import { millisecondsOfDay } from '../durations.ts';
import type { FirstSeen } from '../rule.ts';
import type { WindowMatch } from './window-match.ts';

/** @param spans by time, merged with the days of the trigger, so that each begins with a value that is new */
export function firingFirsts(
  { days, newGroups = 'learn' }: FirstSeen,
  spans: readonly WindowMatch[],
  learnsFrom: Date,
): readonly WindowMatch[] {
  const [first] = spans;
  if (first === undefined) return [];
  const since = newGroups === 'fire' ? learnsFrom.getTime() : Math.max(first.time, learnsFrom.getTime());
  return spans.filter(({ time }) => time >= since + days * millisecondsOfDay);
}

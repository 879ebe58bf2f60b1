/** The matches of a group that its state keeps. */
import { groupBy } from '../../group-by.ts';
import { millisecondsOfDay } from '../durations.ts';
import type { Trigger } from '../rule.ts';
import type { WindowMatch } from './window-match.ts';

/** Of more, the newest are kept, by the times of the records, and spans by their ends: what is usual stays so. Then counts are no longer exact. */
export const maxMatches = 1000;

/**
 * The known matches and the added ones, by time. The order in which they are added, and how often, makes no difference,
 * as long as there are no more than {@link maxMatches}.
 */
export function mergeMatches(
  trigger: Trigger,
  known: readonly WindowMatch[],
  added: readonly WindowMatch[],
): readonly WindowMatch[] {
  const all = [...known, ...added];
  const merged = trigger.kind === 'firstSeen' ? spansOf(all, trigger.days) : distinct(all);
  return [...merged].sort(byEnd).slice(-maxMatches).sort(byTime);
}

function distinct(matches: readonly WindowMatch[]): readonly WindowMatch[] {
  return [...new Map(matches.map((match) => [`${match.record}${match.value}`, match])).values()];
}

/**
 * Of each value, spans without a break of more than so many days. That is all that later records need to know: any
 * record at the time of a span belongs to it. Spans last to the end of a day (UTC), so that most records of what is
 * usual change nothing, and nothing has to be written.
 */
function spansOf(matches: readonly WindowMatch[], days: number): readonly WindowMatch[] {
  const longest = days * millisecondsOfDay;
  const ofValues = groupBy(matches, ({ value }) => value).values();
  return [...ofValues].flatMap((ofValue) => joined([...ofValue].sort(byTime), longest));
}

function joined(sorted: readonly WindowMatch[], longest: number): readonly WindowMatch[] {
  const spans: WindowMatch[] = [];
  for (const match of sorted) {
    const last = spans.at(-1);
    const until = endOfDay(match.until);
    if (last === undefined || match.time - last.until > longest) spans.push({ ...match, until });
    else spans.splice(-1, 1, { ...last, until: Math.max(last.until, until) });
  }
  return spans;
}

function endOfDay(time: number): number {
  return Math.ceil(time / millisecondsOfDay) * millisecondsOfDay;
}

/** A total order. */
function byEnd(one: WindowMatch, other: WindowMatch): number {
  return one.until - other.until || byTime(one, other);
}

/** A total order. The value comes second, so that earlier steps of a sequence come first in a second. */
function byTime(one: WindowMatch, other: WindowMatch): number {
  return one.time - other.time || compare(one.value, other.value) || compare(one.record, other.record);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

/** Whether the matches of a group fire, and from when to when. */
import { parseDuration } from '../durations.ts';
import type { Rule } from '../rule.ts';
import { firingFirsts } from './first-seen.ts';
import { maxMatches } from './merge-matches.ts';
import { firingTogether } from './together.ts';
import { firingSequences } from './sequences.ts';
import type { WindowMatch } from './window-match.ts';

export interface Firing {
  /** Epoch milliseconds of the first record. */
  readonly from: number;
  /** Epoch milliseconds of the last record. */
  readonly to: number;
  /** By time. */
  readonly matches: readonly WindowMatch[];
  readonly records: number;
  /** False if older matches may have been given up. */
  readonly isExact: boolean;
}

/**
 * The firings of a group, by time: matches that fire are one firing unless there is a break between them that is as
 * long as the window. A function of the matches alone, so late and repeated records lead to what they would have led to
 * in time.
 * @param matches merged by mergeMatches
 * @param learnsFrom when the watch was made; only values that are new need it
 */
export function firingsOf(
  { trigger, window }: Pick<Rule, 'trigger' | 'window'>,
  matches: readonly WindowMatch[],
  learnsFrom: Date,
): readonly Firing[] {
  const length = parseDuration(window) ?? 0;
  const isExact = matches.length < maxMatches;
  return separated(firing({ trigger, length, matches, learnsFrom }), length).map((own) => ({
    from: own[0]?.time ?? 0,
    to: own.at(-1)?.time ?? 0,
    matches: own,
    records: new Set(own.map(({ record }) => record)).size,
    isExact,
  }));
}

interface Matched {
  readonly trigger: Rule['trigger'];
  readonly length: number;
  readonly matches: readonly WindowMatch[];
  readonly learnsFrom: Date;
}

/** The matches that fire, by time. */
function firing({ trigger, length, matches, learnsFrom }: Matched): readonly WindowMatch[] {
  switch (trigger.kind) {
    case 'count':
      return firingTogether(matches, length, { ...onePart(trigger), keyOf: ({ record }) => record });
    case 'distinct':
      return firingTogether(matches, length, { ...onePart(trigger), keyOf: ({ value }) => value });
    case 'firstSeen':
      return firingFirsts(trigger, matches, learnsFrom);
    case 'sequence':
      return firingSequences(trigger, matches, length);
  }
}

function onePart({ atLeast }: { readonly atLeast: number }) {
  return { atLeast: [atLeast], partOf: () => 0 };
}

function separated(matches: readonly WindowMatch[], length: number): readonly (readonly WindowMatch[])[] {
  const parts: WindowMatch[][] = [];
  for (const match of matches) {
    const last = parts.at(-1);
    if (last === undefined || match.time - (last.at(-1)?.time ?? 0) >= length) parts.push([match]);
    else last.push(match);
  }
  return parts;
}

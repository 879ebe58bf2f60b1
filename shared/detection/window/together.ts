/** Matches that are close enough to each other, and enough. */
import type { WindowMatch } from './window-match.ts';

/** How many different matches of each part a window has to hold. */
export interface Demand {
  readonly atLeast: readonly number[];
  /** The part that a match belongs to. */
  readonly partOf: (match: WindowMatch) => number;
  /** Matches with the same key count once. */
  readonly keyOf: (match: WindowMatch) => string;
}

/**
 * Every match that is in a window which holds what is demanded; a window is half-open, as long as given in
 * milliseconds, and may begin anywhere.
 * @param matches by time
 */
export function firingTogether(
  matches: readonly WindowMatch[],
  length: number,
  demand: Demand,
): readonly WindowMatch[] {
  const held = createHeld(demand);
  const firing: WindowMatch[] = [];
  let [left, taken] = [0, 0];
  for (const [right, match] of matches.entries()) {
    held.add(match);
    for (
      let first = matches[left];
      first !== undefined && match.time - first.time >= length;
      first = matches[left]
    ) {
      held.remove(first);
      left++;
    }
    if (!held.isEnough()) continue;
    firing.push(...matches.slice(Math.max(left, taken), right + 1));
    taken = right + 1;
  }
  return firing;
}

/** What the window holds at present. */
function createHeld({ atLeast, partOf, keyOf }: Demand) {
  const different = atLeast.map(() => 0);
  const times = new Map<string, number>();
  const change = (match: WindowMatch, by: 1 | -1) => {
    const before = times.get(keyOf(match)) ?? 0;
    times.set(keyOf(match), before + by);
    const part = partOf(match);
    if (before === 0 || before + by === 0) different[part] = (different[part] ?? 0) + by;
  };
  return {
    add: (match: WindowMatch) => {
      change(match, 1);
    },
    remove: (match: WindowMatch) => {
      change(match, -1);
    },
    isEnough: () => atLeast.every((wanted, part) => (different[part] ?? 0) >= wanted),
  };
}

/** Matches of several steps, in any order or in theirs. */
import type { Trigger } from '../rule.ts';
import { firingTogether, type Demand } from './together.ts';
import type { WindowMatch } from './window-match.ts';

type Sequence = Extract<Trigger, { readonly kind: 'sequence' }>;

/** @param matches by time, and those of one second by their steps @param length milliseconds of a window */
export function firingSequences(
  { steps, ordered }: Sequence,
  matches: readonly WindowMatch[],
  length: number,
): readonly WindowMatch[] {
  const atLeast = steps.map((step) => step.atLeast ?? 1);
  const demand: Demand = { atLeast, partOf: stepOf, keyOf: ({ value }) => value };
  // In time without regard to order: what does not fire there does not fire in order.
  const close = firingTogether(matches, length, demand);
  return ordered ? inOrder(close, length, atLeast) : close;
}

function stepOf({ value }: WindowMatch): number {
  return parseInt(value.slice(0, 2), 16);
}

/** Every match from the first to the last one of a window in which the steps follow each other. */
function inOrder(
  matches: readonly WindowMatch[],
  length: number,
  atLeast: readonly number[],
): readonly WindowMatch[] {
  const firing: WindowMatch[] = [];
  let taken = 0;
  for (const [first, match] of matches.entries()) {
    const end = stepOf(match) === 0 ? endOfSequence(matches, first, length, atLeast) : undefined;
    if (end === undefined || end <= taken) continue;
    firing.push(...matches.slice(Math.max(first, taken), end));
    taken = end;
  }
  return firing;
}

/** After the first match with which the last step is complete; undefined if none is. */
function endOfSequence(
  matches: readonly WindowMatch[],
  first: number,
  length: number,
  atLeast: readonly number[],
): number | undefined {
  const start = matches[first]?.time ?? 0;
  const seen = new Set<string>();
  for (let [at, step] = [first, 0]; at < matches.length; at++) {
    const match = matches[at];
    if (match === undefined || match.time - start >= length) return undefined;
    if (stepOf(match) !== step) continue;
    seen.add(match.value);
    if (seen.size < (atLeast[step] ?? 1)) continue;
    seen.clear();
    step++;
    if (step === atLeast.length) return at + 1;
  }
  return undefined;
}

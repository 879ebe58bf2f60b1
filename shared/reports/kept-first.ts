/** The first ones of an order, in bounded memory, and how many there are in all. */
import * as z from 'zod';

/** What a collector stores of what it kept. */
export function keptSchema<T extends z.ZodType>(value: T) {
  return z.strictObject({ count: z.int(), kept: z.array(value) });
}

export interface Kept<T> {
  readonly count: number;
  readonly kept: readonly T[];
}

export interface KeptFirst<T> {
  add(one: T): void;
  /** In their order. */
  all(): { count: number; kept: T[] };
}

export const nothingKept = { count: 0, kept: [] };

/** @param compare a total order, so that the result does not depend on the order in which they come */
export function keepFirst<T>(begun: Kept<T>, most: number, compare: (a: T, b: T) => number): KeptFirst<T> {
  let { count } = begun;
  let kept = [...begun.kept];
  const first = () => kept.toSorted(compare).slice(0, most);
  return {
    add(one) {
      count += 1;
      kept.push(one);
      if (kept.length > 2 * most) kept = first();
    },
    all: () => ({ count, kept: first() }),
  };
}

/** Keeps the first of any number of things in an order. */

export interface Kept<T> {
  add(one: T): void;
  /** At most as many as fit, in their order. */
  kept(): readonly T[];
}

/**
 * Neither the order in which things are added nor where it was continued makes a difference.
 * @param most how many are kept
 * @param compare 0 only for the same thing
 */
export function createKept<T>(most: number, compare: (a: T, b: T) => number, begun: readonly T[]): Kept<T> {
  let all = [...begun];
  const first = () => all.toSorted(compare).slice(0, most);
  return {
    add(one) {
      all.push(one);
      // Sorting rarely costs little for each.
      if (all.length > 2 * most) all = first();
    },
    kept: first,
  };
}

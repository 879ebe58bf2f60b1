/** Match results of a record of which only a part may be known: yes, no, or undecided without the rest. */

/** Undefined: the record's text is needed to decide. */
export type MatchResult = boolean | undefined;

/** Checks a record, with or without its text. */
export type Check<R, T> = (record: R, text?: T) => MatchResult;

/** All checks, or any: the first result that settles it counts, and further checks are not evaluated. */
export function joined<R, T>(op: 'and' | 'or', checks: readonly Check<R, T>[]): Check<R, T> {
  const settling = op === 'or';
  return (record, text) => {
    let result: MatchResult = !settling;
    for (const check of checks) {
      const one = check(record, text);
      if (one === settling) return one;
      if (one === undefined) result = undefined;
    }
    return result;
  };
}

/** Receives how many comparisons a check made; see PageLimits. */
export type CountComparisons = (comparisons: number) => void;

export function opposite(result: MatchResult): MatchResult {
  return result === undefined ? undefined : !result;
}

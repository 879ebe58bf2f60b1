/** Match results of a record of which only a part may be known: yes, no, or undecided without the rest. */

/** Undefined: the record's text is needed to decide. */
export type MatchResult = boolean | undefined;

/** False as soon as one is false, whatever the others would be. */
export function allOf(results: Iterable<MatchResult>): MatchResult {
  let all: MatchResult = true;
  for (const result of results) {
    if (result === false) return false;
    if (result === undefined) all = undefined;
  }
  return all;
}

/** True as soon as one is true. */
export function anyOf(results: Iterable<MatchResult>): MatchResult {
  let any: MatchResult = false;
  for (const result of results) {
    if (result === true) return true;
    if (result === undefined) any = undefined;
  }
  return any;
}

export function opposite(result: MatchResult): MatchResult {
  return result === undefined ? undefined : !result;
}

/** Results of checks, each evaluated only when it is needed. */
export function* resultsOf<R, T>(
  checks: readonly ((record: R, text?: T) => MatchResult)[],
  record: R,
  text: T | undefined,
): Generator<MatchResult> {
  for (const check of checks) yield check(record, text);
}

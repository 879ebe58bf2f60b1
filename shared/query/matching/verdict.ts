/** Verdicts about a record of which only a part may be known: yes, no, or not without the rest. */

/** Undefined: only the record's text can tell. */
export type Verdict = boolean | undefined;

/** False as soon as one is false, whatever the others would be. */
export function allOf(verdicts: Iterable<Verdict>): Verdict {
  let all: Verdict = true;
  for (const verdict of verdicts) {
    if (verdict === false) return false;
    if (verdict === undefined) all = undefined;
  }
  return all;
}

/** True as soon as one is true. */
export function anyOf(verdicts: Iterable<Verdict>): Verdict {
  let any: Verdict = false;
  for (const verdict of verdicts) {
    if (verdict === true) return true;
    if (verdict === undefined) any = undefined;
  }
  return any;
}

export function opposite(verdict: Verdict): Verdict {
  return verdict === undefined ? undefined : !verdict;
}

/** What a Sigma rule holds that is wrong or not supported, and where. */

/** Nothing of a rule is left out silently: a rule that cannot be evaluated as it is written is refused. */
export class SigmaError extends Error {
  override readonly name = 'SigmaError';
  /** From 1. */
  readonly line: number;
  /** The name of what is refused, as written: a field, a modifier, a member of the rule. */
  readonly what: string;
  readonly why: string;
  constructor(line: number, what: string, why: string) {
    super(`Line ${line}: '${what}' ${why}.`);
    this.line = line;
    this.what = what;
    this.why = why;
  }
}

/** A place in the file, which knows its line. */
export interface Place {
  readonly at: (...keys: readonly (string | number)[]) => Place;
  /** The error to throw. `why` continues a sentence that begins with `what`. */
  readonly refused: (what: string, why: string) => SigmaError;
}

/** What is declared of a kind of act. */
import type { Facts } from './facts.ts';
import type { Phrase } from './parts.ts';

/** `high`: someone should check it. `notable`: worth reading. `routine`: everyday work. */
export type Severity = 'high' | 'notable' | 'routine';

/** What became different. Without `from` it is not known what was before; without `to` nothing is left. */
export interface Change {
  readonly what: string;
  readonly from?: string;
  readonly to?: string;
}

export interface Act {
  /** In any case, without the period that some of them end in. */
  readonly operations: readonly string[];
  /** Which records of these operations mean this; all of them by default. The first act whose condition holds counts. */
  readonly when?: (facts: Facts) => boolean;
  /** Follows from what was done, not from the name of the operation alone. */
  readonly severity: Severity | ((facts: Facts) => Severity);
  /** Without a period at the end; it need not say that the act failed, which is added. */
  readonly sentence: (facts: Facts) => Phrase;
  /** The sentence is about the outcome, so nothing is added to it and a failure makes it no less severe. */
  readonly isOutcome?: true;
  /** What became different; by default, what the record itself lists. */
  readonly changes?: (facts: Facts) => readonly Change[];
}

export type Acts = Readonly<Record<string, Act>>;

/** A match as the state of a group keeps it: without content, so that a thousand fit into a row. */
import { hash } from 'node:crypto';

export interface WindowMatch {
  /** Epoch milliseconds: when the record was created. */
  readonly time: number;
  /**
   * Epoch milliseconds. Of a value that is new, matches are kept as spans: from the first record that had the
   * value to the end of the day of the last one without a break. Otherwise the same as `time`.
   */
  readonly until: number;
  /** {@link digestOf} the record's id; of a span, that of its first record. */
  readonly record: string;
  /**
   * {@link digestOf} what is counted: the value of a member; empty if only records are counted. Of a sequence, the
   * first two digits are the number of the step.
   */
  readonly value: string;
}

/** The first 8 bytes of the SHA-256, as 16 hexadecimal digits. */
export function digestOf(text: string): string {
  return hash('sha256', text, 'hex').slice(0, 16);
}

/** The order of records in reports: newest first, those of the same second by ID, so that it is always the same. */
import { compareTexts } from '../compare-texts.ts';

interface Dated {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly recordId: string;
}

/** A total order of different records. */
export function newestFirst(a: Dated, b: Dated): number {
  return b.at - a.at || compareTexts(a.recordId, b.recordId);
}

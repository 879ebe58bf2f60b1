/** The first and the last record of something; which these are does not depend on the order of records. */
import * as z from 'zod';
import { compareTexts } from '../../../compare-texts.ts';

export const momentSchema = z.strictObject({
  /** Milliseconds since 1970. */
  at: z.number(),
  recordId: z.string(),
  /** Empty if the record has none. */
  address: z.string(),
});
/** A record: when it happened, and where. */
export type Moment = Readonly<z.infer<typeof momentSchema>>;

export function momentOf({ at, recordId, address }: Moment): Moment {
  return { at, recordId, address };
}

export function earlier(one: Moment | undefined, other: Moment): Moment {
  return one !== undefined && compare(one, other) < 0 ? one : other;
}

export function later(one: Moment | undefined, other: Moment): Moment {
  return one !== undefined && compare(one, other) > 0 ? one : other;
}

function compare(a: Moment, b: Moment): number {
  return a.at - b.at || compareTexts(a.recordId, b.recordId);
}

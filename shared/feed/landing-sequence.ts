/** The order of ingestion: indexed landings, numbered. */

/** A landing with its number. */
export interface SequencedLanding {
  /** Greater than all numbers assigned before: reading on from a number misses nothing. */
  readonly sequence: number;
  readonly landingId: string;
  readonly blobName: string;
  /** Records that it delivered first; with none there is nothing to read. */
  readonly indexed: number;
  /** It delivered all of its records first, under the ids that they have: no claim has to be read to know. */
  readonly allOwn?: boolean | undefined;
  /** When the oldest content that it landed was created; not kept by earlier releases. */
  readonly oldestContent?: Date | undefined;
}

export interface LandingSequence {
  /** Up to `limit` landings with this number or a later one, in order; fewer only if there are no more. */
  sequenced(tenantId: string, from: number, limit: number): Promise<readonly SequencedLanding[]>;
  /** The newest number; 0 before the first landing is indexed. */
  lastSequence(tenantId: string): Promise<number>;
}

/**
 * The number after the newest one: the milliseconds since 1970, or the next number if that is greater. A reader with an
 * older number continues with everything since, even if numbers were lost: after a purge, or when storage was restored
 * from another region without its last minutes.
 * @param newest undefined if there is none
 */
export function nextSequence(newest: number | undefined, now: Date): number {
  return Math.max((newest ?? 0) + 1, now.getTime());
}

/** A position between two lines of all landings. Everything before it has been read. */
export interface FeedPosition {
  readonly sequence: number;
  /** The next line to read, from 0. */
  readonly line: number;
}

/** Before all landings. */
export const feedBeginning: FeedPosition = { sequence: 1, line: 0 };

/** After everything that is indexed now. */
export async function feedEnd(
  landings: Pick<LandingSequence, 'lastSequence'>,
  tenantId: string,
): Promise<FeedPosition> {
  return { sequence: (await landings.lastSequence(tenantId)) + 1, line: 0 };
}

/** Whether the first position precedes the second. */
export function isBefore(a: FeedPosition, b: FeedPosition): boolean {
  return a.sequence === b.sequence ? a.line < b.line : a.sequence < b.sequence;
}

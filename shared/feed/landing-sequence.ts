/** The order of ingestion: indexed landings, numbered. */

/** A landing with its number. */
export interface SequencedLanding {
  /** Greater than all that were given before: whoever reads on from a number misses nothing. */
  readonly sequence: number;
  readonly landingId: string;
  readonly blobName: string;
  /** Records that are in the index because of it; none means that there is nothing to read. */
  readonly indexed: number;
}

export interface LandingSequence {
  /** Landings of this number and later, in order, at most so many; fewer only where there are no more. */
  sequenced(tenantId: string, from: number, limit: number): Promise<readonly SequencedLanding[]>;
  /** The newest number; 0 before the first landing is indexed. */
  lastSequence(tenantId: string): Promise<number>;
}

/**
 * The number after the newest one: the milliseconds since 1970, or the next number where that is more. Whoever kept a
 * number goes on with whatever came since, also where numbers were lost: after a purge, or when storage came back from
 * another region without its last minutes.
 * @param newest undefined where there is none
 */
export function nextSequence(newest: number | undefined, now: Date): number {
  return Math.max((newest ?? 0) + 1, now.getTime());
}

/** A place between two lines of all landings. Everything before it was given. */
export interface FeedPosition {
  readonly sequence: number;
  /** The next line to look at, from 0. */
  readonly line: number;
}

/** Before all landings. */
export const feedBeginning: FeedPosition = { sequence: 1, line: 0 };

/** Behind everything that is indexed by now. */
export async function feedEnd(
  landings: Pick<LandingSequence, 'lastSequence'>,
  tenantId: string,
): Promise<FeedPosition> {
  return { sequence: (await landings.lastSequence(tenantId)) + 1, line: 0 };
}

/** Whether the first position lies before the second. */
export function isBefore(a: FeedPosition, b: FeedPosition): boolean {
  return a.sequence === b.sequence ? a.line < b.line : a.sequence < b.sequence;
}

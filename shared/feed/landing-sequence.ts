/** The order of ingestion: indexed landings, numbered without a gap. */

/** A landing with its number. */
export interface SequencedLanding {
  /** Number n + 1 is given only after n, so whoever reads on from n misses nothing. */
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
 * The number after the newest one. A tenant's first is the milliseconds since 1970. As no tenant has a thousand
 * landings a second, numbers that begin anew, after a purge, lie beyond all that were given before: whoever kept one of
 * those goes on with whatever came since.
 * @param newest undefined where there is none yet
 */
export function nextSequence(newest: number | undefined, now: Date): number {
  return newest === undefined ? now.getTime() : newest + 1;
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

/** The order of ingestion: indexed landings, numbered without a gap. */

/** A landing with its number. */
export interface SequencedLanding {
  /** From 1. Number n + 1 is given only after n, so whoever reads on from n misses nothing. */
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

/** A place between two lines of all landings. Everything before it was given. */
export interface FeedPosition {
  readonly sequence: number;
  /** The next line to look at, from 0. */
  readonly line: number;
}

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

/** How fast the records of one tenant reach the indexer, which all tenants share. */

/**
 * About as many as one host indexes, two landings at once (bench, part h). A tenant with more has no advantage from
 * sending them earlier, and the landings of others, which are small, would wait behind all of them.
 */
const recordsPerSecond = 2000;

export interface Paced {
  /** When the poll or the import began. */
  readonly since: Date;
  /** Records that it has sent to the indexer before. */
  readonly recordsBefore: number;
  readonly now: Date;
}

/** How long the next landing waits in the queue: whole seconds, in milliseconds. */
export function indexingDelayMs({ since, recordsBefore, now }: Paced): number {
  const earliest = since.getTime() + (recordsBefore / recordsPerSecond) * 1000;
  return Math.max(0, Math.floor((earliest - now.getTime()) / 1000) * 1000);
}

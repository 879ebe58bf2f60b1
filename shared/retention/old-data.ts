/** What is deleted of a tenant when it is older than the tenant's retention; each call is one piece. */

export interface OldClaims {
  /**
   * Deletes some of the claims of records before a moment; those that are deleted concurrently are ignored.
   * @param next where an earlier call said to continue; undefined: at the beginning
   */
  removeClaims(tenantId: string, before: Date, next: string | undefined): Promise<RemovedClaims>;
}

export interface RemovedClaims {
  /** How many this call deleted; there may be more even if it is 0. */
  readonly rows: number;
  /** Where to continue, today or later; undefined: all are deleted. */
  readonly next: string | undefined;
}

export interface RawRemoval {
  /** Deletes a raw blob; succeeds if there is none. False if an immutability policy keeps it. */
  remove(name: string): Promise<boolean>;
}

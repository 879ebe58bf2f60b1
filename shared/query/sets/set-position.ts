/** Where the merge of a set of tenants continues. The set is fixed with its first page. */
import type { KnownNames } from '../known-names.ts';
import type { QueryPosition } from '../record-page.ts';

/** What was found out about the completeness of a tenant before its records were read. */
export interface TenantClaim {
  /** Absent: not everything was listed yet. */
  readonly completeThrough?: Date | undefined;
  /** Records of the range are lost. */
  readonly hasGaps: boolean;
}

/** What holds for all tenants that were opened so far, those included that have no more records. */
export interface SetClaim extends TenantClaim {
  /** Of some tenant it is not known what is complete, so completeThrough is absent. */
  readonly isUnknown: boolean;
}

/** Where the streams of a tenant are. */
export type TenantResume = Pick<QueryPosition, 'cursors' | 'slice'>;

/** A tenant that may have more records. */
export interface TenantPlace {
  readonly tenantId: string;
  /** Absent: it was not opened. */
  readonly claim?: TenantClaim | undefined;
  /** No record that is left precedes this moment in the order of the answer; absent until that is known. */
  readonly head?: Date | undefined;
  /**
   * Position of its next record, found by a page that returned none, so that pages whose budget is soon spent need not all
   * find it again. One that precedes it may have been indexed since.
   */
  readonly next?: string | undefined;
  /** Where the search for its next record stopped, if a page ended before it was found. */
  readonly stopped?: TenantResume | undefined;
}

export interface SetPosition {
  /** Moment of the first page; absent on that. */
  readonly snapshot?: Date | undefined;
  readonly places: readonly TenantPlace[];
  readonly claim: SetClaim;
  /** Order key of the last record returned, of any tenant. */
  readonly last?: string | undefined;
  /** What the filters by name were widened to, for all pages. */
  readonly names?: KnownNames | undefined;
}

export const emptyClaim: SetClaim = { hasGaps: false, isUnknown: false };

/** The claim for one more tenant. */
export function joined(all: SetClaim, { completeThrough, hasGaps }: TenantClaim): SetClaim {
  const isUnknown = all.isUnknown || completeThrough === undefined;
  const known = [all.completeThrough, completeThrough].filter((date) => date !== undefined);
  const earliest = known.length === 0 ? undefined : new Date(Math.min(...known.map(Number)));
  return {
    completeThrough: isUnknown ? undefined : earliest,
    hasGaps: all.hasGaps || hasGaps,
    isUnknown,
  };
}

/** Whether the completeness of all tenants is known. */
export function isOpened(places: readonly TenantPlace[]): boolean {
  return places.every(({ claim }) => claim !== undefined);
}

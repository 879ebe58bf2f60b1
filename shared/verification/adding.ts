/** What a landing explains is added up while it is read, and compared with all claims and all rows of the index at once. */
import type { Month } from '../index/keys.ts';
import type { Balance } from './balance.ts';
import type { ClaimedLines } from './claimed-lines.ts';
import type { KeyedDigest } from './keyed-digest.ts';

/** All claims of the tenant. */
export interface AllClaims {
  readonly claimed: ClaimedLines;
  readonly digest: KeyedDigest;
}

export interface Adding extends AllClaims {
  readonly balance: Balance;
  /** Whether all rows of the month are read later; those of other months are read one by one. */
  readonly isAdded: (month: Month) => boolean;
}

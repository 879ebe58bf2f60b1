/** Why something is permanently lost, and what to do about it, for people; docs/operations.md has the same sentences. */
import type { GapReason } from './ledger.ts';

interface Explanation {
  readonly message: string;
  readonly cure: string;
}

export const gapReasons: Readonly<Record<GapReason, Explanation>> = {
  feedExpired: {
    message: 'The tenant was not listed for more than seven days.',
    cure: 'Get the tenant: its checks show whether consent was lost. If they passed, collection stopped: read Silence in docs/operations.md.',
  },
  feedStopped: {
    message:
      'The subscription was stopped, or auditing was off, at some time in this range: Microsoft published nothing meanwhile.',
    cure: 'Find out who did it (operations=Set-AdminAuditLogConfig). Turn auditing on if it is still off: start an enablement.',
  },
  contentGone: {
    message: 'Microsoft listed a content blob, and then answered for an hour that it does not exist.',
    cure: 'Nothing. If there are many, contact Microsoft support.',
  },
  contentExpired: {
    message: 'A content blob could not be fetched in any attempt before it expired.',
    cure: 'Find the cause by its code: throttling or an outage.',
  },
  contentRejected: {
    message: 'A body was not a list of records, at every attempt.',
    cure: 'Its whole records are collected, and it is kept as received. Download it, release it, or give it up: read Rejected bodies in docs/operations.md.',
  },
  contentUnusable: {
    message: 'Microsoft listed a content blob without a usable ID or address; the code says which.',
    cure: 'Contact Microsoft support.',
  },
  landingGivenUp: {
    message: 'The records are stored, but an operator gave up indexing them.',
    cure: 'Fix the cause, then replay the poison message of the landing: the gap ends when it is indexed. Read Messages in a poison queue in docs/operations.md.',
  },
};

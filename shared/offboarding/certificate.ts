/** What a purge that has ended certifies: what was deleted, who requested it, and what remains. */
import { publicRemoval, type Removal } from './removal.ts';

/** What no purge deletes, and why. */
export const remaining = [
  { what: 'removal', why: 'This record of the removal, as evidence of what was deleted.' },
  { what: 'accessLog', why: 'Who called the API, without any record; deleted when its days are over.' },
  { what: 'legalHolds', why: 'Who placed and lifted legal holds, when, and why, as evidence.' },
  {
    what: 'checkpoints',
    why: 'Hashes of the chains of all tenants, once a day, and statements of what was missing; they hold the ID of the tenant, IDs of content blobs, and no record.',
  },
  {
    what: 'shortLived',
    why: 'Positions of long queries and encrypted answers to repeated requests; deleted within two days.',
  },
  {
    what: 'telemetry',
    why: 'Events with the ID of the tenant and no record, if they are sent to Application Insights, for its own days.',
  },
  {
    what: 'softDeleted',
    why: 'What soft delete or versioning of the storage account keeps for its own days, if they are on.',
  },
] as const;

/** As the result of a removal shows it: with a certificate if it was a purge that has succeeded. */
export function publicRemovalResult(removal: Removal) {
  const { status, request } = removal;
  const isCertain = status === 'Succeeded' && request.purge && removal.errorCode !== supersededCode;
  return { ...publicRemoval(removal), certificate: isCertain ? certificateOf(removal) : undefined };
}

/** Of a removal that deletes nothing more, because another one or a new registration took over. */
export const supersededCode = 'RemovalSuperseded';

function certificateOf({ tenantId, createdBy, state, ...removal }: Removal) {
  return {
    tenantId,
    requestedBy: createdBy,
    requestedDateTime: removal.createdDateTime.toISOString(),
    beganDateTime: state.beganDateTime?.toISOString(),
    endedDateTime: removal.lastActionDateTime.toISOString(),
    deleted: state.places,
    remaining: [...remaining],
  };
}

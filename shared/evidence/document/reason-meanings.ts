/** What the reasons against completeness mean; docs/evidence.md has the same sentences. */
import type { IncompleteReason } from '../certificate.ts';

export const reasonMeanings: Readonly<Record<IncompleteReason, string>> = {
  notYetComplete: 'the range ends after completeThrough: something is not listed, landed, or indexed yet',
  gaps: 'something is permanently lost, see gaps',
  rejectedContent: 'a body could not be read throughout, and is fetched again',
  beforeCollection: 'the range begins before a content type was collected',
  collectionStartUnknown:
    'a content type was never listed, or first listed by a release that did not record when',
  deletedByRetention:
    'the range begins before retainedFromDateTime, or less than seven days after it: the retention deletes older records, which Microsoft may have published that late',
  landingsNotIndexed: 'a landing of the range is not in the index',
  landingsNotLinked:
    'a landing of the range was indexed by an earlier release, so its text has no hash in the chain; npm run reindex links it',
  chainBroken: 'a link is missing, was altered, or does not follow the one before it: fault, faultNumber',
  checkpointDiffers: 'a checkpoint was altered, or names a link that the chain no longer has',
  notInCheckpoint:
    'a checkpoint has none of the tenant, although its chain had begun more than an hour before',
  statementDiffers:
    'what was missing when a checkpoint was taken is neither missing nor landed now, collection is said to have begun earlier than then, or the statement of that day is gone',
};

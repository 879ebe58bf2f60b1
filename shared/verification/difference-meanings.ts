/** Why each kind of difference matters, and what to do about it, for people; docs/operations.md says more. */
import type { DifferenceKind } from './difference.ts';

interface Explanation {
  readonly message: string;
  readonly cure: string;
}

const reindex = 'Run npm run reindex for the day of its landing, then verify again.';
const restoreBlob =
  'Restore the raw blob as it was: read Verification in docs/operations.md. Do not reindex before that.';
const restoreRow =
  'Find out who changed the table, and restore the row: read Verification in docs/operations.md.';

export const differenceMeanings: Readonly<Record<DifferenceKind, Explanation>> = {
  rawBlobMissing: { message: 'The raw blob of a landing does not exist.', cure: restoreBlob },
  rawBlobTruncated: { message: 'A raw blob ends before the end of its text.', cure: restoreBlob },
  rawBlobDamaged: { message: 'A raw blob cannot be decompressed.', cure: restoreBlob },
  rawBlobDiffers: {
    message: 'A raw blob does not have the lines that its name and metadata say.',
    cure: restoreBlob,
  },
  textHashDiffers: { message: 'The text of a raw blob is not the text that landed.', cure: restoreBlob },
  recordDiffers: {
    message: 'A line of a raw blob is not the record that was indexed from it.',
    cure: restoreBlob,
  },
  landingRowMissing: {
    message: 'A raw blob has records that are indexed, but no row as a landing.',
    cure: reindex,
  },
  landingRowDiffers: {
    message: 'The row of a landing does not say what its raw blob contains.',
    cure: restoreRow,
  },
  landingMissing: { message: 'The ledger names a landing that does not exist.', cure: restoreRow },
  ledgerRowMissing: { message: 'A content blob landed, but the ledger does not say so.', cure: restoreRow },
  ledgerRowDiffers: { message: 'The ledger does not say of a content blob what landed.', cure: restoreRow },
  claimMissing: { message: 'A record has no claim, so it may not be in the index.', cure: reindex },
  claimDiffers: {
    message: 'The claim of a record differs from the one that indexing writes.',
    cure: restoreRow,
  },
  ownerMissing: {
    message: 'A record counts as a duplicate of one in a landing that does not exist.',
    cure: restoreRow,
  },
  rowMissing: { message: 'A record lacks a row in the index.', cure: reindex },
  rowDiffers: { message: 'A row in the index does not say what the record says.', cure: reindex },
  rowUnexplained: {
    message: 'A row in the index belongs to no record that landed.',
    cure: 'If claims are missing or differ as well, restore these first, then verify again. Otherwise find out who wrote it: read Verification in docs/operations.md.',
  },
  linkMissing: {
    message: 'A landing has no link in the chain of landings.',
    cure: 'Landings that a host of an earlier release indexed get theirs with npm run reindex. A link that existed was deleted: read Verification in docs/operations.md.',
  },
  linkDiffers: { message: 'A link of the chain differs from the one that was made.', cure: restoreRow },
  headDiffers: { message: 'The end of the chain is not where it was: links were cut off.', cure: restoreRow },
  rowOutdated: {
    message: 'A row was written by an earlier release: newer filters do not find it.',
    cure: reindex,
  },
};

/** What a verification can find to differ. */
import * as z from 'zod';

export const differenceKinds = [
  'rawBlobMissing',
  'rawBlobTruncated',
  'rawBlobDamaged',
  'rawBlobDiffers',
  'textHashDiffers',
  'recordDiffers',
  'landingRowMissing',
  'landingRowDiffers',
  'landingMissing',
  'ledgerRowMissing',
  'ledgerRowDiffers',
  'claimMissing',
  'claimDiffers',
  'ownerMissing',
  'rowMissing',
  'rowDiffers',
  'rowOutdated',
  'rowUnexplained',
  'linkMissing',
  'linkDiffers',
  'headDiffers',
] as const;
export type DifferenceKind = (typeof differenceKinds)[number];

export const differenceSchema = z.strictObject({
  kind: z.enum(differenceKinds),
  landingId: z.string().optional(),
  blobName: z.string().optional(),
  /** Microsoft's ID of the content blob. */
  contentId: z.string().optional(),
  recordId: z.string().optional(),
  /** Of the raw blob, from 0. */
  line: z.int().optional(),
  /** Of the index: month and dimension. */
  table: z.string().optional(),
  /** What was compared, with numbers and names of columns; never a text of a record. */
  detail: z.string().optional(),
  /** Of the chain, from 1. */
  link: z.int().optional(),
});
/** Names the place where two things that must agree do not. */
export type Difference = Readonly<z.output<typeof differenceSchema>>;

/** A verification: everything that storage holds of a tenant's records, compared. */
import * as z from 'zod';
import type { Operation, OperationKind } from '../operations/operation.ts';
import type { OperationStore } from '../operations/operation-store.ts';
import { storedDate } from '../stored-date.ts';
import { differenceKinds, differenceSchema } from './difference.ts';
import { nothingFound } from './findings.ts';

/** `full`: every landing is read and compared with the index; `sample`: some of them. */
export const verificationModes = ['full', 'sample'] as const;
export type VerificationMode = (typeof verificationModes)[number];

const requestSchema = z.strictObject({
  /** Absent: full, unless there are many landings. */
  mode: z.enum(verificationModes).optional(),
  /** How many landings a sample has, about. */
  sampleSize: z.int().optional(),
  /** Selects the sample: the same seed selects the same landings. */
  seed: z.string().optional(),
  /** Landed in [from, to). */
  from: storedDate.optional(),
  to: storedDate,
});
export type VerificationRequest = Readonly<z.output<typeof requestSchema>>;

export const verificationPhases = [
  'chain',
  'ledger',
  'landings',
  'index',
  'differing',
  'unexplained',
  'done',
] as const;

const progressSchema = z.strictObject({
  phase: z.enum(verificationPhases),
  /** Where the phase continues: after this landing or place of the index, or with this part of the ledger. */
  after: z.string().optional(),
  /** The last link that was verified. */
  link: z.strictObject({ number: z.int(), hash: z.string() }).optional(),
  /** Share of the landings that are read; 1 for all. Absent until it is decided. */
  share: z.number().optional(),
  landings: z.int(),
  /** Of them, those that were read and compared with the index. */
  compared: z.int(),
  /** Of them, those that are not indexed yet: only their raw blobs and rows were compared. */
  pending: z.int(),
  records: z.int(),
  /** Rows of the index. */
  rows: z.int(),
  /** Rows of the index of which it was checked whether a record explains them; absent: none yet. */
  explained: z.int().optional(),
  /** What records explain and the index does not have, or the reverse, in sums; absent in a sample. */
  balance: z.string().optional(),
  counts: z.partialRecord(z.enum(differenceKinds), z.int()),
  /** The first ones; `counts` has all. */
  listed: z.array(differenceSchema).readonly(),
});
export type VerificationProgress = Readonly<z.output<typeof progressSchema>>;

/** One at a time in a tenant; it is kept for a year, to show what was verified and when. */
export const verificationKind: OperationKind<VerificationRequest, VerificationProgress> = {
  name: 'verifications',
  noun: 'Verification',
  request: requestSchema,
  state: progressSchema,
  isExclusive: true,
  keepMs: 366 * 24 * 60 * 60_000,
};

export type Verification = Operation<VerificationRequest, VerificationProgress>;
export type VerificationStore = OperationStore<VerificationRequest, VerificationProgress>;

export const nothingVerified: VerificationProgress = {
  ...nothingFound,
  phase: 'chain',
  landings: 0,
  compared: 0,
  pending: 0,
  records: 0,
  rows: 0,
};

/** What landed a moment ago may still be on its way into the ledger. */
export const settleMs = 15 * 60_000;

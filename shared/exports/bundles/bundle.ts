/** A bundle: an export of several tenants, to one file or to a file for each. */
import * as z from 'zod';
import { closeBatch, type BatchState } from '../../batches/batch-work.ts';
import { membersCodec } from '../../batches/member.ts';
import type { Operation, OperationKind } from '../../operations/operation.ts';
import type { OperationStore } from '../../operations/operation-store.ts';
import { storedDate } from '../../stored-date.ts';
import { exportProgressSchema, exportRequestSchema, knownNamesSchema } from '../export.ts';

export const bundleLayouts = ['oneFile', 'filePerTenant'] as const;

const bundleRequestSchema = exportRequestSchema.extend({
  /** The set, as `canonicalSet` writes it; which tenants it had is in the state. */
  tenants: z.string(),
  layout: z.enum(bundleLayouts),
});
export type BundleRequest = z.infer<typeof bundleRequestSchema>;

const tenantSchema = {
  tenantId: z.guid(),
  displayName: z.string(),
  /** How complete the records were when it was the turn of the tenant. */
  completeThrough: storedDate.optional(),
  isPartial: z.boolean(),
  isPending: z.boolean(),
  hasGaps: z.boolean(),
};

/** The records of one tenant in the file. */
const partSchema = z.strictObject({ ...tenantSchema, recordCount: z.int() });
export type BundlePart = Readonly<z.output<typeof partSchema>>;

/** The tenant whose records are being written. */
const turnSchema = z.strictObject({
  ...tenantSchema,
  /** Of its records that are written. */
  recordCount: z.int(),
  /** The end of its range, where what is complete was requested. */
  completeTo: storedDate.optional(),
  names: knownNamesSchema,
});
export type BundleTurn = Readonly<z.output<typeof turnSchema>>;

const fileSchema = z.strictObject({
  /** Records ingested later are left out, unless they are from before completeThrough of their tenant. */
  ingestedThrough: storedDate,
  /** In the order of the file. */
  parts: z.array(partSchema).readonly(),
  turn: turnSchema.optional(),
  progress: exportProgressSchema,
  /** Of the whole file, lower-case hex; once it has succeeded. */
  sha256: z.string().optional(),
});
export type BundleFile = Readonly<z.output<typeof fileSchema>>;

export interface BundleState extends BatchState {
  /** For one file only. */
  readonly file?: BundleFile | undefined;
}

const hourMs = 60 * 60_000;

/** One file must be written within this time after the request. */
export const longestWritingMs = 24 * hourMs;
/** How long one file is kept after the last progress. */
export const oneFileKeptMs = 24 * hourMs;
/**
 * No file of several tenants exists for longer after its request: the monitor is given some time. A purge of a tenant that
 * begins later than this after its request cannot leave its records in one, as the tenant is in no bundle that is requested
 * after that.
 */
export const longestFileLifeMs = longestWritingMs + oneFileKeptMs + 2 * hourMs;

const listKeptMs = 7 * 24 * hourMs;

export const bundleKind: OperationKind<BundleRequest, BundleState> = {
  name: 'bundles',
  noun: 'Bundle',
  request: bundleRequestSchema,
  state: z.strictObject({ members: membersCodec, file: fileSchema.optional() }),
  isCanceledByRun: true,
  close: closeBatch,
  keepMsOf: ({ layout }) => (layout === 'oneFile' ? oneFileKeptMs : listKeptMs),
};

export type Bundle = Operation<BundleRequest, BundleState>;
export type BundleStore = OperationStore<BundleRequest, BundleState>;

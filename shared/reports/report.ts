/** A report about one tenant, as an operation; it is rendered in any form when it is read. */
import * as z from 'zod';
import type { Operation, OperationKind } from '../operations/operation.ts';
import type { OperationStore } from '../operations/operation-store.ts';
import { storedDate } from '../stored-date.ts';
import { gapSchema } from './document.ts';

/** What was requested. */
export const reportRequestSchema = z.strictObject({
  /** Name of a {@link ReportKind}. */
  kind: z.string(),
  /** The range, half-open. */
  from: storedDate,
  to: storedDate,
  /** Options of the kind, as its schema returned them. */
  options: z.record(z.string(), z.json()),
});
export type ReportRequest = Readonly<z.output<typeof reportRequestSchema>>;

const stateSchema = z.strictObject({
  displayName: z.string(),
  /** Records ingested later are left out, however long it takes, unless they are from before completeThrough. */
  ingestedThrough: storedDate,
  /** How complete the records were when it was requested. */
  completeThrough: storedDate.optional(),
  isPartial: z.boolean(),
  isPending: z.boolean(),
  hasGaps: z.boolean(),
  gaps: z.array(gapSchema).readonly(),
  gapsOmitted: z.int(),
  /** Read so far. */
  records: z.int(),
  /** The run whose file has the inputs; absent: none was saved. */
  inputs: z.int().optional(),
  /** The run whose file has the checkpoint; absent: none was saved. */
  checkpoint: z.int().optional(),
  /** Of the document; once it has succeeded. */
  bytes: z.int().optional(),
});
export type ReportState = Readonly<z.output<typeof stateSchema>>;

export const reportOperationKind: OperationKind<ReportRequest, ReportState> = {
  name: 'reports',
  noun: 'Report',
  request: reportRequestSchema,
  state: stateSchema,
  keepMs: 7 * 24 * 60 * 60_000,
};

export type ReportOperation = Operation<ReportRequest, ReportState>;
export type ReportStore = OperationStore<ReportRequest, ReportState>;

/** Reports on several tenants: one in each tenant of a set, read together. */
import * as z from 'zod';
import { closeBatch, type BatchState } from '../../batches/batch-work.ts';
import { membersCodec } from '../../batches/member.ts';
import type { Operation, OperationKind } from '../../operations/operation.ts';
import type { OperationStore } from '../../operations/operation-store.ts';
import { reportRequestSchema } from '../report.ts';

const reportSetRequestSchema = reportRequestSchema.extend({
  /** The set, as `canonicalSet` writes it; which tenants it had is in the state. */
  tenants: z.string(),
});
export type ReportSetRequest = Readonly<z.output<typeof reportSetRequestSchema>>;

export const reportSetKind: OperationKind<ReportSetRequest, BatchState> = {
  name: 'reportSets',
  noun: 'ReportSet',
  request: reportSetRequestSchema,
  state: z.strictObject({ members: membersCodec }),
  isCanceledByRun: true,
  close: closeBatch,
  keepMs: 7 * 24 * 60 * 60_000,
};

export type ReportSet = Operation<ReportSetRequest, BatchState>;
export type ReportSetStore = OperationStore<ReportSetRequest, BatchState>;

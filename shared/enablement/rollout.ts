/** A rollout: an enablement in each tenant of a set. */
import * as z from 'zod';
import { closeBatch, type BatchState } from '../batches/batch-work.ts';
import { membersCodec } from '../batches/member.ts';
import type { Operation, OperationKind } from '../operations/operation.ts';
import type { OperationStore } from '../operations/operation-store.ts';
import { enablementRequestSchema } from './enablement.ts';

const rolloutRequestSchema = z.strictObject({
  /** The set, as `canonicalSet` writes it; which tenants it had is in the state. */
  tenants: z.string(),
  enablement: enablementRequestSchema,
});
export type RolloutRequest = z.infer<typeof rolloutRequestSchema>;

export const rolloutKind: OperationKind<RolloutRequest, BatchState> = {
  name: 'rollouts',
  noun: 'Rollout',
  request: rolloutRequestSchema,
  state: z.strictObject({ members: membersCodec }),
  isCanceledByRun: true,
  close: closeBatch,
  keepMs: 7 * 24 * 60 * 60_000,
};

export type Rollout = Operation<RolloutRequest, BatchState>;
export type RolloutStore = OperationStore<RolloutRequest, BatchState>;

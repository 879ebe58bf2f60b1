/** A rollout as answers show it. */
import {
  pageOfBatch,
  publicBatchStatus,
  publicProgress,
  type BatchPageDeps,
  type ChildError,
} from '../batches/public-batch.ts';
import { resultOf, type OperationResult } from '../operations/operation-result.ts';
import { publicError, publicHistory } from '../operations/public-operation.ts';
import type { Enablement, EnablementRequest, EnablementState } from './enablement.ts';
import { rolloutKind, type Rollout } from './rollout.ts';

export function publicRollout(one: Rollout) {
  return {
    id: one.id,
    status: publicBatchStatus(one),
    tenants: one.request.tenants,
    dryRun: one.request.enablement.dryRun,
    ...publicProgress(one),
    ...publicHistory(one),
    expiresDateTime: one.expiresDateTime?.toISOString(),
    ...publicError(one),
  };
}

/** Cancellation has a result, as with an enablement: the table says what was done until then. */
export function rolloutResult(one: Rollout): OperationResult {
  return one.status === 'Canceled' ? { status: 200 } : resultOf(rolloutKind, one);
}

type Page = Parameters<typeof pageOfBatch<EnablementRequest, EnablementState>>[1];

/** The table of its tenants. @throws RequestError 400 for an invalid skip token */
export async function pageOfRollout(
  deps: BatchPageDeps<EnablementRequest, EnablementState>,
  page: Omit<Page, 'errorOf'>,
) {
  const { value, nextLink } = await pageOfBatch(deps, { ...page, errorOf });
  const rows = value.map(({ operationId, ...row }) => ({ ...row, enablementId: operationId }));
  return { value: rows, nextLink };
}

/** That of the first step that failed: what is wrong with the others often follows from it. */
function errorOf({ errorCode, errorMessage, state: { steps } }: Enablement): ChildError {
  if (errorCode !== undefined) return { errorCode, errorMessage };
  const failed =
    steps.find(({ status }) => status === 'Failed') ?? steps.find(({ status }) => status === 'Waiting');
  return { errorCode: failed?.errorCode, errorMessage: failed?.errorMessage };
}

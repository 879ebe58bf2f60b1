/** Queues that only record their messages. */
import type { TenantCheckMessage, TenantCheckQueue } from '../../../shared/tenants/check-tenant.ts';
import type { OperationMessage, OperationQueue } from '../../../shared/operations/operation.ts';
import type { IndexRequest, PollRequest, WorkQueues } from '../../../shared/landing/work-queues.ts';

export interface FakeWorkQueues extends WorkQueues, TenantCheckQueue, OperationQueue {
  readonly tenantChecks: readonly { readonly message: TenantCheckMessage; readonly delayMs: number }[];
  readonly operations: readonly { readonly message: OperationMessage; readonly delayMs: number }[];
  readonly indexRequests: readonly IndexRequest[];
  /** Milliseconds, in the order of the index requests. */
  readonly indexDelays: readonly number[];
  readonly pollRequests: PollRequest[];
  /** Milliseconds, in the order of the poll requests. */
  readonly pollDelays: readonly number[];
}

export function createFakeWorkQueues(): FakeWorkQueues {
  const indexRequests: IndexRequest[] = [];
  const indexDelays: number[] = [];
  const pollRequests: PollRequest[] = [];
  const pollDelays: number[] = [];
  const tenantChecks: { message: TenantCheckMessage; delayMs: number }[] = [];
  const operations: { message: OperationMessage; delayMs: number }[] = [];
  return {
    indexRequests,
    indexDelays,
    pollRequests,
    pollDelays,
    tenantChecks,
    operations,
    requestTenantCheck: async (message, delayMs) => {
      tenantChecks.push({ message, delayMs });
      await Promise.resolve();
    },
    requestOperationRun: async (message, delayMs) => {
      operations.push({ message, delayMs });
      await Promise.resolve();
    },
    requestIndexing: async (request, delayMs = 0) => {
      indexRequests.push(request);
      indexDelays.push(delayMs);
      await Promise.resolve();
    },
    requestPoll: async (request, delayMs = 0) => {
      pollRequests.push(request);
      pollDelays.push(delayMs);
      await Promise.resolve();
    },
  };
}

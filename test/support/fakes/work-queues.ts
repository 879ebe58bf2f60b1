/** Queues that only remember what was asked for. */
import type { TenantCheckMessage, TenantCheckQueue } from '../../../shared/tenants/check-tenant.ts';
import type { RemovalMessage, RemovalQueue } from '../../../shared/tenants/removal.ts';
import type { IndexRequest, PollRequest, WorkQueues } from '../../../shared/landing/landing.ts';

export interface FakeWorkQueues extends WorkQueues, TenantCheckQueue, RemovalQueue {
  readonly tenantChecks: readonly { readonly message: TenantCheckMessage; readonly delayMs: number }[];
  readonly removals: readonly { readonly message: RemovalMessage; readonly delayMs: number }[];
  readonly indexRequests: readonly IndexRequest[];
  readonly pollRequests: readonly PollRequest[];
}

export function createFakeWorkQueues(): FakeWorkQueues {
  const indexRequests: IndexRequest[] = [];
  const pollRequests: PollRequest[] = [];
  const tenantChecks: { message: TenantCheckMessage; delayMs: number }[] = [];
  const removals: { message: RemovalMessage; delayMs: number }[] = [];
  return {
    indexRequests,
    pollRequests,
    tenantChecks,
    removals,
    requestTenantCheck: async (message, delayMs) => {
      tenantChecks.push({ message, delayMs });
      await Promise.resolve();
    },
    requestRemoval: async (message, delayMs) => {
      removals.push({ message, delayMs });
      await Promise.resolve();
    },
    requestIndexing: async (request) => {
      indexRequests.push(request);
      await Promise.resolve();
    },
    requestPoll: async (request) => {
      pollRequests.push(request);
      await Promise.resolve();
    },
  };
}

/** Queues that only remember what was asked for. */
import type { IndexRequest, PollRequest, WorkQueues } from '../../../shared/landing/landing.ts';

export interface FakeWorkQueues extends WorkQueues {
  readonly indexRequests: readonly IndexRequest[];
  readonly pollRequests: readonly PollRequest[];
}

export function createFakeWorkQueues(): FakeWorkQueues {
  const indexRequests: IndexRequest[] = [];
  const pollRequests: PollRequest[] = [];
  return {
    indexRequests,
    pollRequests,
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

/** Counts the requests to the simulator. */

import {
  createExchangeCounters,
  type ExchangeCounters,
  type ExchangeSnapshot,
} from './exchange/exchange-counters.ts';
import { isActivityCall, type Call, type Operation } from './calls.ts';

type Counts = Readonly<Partial<Record<Operation, number>>>;

interface CounterSnapshot {
  /** Requests by operation. */
  readonly requests: Counts;
  /** Requests by tenant id, then by operation. */
  readonly requestsByTenant: Readonly<Record<string, Counts>>;
  /** Activity API requests without the expected PublisherIdentifier (any is accepted if none is expected). */
  readonly missingPublisherIdentifier: number;
  /** The maximum number of concurrent requests. */
  readonly maxConcurrentRequests: number;
  readonly exchange: ExchangeSnapshot;
}

export interface Counters {
  readonly exchange: ExchangeCounters;
  /** Counts a request and returns a function to call when it is finished. */
  begin(call: Call): () => void;
  snapshot(): CounterSnapshot;
  reset(): void;
}

/** @param expectedPublisherId the vendor tenant's id; undefined accepts any PublisherIdentifier */
export const createCounters = (expectedPublisherId: string | undefined): Counters => {
  const requests = new Map<Operation, number>();
  const byTenant = new Map<string, Map<Operation, number>>();
  const exchange = createExchangeCounters();
  let missingPublisher = 0;
  let open = 0;
  let maxOpen = 0;

  const begin = (call: Call): (() => void) => {
    increment(requests, call.operation);
    if (call.tenantId !== undefined) incrementForTenant(byTenant, call.tenantId, call.operation);
    if (lacksPublisher(call, expectedPublisherId)) missingPublisher += 1;
    open += 1;
    maxOpen = Math.max(maxOpen, open);
    return () => {
      open -= 1;
    };
  };

  const reset = (): void => {
    requests.clear();
    byTenant.clear();
    exchange.reset();
    missingPublisher = 0;
    maxOpen = open;
  };

  const snapshot = (): CounterSnapshot => ({
    requests: Object.fromEntries(requests),
    requestsByTenant: Object.fromEntries(
      [...byTenant].map(([tenantId, counts]) => [tenantId, Object.fromEntries(counts)]),
    ),
    missingPublisherIdentifier: missingPublisher,
    maxConcurrentRequests: maxOpen,
    exchange: exchange.snapshot(),
  });

  return { exchange, begin, snapshot, reset };
};

const increment = (counts: Map<Operation, number>, operation: Operation): void => {
  counts.set(operation, (counts.get(operation) ?? 0) + 1);
};

const incrementForTenant = (
  byTenant: Map<string, Map<Operation, number>>,
  tenantId: string,
  operation: Operation,
): void => {
  const counts = byTenant.get(tenantId) ?? new Map<Operation, number>();
  increment(counts, operation);
  byTenant.set(tenantId, counts);
};

const lacksPublisher = (call: Call, expected: string | undefined): boolean =>
  isActivityCall(call) &&
  (call.publisherId === undefined || (expected !== undefined && call.publisherId !== expected));

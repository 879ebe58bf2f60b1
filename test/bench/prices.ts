/** What the operations that the benchmark counts cost at list prices. */
import { dollarsOfOperations, prices, type StorageOperation } from '../../shared/telemetry/prices.ts';
import type { OperationCounts } from './counting-proxy.ts';

const operations = Object.keys(prices.perTenThousand) as readonly StorageOperation[];

/** What the operations cost, in US dollars; capacity is not in it. */
export function dollarsOf(counts: OperationCounts): number {
  return dollarsOfOperations(operations.map((operation) => [operation, counts[operation]]));
}

/** What Azure charges, in US dollars, for estimates. */

export type StorageOperation = 'blobWrites' | 'blobReads' | 'tableReads' | 'tableWrites' | 'queueOperations';

/**
 * Storage: standard, locally redundant, hot tier; an entity-group transaction counts once. Compute: Flex Consumption on
 * demand, without the monthly free grant (100,000 GB-s and 250,000 executions).
 * @see https://azure.microsoft.com/pricing/details/storage/blobs/
 * @see https://azure.microsoft.com/pricing/details/functions/
 */
export const prices = {
  asOf: '2026-11',
  source:
    'list prices of Azure Storage (LRS, hot) and Functions (Flex Consumption), West Europe/East US order of magnitude, as of 2026-11; check before quoting',
  perTenThousand: {
    blobWrites: 0.055,
    blobReads: 0.0044,
    tableReads: 0.00036,
    tableWrites: 0.00036,
    queueOperations: 0.0004,
  },
  perGigabyteMonth: { table: 0.045, blob: 0.0184 },
  compute: { perGigabyteSecond: 0.000026, perMillionExecutions: 0.4 },
} as const;

/** Memory of an instance, in gigabytes; infra/ deploys no larger one. */
const instanceGigabytes = 0.5;
const shortestBilledSeconds = 1;

/** What the operations cost; capacity is not in it. */
export function dollarsOfOperations(counts: Iterable<readonly [StorageOperation, number]>): number {
  let dollars = 0;
  for (const [operation, count] of counts) dollars += (count * prices.perTenThousand[operation]) / 10_000;
  return dollars;
}

/**
 * What one execution costs when it has the instance to itself. Azure bills an instance once for all that runs on it at
 * the same moment, so the sum over many executions is an upper bound.
 */
export function dollarsOfExecution(durationMs: number): number {
  const { perGigabyteSecond, perMillionExecutions } = prices.compute;
  const seconds = Math.max(durationMs / 1000, shortestBilledSeconds);
  return seconds * instanceGigabytes * perGigabyteSecond + perMillionExecutions / 1_000_000;
}

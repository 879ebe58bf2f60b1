/** What Azure Storage charges, in US dollars. */
import type { OperationCounts } from './counting-proxy.ts';

/** Standard storage, locally redundant, hot tier; an entity-group transaction of a table counts once. */
export const prices = {
  asOf: '2026-11',
  source:
    'list prices of Azure Storage (LRS, hot), West Europe/East US order of magnitude, as of 2026-11; check before quoting',
  perTenThousand: {
    blobWrites: 0.055,
    blobReads: 0.0044,
    tableReads: 0.00036,
    tableWrites: 0.00036,
    queueOperations: 0.0004,
  },
  perGigabyteMonth: { table: 0.045, blob: 0.0184 },
} as const;

/** What the operations cost; capacity is not in it. */
export function dollarsOf(counts: OperationCounts): number {
  const { perTenThousand } = prices;
  const dollars =
    counts.blobWrites * perTenThousand.blobWrites +
    counts.blobReads * perTenThousand.blobReads +
    counts.tableReads * perTenThousand.tableReads +
    counts.tableWrites * perTenThousand.tableWrites +
    counts.queueOperations * perTenThousand.queueOperations;
  return dollars / 10_000;
}

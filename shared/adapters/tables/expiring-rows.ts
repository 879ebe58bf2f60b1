/** Expired rows of `AccessLog`, `Repeats`, `Webhooks` and `Consents`. */
import { odata } from '@azure/data-tables';
import type { ExpiringKind, ExpiringRows } from '../../retention/purge-expired.ts';
import { deleteRows } from './delete-rows.ts';
import type { FixedTable } from './table-names.ts';
import type { Tables } from './tables.ts';

interface Expired {
  readonly table: FixedTable;
  readonly filter: (before: Date) => string;
}

/**
 * Days of the access log are partitions, so storage reads only what is deleted. The keys of the other three are hashes,
 * so storage scans the table; purged every day, they hold three days of rows, or the links of a week.
 */
const expired: Readonly<Record<ExpiringKind, Expired>> = {
  accessLog: {
    table: 'AccessLog',
    filter: (before) => odata`PartitionKey lt ${before.toISOString().slice(0, 10)}`,
  },
  repeats: { table: 'Repeats', filter: (before) => odata`at lt ${before.toISOString()}` },
  webhooks: {
    table: 'Webhooks',
    filter: (before) => odata`PartitionKey eq 'id' and at lt ${before.toISOString()}`,
  },
  consents: {
    table: 'Consents',
    filter: (before) => odata`PartitionKey eq 'state' and expiresAt lt ${before.toISOString()}`,
  },
};

export function createExpiringRows(tables: Tables): ExpiringRows {
  return {
    async remove(kind, before, budget) {
      const { table, filter } = expired[kind];
      let rows = 0;
      for await (const count of deleteRows(tables, table, filter(before))) {
        rows += count;
        if (count > 0 && budget.aborted) return { rows, finished: false };
      }
      return { rows, finished: true };
    },
  };
}

/**
 * Expired rows of `AccessLog`, `Repeats`, `Webhooks`, `Consents`, `PageTokens`, `PoisonMessages`, `ChannelDeliveries`, and
 * `WatchStates`.
 */
import { odata } from '@azure/data-tables';
import type { ExpiringKind, ExpiringRows } from '../../retention/purge-expired.ts';
import { deleteRows } from './delete-rows.ts';
import type { FixedTable } from './table-names.ts';
import type { Tables } from './tables.ts';

/**
 * Days of the access log are partitions, so storage reads only what is deleted. The keys of the others are hashes,
 * so storage scans the table; purged every day, they hold three days of rows, or the links of a week.
 */
function expired(kind: ExpiringKind, before: Date): readonly [table: FixedTable, filter: string] {
  const time = before.toISOString();
  switch (kind) {
    case 'accessLog':
      return ['AccessLog', odata`PartitionKey lt ${time.slice(0, 10)}`];
    case 'repeats':
      return ['Repeats', odata`at lt ${time}`];
    case 'webhooks':
      return ['Webhooks', odata`PartitionKey eq 'id' and at lt ${time}`];
    case 'pageTokens':
      return ['PageTokens', odata`at lt ${time}`];
    case 'poisonMessages':
      return ['PoisonMessages', odata`at lt ${time}`];
    case 'channelDeliveries':
      return ['ChannelDeliveries', odata`sentDateTime lt ${time}`];
    case 'watchStates':
      return ['WatchStates', odata`at lt ${time}`];
    case 'consents':
      return ['Consents', odata`PartitionKey eq 'state' and expiresAt lt ${time}`];
  }
}

export function createExpiringRows(tables: Tables): ExpiringRows {
  return {
    async remove(kind, before, budget) {
      const [table, filter] = expired(kind, before);
      let rows = 0;
      for await (const count of deleteRows(tables, table, filter)) {
        rows += count;
        if (count > 0 && budget.aborted) return { rows, finished: false };
      }
      return { rows, finished: true };
    },
  };
}

/** Table `PoisonMessages`: a row for each message that failed too often, in the partition of its tenant. */
import { odata } from '@azure/data-tables';
import { messageIdsSchema } from '../../poison/message-ids.ts';
import { poisonMessageSchema, type PoisonMessages } from '../../poison/poison-message.ts';
import { jsonColumn } from './columns.ts';
import { openRows } from './rows.ts';
import { isWritten, type Tables } from './tables.ts';

const columns = poisonMessageSchema
  .omit({ id: true, tenantId: true })
  .extend({ ids: jsonColumn(messageIdsSchema) });

/** The partition of messages that name no tenant. */
const noTenant = 'none';

export function createPoisonMessageStore(tables: Tables): PoisonMessages {
  const rows = openRows(tables, {
    table: 'PoisonMessages',
    columns,
    toRow: (message, { partitionKey, rowKey: id, etag }) => ({
      ...message,
      ...(partitionKey === noTenant ? {} : { tenantId: partitionKey }),
      id,
      etag,
    }),
  });
  return {
    async put(message) {
      await rows.put(keyOf(message), message);
    },
    get: (key) => rows.get(keyOf(key)),
    list: (tenantId) =>
      tenantId === undefined ? rows.all(odata`PartitionKey ge ${''}`) : rows.partition(tenantId),
    async remove(message) {
      await isWritten(() => rows.remove(keyOf(message), message.etag));
    },
  };
}

function keyOf({ id, tenantId = noTenant }: { readonly id: string; readonly tenantId?: string | undefined }) {
  return { partitionKey: tenantId, rowKey: id };
}

/** Table `ApiKeys`: hashes of client keys. */
import * as z from 'zod';
import { scopeSchema, type ApiKeyStore } from '../../access/api-keys.ts';
import { dateColumn, jsonColumn } from './columns.ts';
import { openRows } from './rows.ts';
import { isWritten, type Tables } from './tables.ts';

const columns = z.object({
  name: z.string(),
  secretHashes: jsonColumn(z.array(z.string())),
  overlapUntil: dateColumn.optional(),
  tenants: z.string(),
  scopes: jsonColumn(z.array(scopeSchema)),
  createdDateTime: dateColumn,
  expiresDateTime: dateColumn.optional(),
  lastUsedDateTime: dateColumn.optional(),
  revokedDateTime: dateColumn.optional(),
});

export function createApiKeyStore(tables: Tables): ApiKeyStore {
  const rows = openRows(tables, {
    table: 'ApiKeys',
    columns,
    toRow: (key, { rowKey, etag }) => ({ ...key, id: rowKey, etag }),
  });
  return {
    get: (id) => rows.get(keyOf(id)),
    list: () => rows.partition(partitionKey),
    async create(key) {
      await rows.create(keyOf(key.id), key);
    },
    update: ({ id, etag }, changes) => isWritten(() => rows.merge(keyOf(id), changes, etag)),
    async touch(id, usedAt) {
      await rows.merge(keyOf(id), { lastUsedDateTime: usedAt });
    },
  };
}

const partitionKey = 'key';

function keyOf(rowKey: string) {
  return { partitionKey, rowKey };
}

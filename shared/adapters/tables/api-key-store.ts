/** Table `ApiKeys`: hashes of client keys. */
import { apiKeySchema, type ApiKeyStore } from '../../access/api-keys.ts';
import { jsonColumn } from './columns.ts';
import { openRows } from './rows.ts';
import { isWritten, type Tables } from './tables.ts';

const { secretHashes, scopes } = apiKeySchema.shape;
const columns = apiKeySchema
  .omit({ id: true })
  .extend({ secretHashes: jsonColumn(secretHashes), scopes: jsonColumn(scopes) });

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
      if (!(await rows.createOwn(keyOf(key.id), key))) throw new Error('Another client key has this ID.');
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

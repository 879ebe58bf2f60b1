/** Table `ApiKeys`: hashes of client keys. */
import { z } from 'zod';
import { scopeSchema, type ApiKeyStore } from '../../access/api-keys.ts';
import { dateColumn, jsonColumn } from './columns.ts';
import type { Tables } from './tables.ts';

const table = 'ApiKeys';
const partitionKey = 'key';

const row = z.object({
  rowKey: z.string(),
  name: z.string(),
  secretHashes: jsonColumn(z.array(z.string())),
  tenants: z.string(),
  scopes: jsonColumn(z.array(scopeSchema)),
  createdDateTime: dateColumn,
  expiresDateTime: dateColumn.optional(),
  lastUsedDateTime: dateColumn.optional(),
});

export function createApiKeyStore(tables: Tables): ApiKeyStore {
  return {
    async get(id) {
      const entity = await tables.get(table, partitionKey, id);
      if (entity === undefined) return undefined;
      const { rowKey, ...key } = row.parse(entity);
      return { ...key, id: rowKey };
    },
    async create({ id, name, tenants, secretHashes, scopes, createdDateTime, expiresDateTime }) {
      const entity = {
        partitionKey,
        rowKey: id,
        ...{ name, tenants },
        secretHashes: JSON.stringify(secretHashes),
        scopes: JSON.stringify(scopes),
        createdDateTime: createdDateTime.toISOString(),
        ...(expiresDateTime === undefined ? {} : { expiresDateTime: expiresDateTime.toISOString() }),
      };
      await tables.write(table, (client) => client.createEntity(entity));
    },
    async touch(id, usedAt) {
      const entity = { partitionKey, rowKey: id, lastUsedDateTime: usedAt.toISOString() };
      await tables.write(table, (client) => client.updateEntity(entity, 'Merge'));
    },
  };
}

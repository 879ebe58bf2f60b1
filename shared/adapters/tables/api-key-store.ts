/** Table `ApiKeys`: hashes of client keys. */
import { odata } from '@azure/data-tables';
import * as z from 'zod';
import {
  scopeSchema,
  type ApiKeyChanges,
  type ApiKeyStore,
  type StoredApiKey,
} from '../../access/api-keys.ts';
import { dateColumn, jsonColumn } from './columns.ts';
import { ifUnchanged, type StoredEntity, type Tables } from './tables.ts';

const table = 'ApiKeys';
const partitionKey = 'key';

const row = z.object({
  rowKey: z.string(),
  etag: z.string(),
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
  return {
    async get(id) {
      const entity = await tables.get(table, partitionKey, id);
      return entity === undefined ? undefined : toKey(entity);
    },
    async list() {
      const entities = await tables.all(table, { filter: odata`PartitionKey eq ${partitionKey}` });
      return entities.map(toKey);
    },
    async create({ id, name, tenants, scopes, createdDateTime, expiresDateTime, ...changes }) {
      const entity = {
        partitionKey,
        rowKey: id,
        name,
        tenants,
        scopes: JSON.stringify(scopes),
        createdDateTime: createdDateTime.toISOString(),
        expiresDateTime: expiresDateTime?.toISOString(),
        ...columns(changes),
      };
      await tables.write(table, (client) => client.createEntity(entity));
    },
    async update(key, changes) {
      const entity = { partitionKey, rowKey: key.id, ...columns(changes) };
      const write = () =>
        tables.write(table, (client) => client.updateEntity(entity, 'Merge', { etag: key.etag }));
      return (await ifUnchanged(write)) !== undefined;
    },
    async touch(id, usedAt) {
      const entity = { partitionKey, rowKey: id, lastUsedDateTime: usedAt.toISOString() };
      await tables.write(table, (client) => client.updateEntity(entity, 'Merge'));
    },
  };
}

function columns({ secretHashes, overlapUntil, revokedDateTime }: ApiKeyChanges) {
  return {
    // The library omits undefined columns.
    secretHashes: secretHashes && JSON.stringify(secretHashes),
    overlapUntil: overlapUntil?.toISOString(),
    revokedDateTime: revokedDateTime?.toISOString(),
  };
}

function toKey(entity: StoredEntity): StoredApiKey {
  const { rowKey, ...key } = row.parse(entity);
  return { ...key, id: rowKey };
}

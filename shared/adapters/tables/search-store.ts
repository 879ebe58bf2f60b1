/** Table `Searches`: a row per saved search of a tenant. */
import { odata } from '@azure/data-tables';
import * as z from 'zod';
import { searchFiltersSchema, searchKey, type SavedSearch, type SearchStore } from '../../searches/search.ts';
import { dateColumn, jsonColumn } from './columns.ts';
import { ifUnchanged, type StoredEntity, type Tables } from './tables.ts';

const table = 'Searches';

const row = z.object({
  partitionKey: z.string(),
  etag: z.string(),
  name: z.string(),
  displayName: z.string().optional(),
  filters: jsonColumn(searchFiltersSchema),
  lastModifiedDateTime: dateColumn,
});

export function createSearchStore(tables: Tables): SearchStore {
  return {
    async get(tenantId, name) {
      const entity = await tables.get(table, tenantId, searchKey(name));
      return entity === undefined ? undefined : toSearch(entity);
    },
    async list(tenantId) {
      return (await tables.all(table, { filter: odata`PartitionKey eq ${tenantId}` })).map(toSearch);
    },
    async put(search, condition) {
      const entity = toEntity(search);
      const written = await ifUnchanged(() =>
        tables.write(table, (client) =>
          condition.kind === 'absent'
            ? client.createEntity(entity)
            : client.updateEntity(entity, 'Replace', { etag: condition.etag }),
        ),
      );
      return written && { ...search, etag: written.etag ?? '' };
    },
    async remove(tenantId, name, etag) {
      if (etag === undefined) {
        await tables.remove(table, tenantId, searchKey(name));
        return true;
      }
      const removed = await ifUnchanged(() =>
        tables.write(table, (client) => client.deleteEntity(tenantId, searchKey(name), { etag })),
      );
      return removed !== undefined;
    },
  };
}

function toEntity({ tenantId, name, displayName, filters, lastModifiedDateTime }: SavedSearch) {
  return {
    partitionKey: tenantId,
    rowKey: searchKey(name),
    name,
    // The library omits undefined columns.
    displayName,
    filters: JSON.stringify(filters),
    lastModifiedDateTime: lastModifiedDateTime.toISOString(),
  };
}

function toSearch(entity: StoredEntity) {
  const { partitionKey, ...search } = row.parse(entity);
  return { ...search, tenantId: partitionKey };
}

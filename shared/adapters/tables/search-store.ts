/** Table `Searches`: a row per saved search of a tenant. */
import { odata } from '@azure/data-tables';
import * as z from 'zod';
import { searchFiltersSchema, searchKey, type SavedSearch, type SearchStore } from '../../searches/search.ts';
import { dateColumn, jsonColumn } from './columns.ts';
import { isConflict, isMissing, type StoredEntity, type Tables } from './tables.ts';

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
      const etag = await unlessLost(() =>
        tables.write(table, async (client) => {
          if (condition.kind === 'absent') return (await client.createEntity(entity)).etag;
          return (await client.updateEntity(entity, 'Replace', { etag: condition.etag })).etag;
        }),
      );
      return etag === undefined ? undefined : { ...search, etag };
    },
    async remove(tenantId, name, etag) {
      if (etag === undefined) {
        await tables.remove(table, tenantId, searchKey(name));
        return true;
      }
      const removed = await unlessLost(async () => {
        await tables.write(table, (client) => client.deleteEntity(tenantId, searchKey(name), { etag }));
        return 'removed';
      });
      return removed !== undefined;
    },
  };
}

/** Undefined when somebody else was faster. */
async function unlessLost(write: () => Promise<string | undefined>): Promise<string | undefined> {
  try {
    return (await write()) ?? '';
  } catch (error) {
    if (isConflict(error) || isMissing(error)) return undefined;
    throw error;
  }
}

function toEntity({ tenantId, name, displayName, filters, lastModifiedDateTime }: SavedSearch) {
  return {
    ...{ partitionKey: tenantId, rowKey: searchKey(name), name },
    ...(displayName === undefined ? {} : { displayName }),
    filters: JSON.stringify(filters),
    lastModifiedDateTime: lastModifiedDateTime.toISOString(),
  };
}

function toSearch(entity: StoredEntity) {
  const { partitionKey, ...search } = row.parse(entity);
  return { ...search, tenantId: partitionKey };
}

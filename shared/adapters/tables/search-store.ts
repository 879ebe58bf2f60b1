/** Table `Searches`: a row per saved search of a tenant. */
import * as z from 'zod';
import { searchFiltersSchema, searchKey, type SearchStore } from '../../searches/search.ts';
import { dateColumn, jsonColumn } from './columns.ts';
import { openRows } from './rows.ts';
import { ifUnchanged, isWritten, type Tables } from './tables.ts';

const columns = z.object({
  name: z.string(),
  displayName: z.string().optional(),
  filters: jsonColumn(searchFiltersSchema),
  lastModifiedDateTime: dateColumn,
});

export function createSearchStore(tables: Tables): SearchStore {
  const rows = openRows(tables, {
    table: 'Searches',
    columns,
    toRow: (search, { partitionKey, etag }) => ({ ...search, tenantId: partitionKey, etag }),
  });
  return {
    get: (tenantId, name) => rows.get(keyOf(tenantId, name)),
    list: (tenantId) => rows.partition(tenantId),
    async put(search, condition) {
      const key = keyOf(search.tenantId, search.name);
      const etag = await ifUnchanged(() =>
        condition.kind === 'absent' ? rows.create(key, search) : rows.replace(key, search, condition.etag),
      );
      return etag === undefined ? undefined : { ...search, etag };
    },
    remove: (tenantId, name, etag) => isWritten(() => rows.remove(keyOf(tenantId, name), etag)),
  };
}

function keyOf(tenantId: string, name: string) {
  return { partitionKey: tenantId, rowKey: searchKey(name) };
}

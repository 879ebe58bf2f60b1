/** Table `Searches`: a row per saved search of a tenant. */
import { savedSearchSchema, searchKey, type SearchStore } from '../../searches/search.ts';
import { jsonColumn } from './columns.ts';
import { openRows } from './rows.ts';
import { ifUnchanged, isWritten, type Tables } from './tables.ts';

const filters = jsonColumn(savedSearchSchema.shape.filters);
const columns = savedSearchSchema.omit({ tenantId: true }).extend({ filters });

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

/** Table `Searches`: a row per saved search; a partition has those of one owner. */
import { savedSearchSchema, searchKey, type SearchStore } from '../../searches/search.ts';
import { jsonColumn } from './columns.ts';
import { openRows } from './rows.ts';
import { ifUnchanged, isWritten, type Tables } from './tables.ts';

const filters = jsonColumn(savedSearchSchema.shape.filters);
const columns = savedSearchSchema.omit({ owner: true }).extend({ filters });

export function createSearchStore(tables: Tables): SearchStore {
  const rows = openRows(tables, {
    table: 'Searches',
    columns,
    toRow: (search, { partitionKey, etag }) => ({ ...search, owner: partitionKey, etag }),
  });
  return {
    get: (owner, name) => rows.get(keyOf(owner, name)),
    list: (owner) => rows.partition(owner),
    async put(search, condition) {
      const key = keyOf(search.owner, search.name);
      const etag = await ifUnchanged(() =>
        condition.kind === 'absent' ? rows.create(key, search) : rows.replace(key, search, condition.etag),
      );
      return etag === undefined ? undefined : { ...search, etag };
    },
    remove: (owner, name, etag) => isWritten(() => rows.remove(keyOf(owner, name), etag)),
  };
}

function keyOf(owner: string, name: string) {
  return { partitionKey: owner, rowKey: searchKey(name) };
}

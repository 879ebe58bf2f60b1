/** Saved searches in memory. */
import { searchKey, type SearchStore, type StoredSearch } from '../../../shared/searches/search.ts';

export function createFakeSearchStore(): SearchStore {
  const rows = new Map<string, StoredSearch>();
  const keyOf = (owner: string, name: string) => `${owner} ${searchKey(name)}`;
  let version = 0;
  return {
    get: async (owner, name) => await Promise.resolve(rows.get(keyOf(owner, name))),
    list: async (owner) => {
      const own = [...rows.values()].filter((row) => row.owner === owner);
      return await Promise.resolve(own.sort((a, b) => (searchKey(a.name) < searchKey(b.name) ? -1 : 1)));
    },
    put: async (search, condition) => {
      const key = keyOf(search.owner, search.name);
      const wanted = condition.kind === 'absent' ? undefined : condition.etag;
      if (rows.get(key)?.etag !== wanted) return undefined;
      version += 1;
      const stored = { ...search, etag: `v${version}` };
      rows.set(key, stored);
      return await Promise.resolve(stored);
    },
    remove: async (owner, name, etag) => {
      const key = keyOf(owner, name);
      if (etag !== undefined && rows.get(key)?.etag !== etag) return false;
      rows.delete(key);
      return await Promise.resolve(true);
    },
  };
}

/** Client keys in memory. */
import type { ApiKey, ApiKeyStore, StoredApiKey } from '../../../shared/access/api-keys.ts';

export function createFakeApiKeyStore(): ApiKeyStore {
  const keys = new Map<string, StoredApiKey>();
  let version = 0;
  const put = (key: ApiKey): void => {
    version += 1;
    keys.set(key.id, { ...key, etag: `v${version}` });
  };
  return {
    get: async (id) => await Promise.resolve(keys.get(id)),
    list: async () => await Promise.resolve([...keys.values()].sort((a, b) => (a.id < b.id ? -1 : 1))),
    create: async (key) => {
      if (keys.has(key.id)) throw new Error('There is a key with this id.');
      put(key);
      await Promise.resolve();
    },
    update: async (key, changes) => {
      const current = keys.get(key.id);
      const isCurrent = current?.etag === key.etag;
      if (current !== undefined && isCurrent) put({ ...current, ...changes });
      return await Promise.resolve(isCurrent);
    },
    touch: async (id, usedAt) => {
      const key = keys.get(id);
      if (key === undefined) throw new Error('There is no key with this id.');
      put({ ...key, lastUsedDateTime: usedAt });
      await Promise.resolve();
    },
  };
}

/** Client keys in memory. */
import type { ApiKey, ApiKeyStore } from '../../../shared/access/api-keys.ts';

export function createFakeApiKeyStore(): ApiKeyStore {
  const keys = new Map<string, ApiKey>();
  return {
    get: async (id) => await Promise.resolve(keys.get(id)),
    create: async (key) => {
      if (keys.has(key.id)) throw new Error('There is a key with this id.');
      keys.set(key.id, key);
      await Promise.resolve();
    },
    touch: async (id, usedAt) => {
      const key = keys.get(id);
      if (key === undefined) throw new Error('There is no key with this id.');
      keys.set(id, { ...key, lastUsedDateTime: usedAt });
      await Promise.resolve();
    },
  };
}

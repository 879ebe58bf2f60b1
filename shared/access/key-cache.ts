/** Client keys as they were when they were last read. */
import { LRUCache } from 'lru-cache';
import type { ApiKey, ApiKeyStore } from './api-keys.ts';

export interface CachedKey {
  /** Undefined if there is none with this id. */
  readonly key: ApiKey | undefined;
  /** Epoch milliseconds; 0 if it was never used. */
  usedAt: number;
}

/** A revoked key may still be accepted for this long. */
const cacheMs = 60_000;
const cachedKeys = 1000;

/** By id. */
export function createKeyCache(keys: Pick<ApiKeyStore, 'get'>, now: () => Date): LRUCache<string, CachedKey> {
  return new LRUCache<string, CachedKey>({
    max: cachedKeys,
    ttl: cacheMs,
    ttlResolution: 0,
    perf: { now: () => now().getTime() },
    fetchMethod: async (id) => {
      const key = await keys.get(id);
      return { key, usedAt: key?.lastUsedDateTime?.getTime() ?? 0 };
    },
  });
}

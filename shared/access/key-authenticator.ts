/** Identifies a caller by a client key. */
import { isLive, parseApiKey, secretMatches, type ApiKey, type ApiKeyStore } from './api-keys.ts';
import type { Caller } from './caller.ts';
import { createKeyCache, type CachedKey } from './key-cache.ts';

export interface KeyAuthenticatorDeps {
  readonly keys: ApiKeyStore;
  readonly now: () => Date;
}

/** Undefined unless the text is a live key. The time taken reveals nothing about a secret. */
export type KeyAuthenticator = (text: string) => Promise<Caller | undefined>;

const touchEveryMs = 60 * 60_000;

export function createKeyAuthenticator({ keys, now }: KeyAuthenticatorDeps): KeyAuthenticator {
  const cache = createKeyCache(keys, now);
  /** The key, if it is live and the secret matches. */
  const opened = (cached: CachedKey | undefined, secret: string): ApiKey | undefined => {
    const key = cached?.key;
    return key !== undefined && isLive(key, now()) && secretMatches(key, secret, now()) ? key : undefined;
  };
  const find = async (id: string, secret: string): Promise<ApiKey | undefined> => {
    const wasCached = cache.has(id);
    const key = opened(await cache.fetch(id), secret);
    if (key !== undefined || !wasCached) return key;
    // A secret that was just created, perhaps by another instance, must work immediately.
    return opened(await cache.fetch(id, { forceRefresh: true }), secret);
  };
  const remember = async (id: string): Promise<void> => {
    const cached = cache.get(id);
    const usedAt = now();
    if (cached === undefined || usedAt.getTime() - cached.usedAt <= touchEveryMs) return;
    cached.usedAt = usedAt.getTime();
    await keys.touch(id, usedAt);
  };
  return async (text) => {
    const presented = parseApiKey(text);
    if (presented === undefined) return undefined;
    const key = await find(presented.id, presented.secret);
    if (key === undefined) return undefined;
    await remember(key.id);
    return { id: key.id, tenants: key.tenants, scopes: key.scopes };
  };
}

/** Identifies a caller by a client key. */
import { isLive, parseApiKey, secretMatches, type ApiKey, type ApiKeyStore } from './api-keys.ts';
import { callerWith, type Caller } from './caller.ts';
import { createKeyCache, type CachedKey } from './key-cache.ts';
import { createRateLimiter } from './rate-limit.ts';
import { refuseWhileWaiting } from './refusals.ts';

export interface KeyAuthenticatorDeps {
  readonly keys: ApiKeyStore;
  readonly now: () => Date;
  /** Wrong secrets per key. */
  readonly failuresPerMinute: number;
}

/** `wrongSecret`: there is such a key, but the secret is not right, or the key has ended. */
type KeyFlaw = 'unknown' | 'wrongSecret';

/**
 * The caller, if the text is a live key. The time taken reveals nothing about a secret.
 * @throws RequestError 429 for a wrong secret after too many others for the same key; the right one is always accepted
 */
export type KeyAuthenticator = (text: string) => Promise<Caller | KeyFlaw>;

const tooManySecrets = 'Too many wrong secrets were sent for this key.';

const touchEveryMs = 60 * 60_000;

export function createKeyAuthenticator({
  keys,
  now,
  failuresPerMinute,
}: KeyAuthenticatorDeps): KeyAuthenticator {
  const cache = createKeyCache(keys, now);
  // A secret cannot be guessed. What is limited are the look-ups that a wrong one causes, and the reports about them.
  const wrongSecrets = createRateLimiter(failuresPerMinute, now);
  /** The key, if it is live and the secret matches. */
  const opened = (cached: CachedKey | undefined, secret: string): ApiKey | undefined => {
    const key = cached?.key;
    return key !== undefined && isLive(key, now()) && secretMatches(key, secret, now()) ? key : undefined;
  };
  const find = async (id: string, secret: string): Promise<ApiKey | KeyFlaw> => {
    const wasCached = cache.has(id);
    const cached = await cache.fetch(id);
    const key = opened(cached, secret);
    if (key !== undefined) return key;
    const flaw = cached?.key === undefined ? 'unknown' : 'wrongSecret';
    if (flaw === 'wrongSecret') refuseWhileWaiting(tooManySecrets, wrongSecrets.take(id));
    if (!wasCached) return flaw;
    // A secret that was just created, perhaps by another instance, must work immediately.
    return opened(await cache.fetch(id, { forceRefresh: true }), secret) ?? flaw;
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
    if (presented === undefined) return 'unknown';
    const key = await find(presented.id, presented.secret);
    if (typeof key === 'string') return key;
    await remember(key.id);
    const identity = {
      kind: 'ClientKey',
      displayName: key.name,
      expiresDateTime: key.expiresDateTime,
    } as const;
    return { ...callerWith(key.id, key), identity };
  };
}

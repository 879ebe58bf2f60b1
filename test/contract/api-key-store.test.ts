/** The promises about client keys, kept in memory and on Table Storage. */
import { describe, expect, it } from 'vitest';
import { newApiKey, type ApiKey, type StoredApiKey } from '../../shared/access/api-keys.ts';
import { createApiKeyStore } from '../../shared/adapters/tables/api-key-store.ts';
import { createTables } from '../../shared/adapters/tables/tables.ts';
import { createFakeApiKeyStore } from '../support/fakes/api-key-store.ts';
import { fabrikamId } from '../support/tenants.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();
const now = new Date('2026-03-10T12:00:00Z');
const newKey = () =>
  newApiKey({ name: 'Portal', tenants: fabrikamId, scopes: ['records.read', 'tenants.manage'] }, now).key;

/** Without the version, which is storage's own. */
const plain = (key: StoredApiKey | undefined): ApiKey | undefined => {
  if (key === undefined) return undefined;
  const { etag, ...rest } = key;
  expect(etag).not.toBe('');
  return rest;
};

describe.each([
  { where: 'in memory', open: createFakeApiKeyStore },
  { where: 'on Table Storage', open: () => createApiKeyStore(createTables(storage())) },
])('client keys $where', ({ open }) => {
  it('are absent before they are created', async () => {
    expect(await open().get('0123456789abcdef')).toBeUndefined();
  });

  it('are returned as created, with both secrets and the expiry', async () => {
    const store = open();
    const full = {
      ...newKey(),
      secretHashes: ['aa'.repeat(32), 'bb'.repeat(32)],
      overlapUntil: new Date('2026-03-11T12:00:00Z'),
      expiresDateTime: new Date('2027-01-01T00:00:00Z'),
    };
    for (const key of [newKey(), full]) {
      await store.create(key);
      expect(plain(await store.get(key.id))).toEqual(key);
    }
  });

  it('are listed in order of id, unchanged', async () => {
    const store = open();
    const keys = [newKey(), newKey(), newKey()];
    for (const key of keys) await store.create(key);
    const ids = (await store.list()).map(({ id }) => id);
    expect(ids).toEqual([...ids].sort());
    for (const key of keys) expect(plain((await store.list()).find(({ id }) => id === key.id))).toEqual(key);
  });

  it('store their last use, and nothing else changes', async () => {
    const [store, key] = [open(), newKey()];
    await store.create(key);
    for (const lastUsedDateTime of [now, new Date(now.getTime() + 1000)]) {
      await store.touch(key.id, lastUsedDateTime);
      expect(plain(await store.get(key.id))).toEqual({ ...key, lastUsedDateTime });
    }
  });

  it('change in the named members only', async () => {
    const [store, key] = [open(), newKey()];
    await store.create(key);
    const rotation = { secretHashes: ['cc'.repeat(32), 'dd'.repeat(32)], overlapUntil: now };
    const revocation = { secretHashes: [], revokedDateTime: now };
    for (const changes of [rotation, revocation]) {
      const read = await store.get(key.id);
      if (read === undefined) throw new Error('The key is gone.');
      expect(await store.update(read, changes)).toBe(true);
      expect(plain(await store.get(key.id))).toEqual({ ...plain(read), ...changes });
    }
  });

  it('are not changed with an older version', async () => {
    const [store, key] = [open(), newKey()];
    await store.create(key);
    const read = await store.get(key.id);
    if (read === undefined) throw new Error('The key is gone.');
    await store.touch(key.id, now);
    expect(await store.update(read, { secretHashes: [] })).toBe(false);
    expect((await store.get(key.id))?.secretHashes).toEqual(key.secretHashes);
  });

  it('are never replaced by another one with the same id', async () => {
    const [store, key] = [open(), newKey()];
    await store.create(key);
    await expect(store.create({ ...key, tenants: '*' })).rejects.toThrow();
    expect((await store.get(key.id))?.tenants).toBe(fabrikamId);
  });
});

describe('unreachable client keys', () => {
  it('fail, and never look absent', async () => {
    await expect(createApiKeyStore(createTables(lockedOut(storage()))).get('any')).rejects.toThrow();
  });
});

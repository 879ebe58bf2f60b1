/** The promises about client keys, kept in memory and on Table Storage alike. */
import { describe, expect, it } from 'vitest';
import { newApiKey } from '../../shared/access/api-keys.ts';
import { createApiKeyStore } from '../../shared/adapters/tables/api-key-store.ts';
import { createTables } from '../../shared/adapters/tables/tables.ts';
import { createFakeApiKeyStore } from '../support/fakes/api-key-store.ts';
import { fabrikamId } from '../support/tenants.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();
const now = new Date('2026-03-10T12:00:00Z');
const newKey = () =>
  newApiKey({ name: 'Portal', tenants: fabrikamId, scopes: ['records.read', 'tenants.manage'] }, now).key;

describe.each([
  { where: 'in memory', open: createFakeApiKeyStore },
  { where: 'on Table Storage', open: () => createApiKeyStore(createTables(storage())) },
])('client keys $where', ({ open }) => {
  it('are absent before they are created', async () => {
    expect(await open().get('0123456789abcdef')).toBeUndefined();
  });

  it('are given back as they were created, with both secrets and the end', async () => {
    const store = open();
    const plain = newKey();
    const rotating = {
      ...newKey(),
      secretHashes: ['aa'.repeat(32), 'bb'.repeat(32)],
      expiresDateTime: new Date('2027-01-01T00:00:00Z'),
    };
    for (const key of [plain, rotating]) {
      await store.create(key);
      expect(await store.get(key.id)).toEqual(key);
    }
  });

  it('remember when they were used last, and nothing else changes', async () => {
    const [store, key] = [open(), newKey()];
    await store.create(key);
    for (const lastUsedDateTime of [now, new Date(now.getTime() + 1000)]) {
      await store.touch(key.id, lastUsedDateTime);
      expect(await store.get(key.id)).toEqual({ ...key, lastUsedDateTime });
    }
  });

  it('are never replaced by another one with the same id', async () => {
    const [store, key] = [open(), newKey()];
    await store.create(key);
    await expect(store.create({ ...key, tenants: '*' })).rejects.toThrow();
    expect((await store.get(key.id))?.tenants).toBe(fabrikamId);
  });
});

describe('client keys that cannot be reached', () => {
  it('fail, and never look absent', async () => {
    await expect(createApiKeyStore(createTables(lockedOut(storage()))).get('any')).rejects.toThrow();
  });
});

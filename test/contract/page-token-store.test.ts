/** The promises about long tokens of next links, kept in memory and on Table Storage. */
import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createPageTokenStore } from '../../shared/adapters/tables/page-token-store.ts';
import { createTables } from '../../shared/adapters/tables/tables.ts';
import { createFakePageTokenStore } from '../support/fakes/page-token-store.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();
const at = new Date('2026-03-10T12:00:00.000Z');
const newId = () => randomBytes(16).toString('base64url');

describe.each([
  { where: 'in memory', open: createFakePageTokenStore },
  { where: 'on Table Storage', open: () => createPageTokenStore(createTables(storage())) },
])('long tokens $where', ({ open }) => {
  it('are found by their id alone', async () => {
    const store = open();
    const [one, other] = [newId(), newId()];
    await store.keep(one, 'first', at);
    await store.keep(other, 'second', at);
    expect([await store.find(one), await store.find(other)]).toEqual(['first', 'second']);
    expect(await store.find(newId())).toBeUndefined();
  });

  it('may be longer than a column', async () => {
    const [store, id] = [open(), newId()];
    // Random, so that it cannot be compressed below its length in bytes.
    const token = randomBytes(75_000).toString('base64url');
    await store.keep(id, token, at);
    expect(await store.find(id)).toBe(token);
  });

  it('may be as long as the positions of 5,000 tenants, some of whose searches were stopped', async () => {
    const [store, id] = [open(), newId()];
    const token = randomBytes(300_000).toString('base64url');
    await store.keep(id, token, at);
    expect(await store.find(id)).toBe(token);
  });
});

describe('unreachable long tokens', () => {
  it('fail, and are not taken for deleted ones', async () => {
    const store = createPageTokenStore(createTables(lockedOut(storage())));
    await expect(store.find(newId())).rejects.toThrow();
    await expect(store.keep(newId(), 'x', at)).rejects.toThrow();
  });
});

describe('a long token that no row can hold', () => {
  it('fails, and nothing is kept', async () => {
    const [store, id] = [createPageTokenStore(createTables(storage())), newId()];
    await expect(store.keep(id, randomBytes(700_000).toString('base64url'), at)).rejects.toThrow('too long');
    expect(await store.find(id)).toBeUndefined();
  });
});

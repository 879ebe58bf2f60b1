/** The promises about saved searches, kept in memory and on Table Storage. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSearchStore } from '../../shared/adapters/tables/search-store.ts';
import { createTables } from '../../shared/adapters/tables/tables.ts';
import type { SavedSearch } from '../../shared/searches/search.ts';
import { createFakeSearchStore } from '../support/fakes/search-store.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();

function searchNamed(owner: string, name: string): SavedSearch {
  const filters = { users: ["o'brien@fabrikam.example", 'ü'], text: '"quoted"' };
  const lastModifiedDateTime = new Date('2026-03-02T08:00:00Z');
  return { owner, name, filters, createdBy: 'maker', lastModifiedDateTime };
}

describe.each([
  { where: 'in memory', open: createFakeSearchStore },
  { where: 'on Table Storage', open: () => createSearchStore(createTables(storage())) },
])('saved searches $where', ({ open }) => {
  it('are found as saved, by name in any case, in their tenant only', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    const search = { ...searchNamed(tenantId, 'Rules.1'), displayName: 'Rules', tenants: 'tag:gold' };
    const stored = await store.put(search, { kind: 'absent' });
    expect(stored).toMatchObject(search);
    expect(await store.get(tenantId, 'rULES.1')).toEqual(stored);
    expect(await store.get(randomUUID(), 'Rules.1')).toBeUndefined();
    expect(await store.get(tenantId, 'Rules')).toBeUndefined();
  });

  it('are listed in order of name', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    expect(await store.list(tenantId)).toEqual([]);
    for (const name of ['b', 'C', 'a']) await store.put(searchNamed(tenantId, name), { kind: 'absent' });
    await store.put(searchNamed(randomUUID(), 'z'), { kind: 'absent' });
    expect((await store.list(tenantId)).map(({ name }) => name)).toEqual(['a', 'b', 'C']);
  });

  it('are saved only if the condition holds', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    const search = searchNamed(tenantId, 'a');
    expect(await store.put(search, { kind: 'unchanged', etag: 'W/"x"' })).toBeUndefined();
    const first = await store.put(search, { kind: 'absent' });
    expect(await store.put(search, { kind: 'absent' })).toBeUndefined();
    const second = await store.put(search, { kind: 'unchanged', etag: first?.etag ?? '' });
    expect(second?.etag).not.toBe(first?.etag);
    expect(await store.put(search, { kind: 'unchanged', etag: first?.etag ?? '' })).toBeUndefined();
  });

  it('are deleted unconditionally, or if unchanged', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    expect(await store.remove(tenantId, 'a')).toBe(true);
    const first = await store.put(searchNamed(tenantId, 'a'), { kind: 'absent' });
    const second = await store.put(searchNamed(tenantId, 'a'), {
      kind: 'unchanged',
      etag: first?.etag ?? '',
    });
    expect(await store.remove(tenantId, 'A', first?.etag)).toBe(false);
    expect(await store.remove(tenantId, 'A', second?.etag)).toBe(true);
    expect(await store.remove(tenantId, 'A', second?.etag)).toBe(false);
  });
});

describe('unreachable saved searches', () => {
  it('fail, and never look absent', async () => {
    const store = createSearchStore(createTables(lockedOut(storage())));
    await expect(store.get(randomUUID(), 'a')).rejects.toThrow();
    await expect(store.list(randomUUID())).rejects.toThrow();
    await expect(store.put(searchNamed(randomUUID(), 'a'), { kind: 'absent' })).rejects.toThrow();
  });
});

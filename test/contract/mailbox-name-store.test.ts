/** The promises about names of mailboxes, kept in memory and on Table Storage. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createMailboxNameStore } from '../../shared/adapters/tables/mailbox-name-store.ts';
import { createPostureStore } from '../../shared/adapters/tables/posture-store.ts';
import { createTables } from '../../shared/adapters/tables/tables.ts';
import { createFakeMailboxNameStore } from '../support/fakes/mailbox-name-store.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();
const mailboxes = (count: number) =>
  Array.from({ length: count }, (_, at) => ({
    ...{ id: String(at).padStart(6, '0'), seen: '2026-03-02' },
    names: [`box${at}@fabrikam.example`, `Ünïcode ${at}`, randomUUID()],
  }));
const sorted = (all: readonly { readonly id: string }[]) => all.toSorted((a, b) => (a.id < b.id ? -1 : 1));

describe.each([
  { where: 'in memory', open: createFakeMailboxNameStore },
  { where: 'on Table Storage', open: () => createMailboxNameStore(createTables(storage())) },
])('names of mailboxes $where', ({ open }) => {
  it('are those that were saved last, thousands of them, in their tenant only', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    expect(await store.list(tenantId)).toEqual([]);
    await store.save(tenantId, mailboxes(2000));
    const last = mailboxes(1500);
    await store.save(tenantId, last);
    expect(sorted(await store.list(tenantId))).toEqual(last);
    expect(await store.list(randomUUID())).toEqual([]);
  });
});

describe('names of mailboxes on Table Storage', () => {
  it('are not taken for postures', async () => {
    const [tables, tenantId] = [createTables(storage()), randomUUID()];
    await createMailboxNameStore(tables).save(tenantId, mailboxes(3));
    expect(await createPostureStore(tables).list(tenantId, 10)).toEqual([]);
  });

  it('fail when they are unreachable, and never look absent', async () => {
    const store = createMailboxNameStore(createTables(lockedOut(storage())));
    await expect(store.list(randomUUID())).rejects.toThrow();
    await expect(store.save(randomUUID(), mailboxes(1))).rejects.toThrow();
  });
});

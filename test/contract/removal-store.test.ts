/** The promises about removals, kept in memory and on Table Storage alike. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createRemovalStore } from '../../shared/adapters/tables/removal-store.ts';
import { createTables } from '../../shared/adapters/tables/tables.ts';
import { findRemoval, type Removal } from '../../shared/tenants/removal.ts';
import { createFakeRemovalStore } from '../support/fakes/removal-store.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();

const newRemoval = (changes: Partial<Removal> = {}): Removal => ({
  ...{ removalId: randomUUID(), tenantId: randomUUID(), purge: true, status: 'NotStarted', attempts: 0 },
  deleted: { blobs: 0, tables: 0, rows: 0 },
  createdDateTime: new Date('2026-03-10T12:00:00.123Z'),
  lastActionDateTime: new Date('2026-03-10T12:15:00Z'),
  ...changes,
});

describe.each([
  { where: 'in memory', open: () => createFakeRemovalStore() },
  { where: 'on Table Storage', open: () => createRemovalStore(createTables(storage())) },
])('removals $where', ({ open }) => {
  it('are given as they were saved', async () => {
    const store = open();
    const removals = [
      newRemoval(),
      newRemoval({ purge: false, status: 'Succeeded', attempts: 6 }),
      newRemoval({
        ...{ status: 'Running', errorCode: 'AADSTS7000229', errorMessage: 'No "service" principal.' },
        deleted: { blobs: 123_456, tables: 24, rows: 9_876_543 },
      }),
    ];
    for (const removal of removals) await store.save(removal);
    for (const removal of removals) expect(await store.get(removal.removalId)).toEqual(removal);
  });

  it('are replaced, and forget an error that is not there any more', async () => {
    const store = open();
    const removal = newRemoval();
    await store.save({ ...removal, errorCode: 'AF50000', errorMessage: 'It failed.' });
    await store.save({ ...removal, status: 'Succeeded' });
    expect(await store.get(removal.removalId)).toEqual({ ...removal, status: 'Succeeded' });
  });

  it('are absent before they are saved', async () => {
    expect(await open().get(randomUUID())).toBeUndefined();
  });

  it('are found by id in any case, and by nothing else', async () => {
    const store = open();
    const removal = newRemoval();
    await store.save(removal);
    expect(await findRemoval(store, removal.removalId.toUpperCase())).toEqual(removal);
    for (const id of [randomUUID(), '', 'removal', "' or '1' eq '1", '../removal']) {
      await expect(findRemoval(store, id)).rejects.toMatchObject({ status: 404, code: 'RemovalNotFound' });
    }
  });
});

describe('removals that cannot be reached', () => {
  it('fail, and never look absent', async () => {
    const store = createRemovalStore(createTables(lockedOut(storage())));
    await expect(store.get(randomUUID())).rejects.toThrow();
    await expect(store.save(newRemoval())).rejects.toThrow();
  });
});

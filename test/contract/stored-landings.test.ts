/** What a verification lists: rows of landings and names of raw blobs, in memory and in storage. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createRawRemoval } from '../../shared/adapters/blobs/raw-removal.ts';
import { createRawNames } from '../../shared/adapters/blobs/raw-names.ts';
import { createRawStore } from '../../shared/adapters/blobs/raw-store.ts';
import { createLandingRows } from '../../shared/adapters/tables/landing-rows.ts';
import { createLandingStore } from '../../shared/adapters/tables/landing-store.ts';
import { createTables } from '../../shared/adapters/tables/tables.ts';
import type { IndexedCounts, Landing } from '../../shared/landing/landing.ts';
import { landingIdOf, rawBlobName } from '../../shared/landing/landing-names.ts';
import { contentNamed } from '../support/content.ts';
import { createFakeLandingStore } from '../support/fakes/landing-store.ts';
import { startImmutabilityPolicy } from '../support/immutability-policy.ts';
import { createFakeRawStore } from '../support/fakes/raw-store.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();
const counts: IndexedCounts = { indexed: 8, duplicates: 2, notUnderstood: 1, rows: 60 };
const day = (date: number) => new Date(Date.UTC(2026, 2, date, 8));

function landingOf(tenantId: string, landedAt: Date): Landing {
  const landingId = landingIdOf(landedAt, [contentNamed(landedAt.toISOString(), landedAt)]);
  return {
    ...{ landingId, landedAt, blobName: rawBlobName(tenantId, landedAt, landingId) },
    ...{ contentBlobs: 3, records: 10, bytes: 12_345, oldestContent: new Date(landedAt.getTime() - 60_000) },
  };
}

describe.each([
  {
    where: 'in memory',
    open: () => {
      const store = createFakeLandingStore();
      return { store, list: store };
    },
  },
  {
    where: 'on Table Storage',
    open: () => {
      const tables = createTables(storage());
      return { store: createLandingStore(tables), list: createLandingRows(tables) };
    },
  },
])('rows of landings $where', ({ open }) => {
  it('are those of a range of IDs, in order, up to a limit, without anything else of the partition', async () => {
    const [{ store, list }, tenantId] = [open(), randomUUID()];
    const [first, second, third] = [1, 2, 3].map((date) => landingOf(tenantId, day(date)));
    if (first === undefined || second === undefined || third === undefined)
      throw new Error('There are three.');
    for (const landing of [third, first, second]) await store.open(tenantId, landing);
    await store.close(tenantId, second, counts);
    const indexed = { ...second, counts: { indexed: 8, duplicates: 2, pastRetention: 0 }, link: 1 };
    const rows = async (from: string, to: string, limit = 10) =>
      await list.rows(tenantId, { from, to, limit });
    expect(await rows('0', ':')).toEqual([first, indexed, third]);
    expect(await rows(first.landingId, third.landingId)).toEqual([first, indexed]);
    expect(await rows('0', ':', 1)).toEqual([first]);
    expect(await list.rows(randomUUID(), { from: '0', to: ':', limit: 10 })).toEqual([]);
    const ids: string[] = [];
    for await (const some of list.ids(tenantId)) ids.push(...some);
    expect(ids).toEqual([first, second, third].map(({ landingId }) => landingId));
  });
});

describe.each([
  {
    where: 'in memory',
    open: () => {
      const store = createFakeRawStore();
      return { store, names: store.listed, removal: store.removal };
    },
  },
  {
    where: 'in Blob Storage',
    open: () => ({
      store: createRawStore(storage()),
      names: createRawNames(storage()),
      removal: createRawRemoval(storage()),
    }),
  },
])('names of raw blobs $where', ({ open }) => {
  it('are listed by day, in order, for one tenant; blobs that are not landings are left out', async () => {
    const [{ store, names }, tenantId] = [open(), randomUUID()];
    expect([await names.days(tenantId), await names.names(tenantId, '2026-03-01')]).toEqual([[], []]);
    const blobs = [day(2), new Date(day(1).getTime() + 5), day(1)].map(
      (at) => landingOf(tenantId, at).blobName,
    );
    for (const name of [...blobs, `tenant=${tenantId}/date=2026-03-02/notes.txt`])
      await store.put(name, Buffer.from('x'), {});
    await store.put(landingOf(randomUUID(), day(3)).blobName, Buffer.from('x'), {});
    expect(await names.days(tenantId)).toEqual(['2026-03-01', '2026-03-02']);
    expect(await names.names(tenantId, '2026-03-01')).toEqual([blobs[2], blobs[1]]);
    expect(await names.names(tenantId, '2026-03-02')).toEqual([blobs[0]]);
  });

  it('are gone once the blob is removed, which may be repeated', async () => {
    const [{ store, names, removal }, tenantId] = [open(), randomUUID()];
    const [one = '', other = ''] = [day(1), day(2)].map((at) => landingOf(tenantId, at).blobName);
    for (const name of [one, other]) await store.put(name, Buffer.from('x'), {});
    expect([await removal.remove(one), await removal.remove(one)]).toEqual([true, true]);
    expect(await store.read(one)).toBeUndefined();
    expect(await names.days(tenantId)).toEqual(['2026-03-02']);
  });
});

describe('an account in which nothing landed', () => {
  const empty = useStorage();

  it('has no names', async () => {
    expect(await createRawNames(empty()).days(randomUUID())).toEqual([]);
  });
});

describe('a blob that an immutability policy keeps', () => {
  it('stays, and its removal says so', async () => {
    const tenantId = randomUUID();
    const { blobName } = landingOf(tenantId, day(1));
    await createRawStore(storage()).put(blobName, Buffer.from('x'), {});
    const policy = await startImmutabilityPolicy(storage(), (path) => path.includes('/raw/tenant='));
    const removal = createRawRemoval(policy.settings);
    expect(await removal.remove(blobName)).toBe(false);
    policy.end();
    expect(await removal.remove(blobName)).toBe(true);
    await policy.stop();
  });
});

describe('storage that refuses', () => {
  it('never looks empty', async () => {
    const refused = lockedOut(storage());
    await expect(createRawNames(refused).days(randomUUID())).rejects.toThrow();
    await expect(createRawRemoval(refused).remove('x')).rejects.toThrow();
    const range = { from: '0', to: ':', limit: 1 };
    await expect(createLandingRows(createTables(refused)).rows(randomUUID(), range)).rejects.toThrow();
  });
});

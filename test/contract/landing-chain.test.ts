/** The promises about the chain of landings, kept in memory and on Table Storage. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createLandingStore } from '../../shared/adapters/tables/landing-store.ts';
import { createTables, type Tables } from '../../shared/adapters/tables/tables.ts';
import { chainBeginning, linkHash, type ChainLink, type LandingChain } from '../../shared/evidence/chain.ts';
import type { IndexedCounts, Landing } from '../../shared/landing/landing.ts';
import { landingIdOf, rawBlobName } from '../../shared/landing/landing-names.ts';
import { contentNamed } from '../support/content.ts';
import { createFakeLandingStore } from '../support/fakes/landing-store.ts';
import { createFaults } from '../support/faults.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();
const counts: IndexedCounts = { indexed: 8, duplicates: 2, notUnderstood: 1, rows: 60 };
const linkedAt = new Date('2026-03-20T08:00:00Z');
const now = () => linkedAt;

function landingOf(minute: number, changes: Partial<Landing> = {}): Landing {
  const landedAt = new Date(Date.UTC(2026, 2, 1, 0, minute));
  const landingId = landingIdOf(landedAt, [contentNamed(String(minute), landedAt)]);
  return {
    ...{ landingId, landedAt, blobName: rawBlobName(randomUUID(), landedAt, landingId) },
    ...{ contentBlobs: 3, records: 10, bytes: 12_345, oldestContent: new Date(landedAt.getTime() - 60_000) },
    ...{ textSha256: 'ab'.repeat(32), hashedAt: 'landing', contentsSha256: 'cd'.repeat(32) },
    ...changes,
  };
}

function hashesOf({ textSha256, hashedAt, contentsSha256 }: Landing) {
  return { textSha256, hashedAt, contentsSha256 };
}

/** All links, which must follow each other. */
async function soundChain(store: LandingChain, tenantId: string): Promise<readonly ChainLink[]> {
  const links = await store.links(tenantId, 1, 1000);
  let previous = chainBeginning;
  for (const [at, link] of links.entries()) {
    expect(link).toMatchObject({ number: at + 1, previous, hash: linkHash(tenantId, link) });
    previous = link.hash;
  }
  expect(await store.head(tenantId)).toEqual(
    links.length === 0 ? undefined : { number: links.length, hash: previous },
  );
  return links;
}

describe.each([
  { where: 'in memory', open: () => createFakeLandingStore({ now }) },
  { where: 'on Table Storage', open: () => createLandingStore(createTables(storage()), { now }) },
])('the chain of landings $where', ({ open }) => {
  it('is empty before a landing is indexed', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    await store.open(tenantId, landingOf(1));
    expect(await soundChain(store, tenantId)).toEqual([]);
  });

  it('links all landings in the order of indexing, those of imports too, separately per tenant', async () => {
    const [store, tenantId, other] = [open(), randomUUID(), randomUUID()];
    const importId = randomUUID();
    const landings = [landingOf(3), landingOf(1, { importId, contentBlobs: 0 }), landingOf(2)];
    for (const landing of landings) await store.open(tenantId, landing);
    for (const landing of landings) await store.close(tenantId, landing, counts);
    await store.close(other, landingOf(5), counts);
    const links = await soundChain(store, tenantId);
    expect(links.map(({ landingId }) => landingId)).toEqual(landings.map(({ landingId }) => landingId));
    const imported = { importId, linkedAt, ...hashesOf(landingOf(1)), contentBlobs: 0, records: 10 };
    expect(links[1]).toMatchObject(imported);
    expect(await soundChain(store, other)).toHaveLength(1);
  });

  it('has one link for a landing, however often it is indexed, also concurrently', async () => {
    const [store, tenantId, landing] = [open(), randomUUID(), landingOf(1)];
    await store.open(tenantId, landing);
    await Promise.all([1, 2, 3, 4].map(() => store.close(tenantId, landing, counts)));
    await store.close(tenantId, landingOf(2), counts);
    await store.close(tenantId, landing, { ...counts, indexed: 0 });
    await store.open(tenantId, landing);
    expect(await soundChain(store, tenantId)).toHaveLength(2);
    expect(await store.recorded(tenantId, landing.landingId)).toMatchObject({ link: 1, isIndexed: true });
  });

  it('has no gap when many landings are indexed concurrently, by the feed and by imports', async () => {
    const [store, tenantId, importId] = [open(), randomUUID(), randomUUID()];
    const landings = Array.from({ length: 24 }, (_, at) => landingOf(at, at % 3 === 0 ? { importId } : {}));
    for (const landing of landings.slice(0, 12)) await store.open(tenantId, landing);
    const twice = [...landings, ...landings];
    await Promise.all(twice.map((landing) => store.close(tenantId, landing, counts)));
    const links = await soundChain(store, tenantId);
    expect(links.map(({ landingId }) => landingId).toSorted()).toEqual(
      landings.map(({ landingId }) => landingId).toSorted(),
    );
    expect(await store.sequenced(tenantId, 1, 100)).toHaveLength(16);
  });

  it('is read from a number on, up to a limit', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    for (const minute of [1, 2, 3, 4]) await store.close(tenantId, landingOf(minute), counts);
    expect((await store.links(tenantId, 2, 2)).map(({ number }) => number)).toEqual([2, 3]);
    expect(await store.links(tenantId, 5, 2)).toEqual([]);
  });

  it('places the landings of a range, indexed or not', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    const landings = [1, 2, 3, 4].map((minute) => landingOf(minute));
    for (const landing of landings) await store.open(tenantId, landing);
    for (const at of [2, 1]) await store.close(tenantId, landings[at] ?? landingOf(9), counts);
    const range = { from: new Date(Date.UTC(2026, 2, 1, 0, 2)), to: new Date(Date.UTC(2026, 2, 1, 0, 4)) };
    const [, second, third] = landings.map(({ landingId }) => landingId);
    const placed = await store.placed(tenantId, range, 10);
    expect(placed).toEqual([
      { landingId: second, isIndexed: true, link: 2, records: 10, bytes: 12_345 },
      { landingId: third, isIndexed: true, link: 1, records: 10, bytes: 12_345 },
    ]);
    expect(await store.placed(tenantId, range, 1)).toHaveLength(1);
    const all = { from: new Date(0), to: new Date(Date.UTC(2027, 0)) };
    expect((await store.placed(tenantId, all, 10)).map(({ link }) => link)).toEqual([
      undefined,
      2,
      1,
      undefined,
    ]);
    expect(await store.placed(randomUUID(), all, 10)).toEqual([]);
  });

  it('says of a landing without hashes that it has none', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    const unhashed = { textSha256: undefined, hashedAt: undefined, contentsSha256: undefined };
    await store.close(tenantId, landingOf(1, unhashed), counts);
    const [link] = await soundChain(store, tenantId);
    expect(link?.textSha256).toBeUndefined();
  });

  it('keeps what was recorded of a landing when it landed', async () => {
    const [store, tenantId, landing] = [open(), randomUUID(), landingOf(1)];
    const hashes = [1, 2, 3].map((digit) => String(digit).repeat(64));
    await store.open(tenantId, landing, hashes);
    const { textSha256, hashedAt, contentsSha256 } = landing;
    const before = await store.recorded(tenantId, landing.landingId);
    expect(before).toMatchObject({ textSha256, hashedAt, contentsSha256, isIndexed: false });
    await store.close(tenantId, landing, counts, before);
    expect(await store.contentHashes(tenantId, landing.landingId)).toEqual(hashes);
    expect(await store.contentHashes(tenantId, landingOf(2).landingId)).toBeUndefined();
    expect(await store.recorded(tenantId, landing.landingId)).toMatchObject({ textSha256, isIndexed: true });
  });

  it('closes a landing whose row was read before it changed', async () => {
    const [store, tenantId, landing] = [open(), randomUUID(), landingOf(1)];
    await store.open(tenantId, landing);
    const outdated = await store.recorded(tenantId, landing.landingId);
    await store.close(tenantId, landing, counts);
    await store.close(tenantId, landing, counts, outdated);
    expect(await soundChain(store, tenantId)).toHaveLength(1);
  });
});

/** How many requests a call sends. */
function counted(tables: Tables) {
  const requests: string[] = [];
  const noting = createFaults((step) => {
    requests.push(step);
    return undefined;
  });
  return { requests, tables: noting.inject('tables', tables) };
}

describe('linking on Table Storage', () => {
  it('costs two reads and a transaction for each landing, as before there was a chain', async () => {
    const { requests, tables } = counted(createTables(storage()));
    const [store, tenantId, landing] = [createLandingStore(tables), randomUUID(), landingOf(1)];
    await store.open(tenantId, landing, ['ab'.repeat(32)]);
    expect(requests.splice(0)).toEqual(['tables.transact']);
    const recorded = await store.recorded(tenantId, landing.landingId);
    await store.close(tenantId, landing, counts, recorded);
    expect(requests).toEqual(['tables.get', 'tables.all', 'tables.transact']);
  });

  it.each(['crashBefore', 'crashAfter'] as const)('survives a %s of its transaction', async (fault) => {
    const tables = createTables(storage());
    const [tenantId, landing] = [randomUUID(), landingOf(1)];
    const failing: Tables = {
      ...tables,
      transact: async (...args) => {
        if (fault === 'crashAfter') await tables.transact(...args);
        throw new Error('The host ended.');
      },
    };
    await createLandingStore(tables).open(tenantId, landing);
    await expect(createLandingStore(failing).close(tenantId, landing, counts)).rejects.toThrow('ended');
    const store = createLandingStore(tables);
    await store.close(tenantId, landing, counts);
    await store.close(tenantId, landingOf(2), counts);
    expect(await soundChain(store, tenantId)).toHaveLength(2);
  });

  it('links a landing that an earlier release indexed when it is indexed again', async () => {
    const tables = createTables(storage());
    const [store, tenantId, landing] = [createLandingStore(tables), randomUUID(), landingOf(1)];
    const earlier = { ...landingOf(0), state: 'indexed', sequence: 7n };
    const { landedAt, oldestContent, landingId, blobName, contentBlobs, records, bytes } = earlier;
    await tables.upsertAll('Landings', [
      {
        ...{ partitionKey: tenantId, rowKey: landingId, blobName, contentBlobs, records, bytes },
        ...{ landedAt: landedAt.toISOString(), oldestContent: oldestContent.toISOString() },
        ...{ state: 'indexed', sequence: 7n },
      },
      { partitionKey: tenantId, rowKey: 'newest', sequence: 7n },
    ]);
    await store.close(tenantId, landing, counts);
    expect(await soundChain(store, tenantId)).toMatchObject([{ landingId: landing.landingId }]);
    expect(await store.recorded(tenantId, landingId)).toMatchObject({ sequence: 7, isIndexed: true });
    await store.close(tenantId, landingOf(0), counts, await store.recorded(tenantId, landingId));
    expect(await soundChain(store, tenantId)).toMatchObject([{}, { landingId }]);
    expect(await store.recorded(tenantId, landingId)).toMatchObject({ sequence: 7, link: 2 });
  });

  it('fails when storage cannot be reached, and never looks empty', async () => {
    const store = createLandingStore(createTables(lockedOut(storage())));
    await expect(store.links(randomUUID(), 1, 1)).rejects.toThrow();
    await expect(store.head(randomUUID())).rejects.toThrow();
    await expect(store.placed(randomUUID(), { from: linkedAt, to: linkedAt }, 1)).rejects.toThrow();
    await expect(store.recorded(randomUUID(), 'a')).rejects.toThrow();
    await expect(store.contentHashes(randomUUID(), 'a')).rejects.toThrow();
  });
});

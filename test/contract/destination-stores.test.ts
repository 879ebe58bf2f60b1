/** The promises about destinations, cursors and dead letters, kept in memory and on Table Storage. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createCursorStore } from '../../shared/adapters/tables/cursor-store.ts';
import { createDeadLetterStore } from '../../shared/adapters/tables/dead-letter-store.ts';
import { createDestinationStore } from '../../shared/adapters/tables/destination-store.ts';
import { createTables } from '../../shared/adapters/tables/tables.ts';
import type { Cursor, CursorStore, StoredCursor } from '../../shared/destinations/cursor.ts';
import type { DeadLetter } from '../../shared/destinations/dead-letter.ts';
import type { Destination } from '../../shared/destinations/destination.ts';
import {
  createFakeCursorStore,
  createFakeDeadLetterStore,
  createFakeDestinationStore,
} from '../support/fakes/destinations.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();
const at = (minute: number) => new Date(Date.UTC(2026, 2, 2, 8, minute));

function destinationOf(displayName: string): Destination {
  return {
    ...{
      destinationId: randomUUID(),
      displayName,
      kind: 'test',
      settings: { url: 'https://ü.example', n: [1] },
    },
    ...{ tenants: 'tag:gold', filters: { users: ['anna@fabrikam.example'] }, paused: false },
    ...{ createdBy: 'key', createdDateTime: at(0), since: at(1), until: at(9) },
  };
}

describe.each([
  { where: 'in memory', open: createFakeDestinationStore },
  { where: 'on Table Storage', open: () => createDestinationStore(createTables(storage())) },
])('destinations $where', ({ open }) => {
  it('are found as created, and listed', async () => {
    const [store, destination] = [open(), destinationOf('SIEM')];
    expect(await store.get(destination.destinationId)).toBeUndefined();
    await store.create(destination);
    const stored = await store.get(destination.destinationId);
    expect(stored).toEqual({ ...destination, etag: stored?.etag });
    expect(await store.list()).toContainEqual(stored);
    await expect(store.create({ ...destination, displayName: 'Another' })).rejects.toThrow();
    await store.remove(destination.destinationId);
    expect(await store.get(destination.destinationId)).toBeUndefined();
    await store.remove(destination.destinationId);
  });

  it('are changed only as they were read, and undefined members are removed', async () => {
    const [store, destination] = [open(), destinationOf('SIEM')];
    await store.create(destination);
    const first = await store.get(destination.destinationId);
    if (first === undefined) throw new Error('It was not stored.');
    const circuit = { since: at(2), cause: 'No.', nextStep: 'Yes.', failures: 3, nextAttemptAt: at(3) };
    const second = await store.update(first, { circuit, paused: true });
    expect(second).toEqual({ ...first, circuit, paused: true, etag: second?.etag });
    expect(await store.update(first, { paused: false })).toBeUndefined();
    expect(await store.get(destination.destinationId)).toEqual(second);
    const search = { owner: randomUUID(), name: 'Rules' };
    if (second !== undefined) await store.update(second, { circuit: undefined, search });
    const third = await store.get(destination.destinationId);
    expect(third?.circuit).toBeUndefined();
    expect(third?.search).toEqual(search);
  });
});

function cursorOf(tenantId: string, destinationId: string): Cursor {
  const counts = { sent: 5_000_000_000, duplicates: 1, rejected: 0 };
  return { tenantId, destinationId, position: { sequence: 1_772_440_000_000, line: 7 }, counts };
}

const pagesOf = async (store: CursorStore, destinationId: string) => {
  const found: StoredCursor[] = [];
  for await (const page of store.listOf(destinationId)) found.push(...page);
  return found;
};

describe.each([
  { where: 'in memory', open: createFakeCursorStore },
  { where: 'on Table Storage', open: () => createCursorStore(createTables(storage())) },
])('cursors $where', ({ open }) => {
  it('are created once, for a destination and a tenant', async () => {
    const [store, tenantId, destinationId] = [open(), randomUUID(), randomUUID()];
    const created = await store.create(cursorOf(tenantId, destinationId));
    expect(created).toEqual({ ...cursorOf(tenantId, destinationId), etag: created?.etag });
    expect(await store.create({ ...cursorOf(tenantId, destinationId), atMost: 1 })).toBeUndefined();
    expect(await store.get(tenantId, destinationId)).toEqual(created);
    expect(await store.get(tenantId, randomUUID())).toBeUndefined();
  });

  it('are changed only as they were read, and undefined members are removed', async () => {
    const [store, tenantId, destinationId] = [open(), randomUUID(), randomUUID()];
    const first = await store.create(cursorOf(tenantId, destinationId));
    if (first === undefined) throw new Error('It was not created.');
    const changes = {
      pendingTo: { sequence: 9, line: 1 },
      waitingSince: new Date('2026-03-02T08:00:00Z'),
      suspects: [{ at: { sequence: 8, line: 0 }, recordId: 'a', cause: 'No.' }],
      lease: { holder: 'h', until: at(5), notified: true },
      ...{ atMost: 4, lastSentDateTime: at(4), refusedSince: at(3) },
    };
    const second = await store.update(first, changes);
    expect(second).toEqual({ ...first, ...changes, etag: second?.etag });
    expect(await store.get(tenantId, destinationId)).toEqual(second);
    expect(await store.update(first, { ...changes, lease: undefined })).toBeUndefined();
    if (second !== undefined)
      await store.update(second, {
        pendingTo: undefined,
        waitingSince: undefined,
        suspects: undefined,
        atMost: undefined,
        lease: undefined,
      });
    const { lease, pendingTo, waitingSince, suspects, atMost } =
      (await store.get(tenantId, destinationId)) ?? {};
    expect([lease, pendingTo, waitingSince, suspects, atMost]).toEqual(Array(5).fill(undefined));
  });

  it('of a destination are listed for all tenants, and removed one by one', async () => {
    const [store, destinationId] = [open(), randomUUID()];
    const tenants = [randomUUID(), randomUUID()].sort();
    for (const tenantId of tenants) await store.create(cursorOf(tenantId, destinationId));
    await store.create(cursorOf(tenants[0] ?? '', randomUUID()));
    expect((await pagesOf(store, destinationId)).map(({ tenantId }) => tenantId).sort()).toEqual(tenants);
    await store.remove(tenants[0] ?? '', destinationId);
    await store.remove(tenants[0] ?? '', destinationId);
    expect((await pagesOf(store, destinationId)).map(({ tenantId }) => tenantId)).toEqual([tenants[1]]);
  });
});

describe.each([
  { where: 'in memory', open: createFakeDeadLetterStore },
  { where: 'on Table Storage', open: () => createDeadLetterStore(createTables(storage())) },
])('dead letters $where', ({ open }) => {
  it('are kept once for each place, listed in order, and removed', async () => {
    const [store, tenantId, destinationId] = [open(), randomUUID(), randomUUID()];
    const letterAt = (sequence: number, line: number, more: Partial<DeadLetter> = {}): DeadLetter => ({
      ...{
        tenantId,
        destinationId,
        sequence,
        line,
        recordId: `r${line}`,
        cause: 'No: ü',
        refusedDateTime: at(6),
      },
      ...more,
    });
    const letters = [letterAt(999, 10), letterAt(1_772_440_000_000, 2), letterAt(1_772_440_000_000, 10)];
    await store.put([...letters].reverse());
    await store.put([
      letterAt(999, 10, { cause: 'Other.' }),
      letterAt(1, 1, { destinationId: randomUUID() }),
    ]);
    expect(await store.list(destinationId, 10)).toEqual([
      letterAt(999, 10, { cause: 'Other.' }),
      ...letters.slice(1),
    ]);
    expect(await store.list(destinationId, 2)).toHaveLength(2);
    expect(await store.list(destinationId, 1, letterAt(999, 10))).toEqual([letters[1]]);
    expect(await store.list(destinationId, 10, letterAt(1_772_440_000_000, 10))).toEqual([]);
    const later = letterAt(1, 1, { tenantId: `${tenantId}0` });
    await store.put([later]);
    expect(await store.list(destinationId, 10, letterAt(1_772_440_000_000, 2))).toEqual([letters[2], later]);
    await store.remove([later]);
    await store.remove(letters.slice(0, 2));
    await store.remove(letters.slice(0, 2));
    expect(await store.list(destinationId, 10)).toEqual(letters.slice(2));
  });
});

it('fail when storage does', async () => {
  const tables = createTables(lockedOut(storage()));
  await expect(createDestinationStore(tables).list()).rejects.toThrow();
  await expect(createCursorStore(tables).get('a', 'b')).rejects.toThrow();
  await expect(createDeadLetterStore(tables).list('a', 1)).rejects.toThrow();
});

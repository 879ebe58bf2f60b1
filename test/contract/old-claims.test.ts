/** The promises about the deletion of old claims, kept in memory and on Table Storage. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createOldClaims } from '../../shared/adapters/tables/old-claims.ts';
import { createRecordIndex } from '../../shared/adapters/tables/record-index.ts';
import { createTables } from '../../shared/adapters/tables/tables.ts';
import { invertedTime } from '../../shared/index/keys.ts';
import type { Claim } from '../../shared/index/record-index.ts';
import type { OldClaims } from '../../shared/retention/old-data.ts';
import { createFakeRecordIndex } from '../support/fakes/record-index.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();
const azurite = useStorage('azurite');
const limit = new Date('2026-01-01T00:00:00.000Z');
const claimOf = (id: string, at: number): Claim => ({
  ...{ id, inverted: invertedTime(new Date(at)), landing: 1n, line: 0, content: 1n },
});

async function removeAll(old: OldClaims, tenantId: string): Promise<number> {
  let [rows, next]: [number, string | undefined] = [0, undefined];
  do {
    const removed = await old.removeClaims(tenantId, limit, next);
    rows += removed.rows;
    next = removed.next;
  } while (next !== undefined);
  return rows;
}

function openStored(settings: ReturnType<typeof storage>) {
  const tables = createTables(settings);
  return { index: createRecordIndex(tables), old: createOldClaims(tables) };
}

describe.each([
  {
    where: 'in memory',
    open: () => {
      const index = createFakeRecordIndex();
      return { index, old: index };
    },
  },
  { where: 'on Table Storage', open: () => openStored(storage()) },
  { where: 'on Azurite', open: () => openStored(azurite()) },
])('old claims $where', ({ open }) => {
  it('are deleted to the millisecond, for one tenant, and a second time none are', async () => {
    const [{ index, old }, tenantId, otherId] = [open(), randomUUID(), randomUUID()];
    const claims = [-1, 0, -dayMs, dayMs].map((ms, at) => claimOf(`id-${at}`, limit.getTime() + ms));
    for (const id of [tenantId, otherId]) await index.createClaims(id, claims);
    expect(await removeAll(old, tenantId)).toBe(2);
    const ids = claims.map(({ id }) => id);
    expect([...(await index.readClaims(tenantId, ids)).keys()].sort()).toEqual(['id-1', 'id-3']);
    expect([...(await index.readClaims(otherId, ids)).keys()]).toHaveLength(4);
    expect(await removeAll(old, tenantId)).toBe(0);
  });

  it('may be more than a page', async () => {
    const [{ index, old }, tenantId] = [open(), randomUUID()];
    for (let batch = 0; batch < 13; batch++) {
      const claims = Array.from({ length: 100 }, (_, at) =>
        claimOf(`${String(at)}-${String(batch)}`, limit.getTime() + (at % 2 === 0 ? -1 : 1)),
      );
      await index.createClaims(tenantId, claims);
    }
    expect(await removeAll(old, tenantId)).toBe(650);
    const found = await index.readClaims(tenantId, ['0-0', '1-0', '98-12', '99-12']);
    expect([...found.keys()].sort()).toEqual(['1-0', '99-12']);
  });

  it('are none for a tenant without claims', async () => {
    expect(await open().old.removeClaims(randomUUID(), limit, undefined)).toEqual({
      rows: 0,
      next: undefined,
    });
  });
});

const dayMs = 24 * 60 * 60_000;

describe('storage that refuses', () => {
  it('never looks empty', async () => {
    const old = createOldClaims(createTables(lockedOut(storage())));
    await expect(old.removeClaims(randomUUID(), limit, undefined)).rejects.toThrow();
  });
});

/** The promises about snapshots of role holders, kept in memory and on Table Storage. */
import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { createRoleHolderStore } from '../../shared/adapters/tables/role-holder-store.ts';
import { createTables, type Tables } from '../../shared/adapters/tables/tables.ts';
import { globalAdministrator } from '../../shared/tenants/privileged-roles.ts';
import type { RoleHolderSnapshot } from '../../shared/tenants/role-holders.ts';
import { createFakeRoleHolderStore } from '../support/fakes/role-holder-store.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();
const at = (date: number, hour = 6) => new Date(Date.UTC(2026, 2, date, hour));
const snapshot = (takenAt: Date, holders = 1): RoleHolderSnapshot => ({
  takenAt,
  holders: Array.from({ length: holders }, (_, index) => ({
    ...{ id: randomUUID(), type: 'user', assignment: 'active', displayName: `Ünïcode ${index}` },
    userPrincipalName: `user${index}@fabrikam.example`,
  })),
});

describe.each([
  { where: 'in memory', open: createFakeRoleHolderStore },
  { where: 'on Table Storage', open: () => createRoleHolderStore(createTables(storage())) },
])('role holders $where', ({ open }) => {
  it('are none for a tenant that was never checked', async () => {
    expect(await open().list(randomUUID(), at(1), at(9))).toEqual([]);
  });

  it('are returned as stored, oldest first, several hundred at once', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    const [first, second] = [snapshot(at(1)), snapshot(at(2), 500)];
    await store.save(tenantId, second);
    await store.save(tenantId, first);
    expect(await store.list(tenantId, at(1), at(3))).toEqual([first, second]);
    expect(await store.list(randomUUID(), at(1), at(3))).toEqual([]);
  });

  it('are kept once a day, the latest one', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    const last = snapshot(at(1, 20));
    await store.save(tenantId, snapshot(at(1, 6)));
    await store.save(tenantId, last);
    expect(await store.list(tenantId, at(1), at(2))).toEqual([last]);
  });

  it('are those of the days that overlap the range, and always the newest before its end', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    const snapshots = [1, 2, 3, 4].map((date) => snapshot(at(date)));
    for (const each of snapshots) await store.save(tenantId, each);
    expect(await store.list(tenantId, at(2, 23), at(3, 1))).toEqual(snapshots.slice(1, 3));
    expect(await store.list(tenantId, at(20), at(21))).toEqual(snapshots.slice(3));
  });

  it('are returned with those of other roles, as far as these are known', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    const { holders } = snapshot(at(2), 3);
    const known = {
      ...snapshot(at(2)),
      otherRoles: [
        { role: 'a', holders },
        { role: 'b', holders: [] },
      ],
    };
    await store.save(tenantId, snapshot(at(1)));
    await store.save(tenantId, known);
    const found = await store.read(tenantId, { from: at(1), to: at(2), roles: ['a', 'b'] });
    expect(found[0]).not.toHaveProperty('otherRoles');
    expect(found[1]).toEqual({ ...known, holders: [] });
  });

  it('are returned with those of other roles, also where a role has thousands', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    const many = { ...snapshot(at(1)), otherRoles: [{ role: 'a', holders: snapshot(at(1), 3000).holders }] };
    const few = { ...snapshot(at(2)), otherRoles: [{ role: 'a', holders: snapshot(at(2)).holders }] };
    await store.save(tenantId, many);
    await store.save(tenantId, few);
    const roles = [globalAdministrator, 'a'];
    expect(await store.read(tenantId, { from: at(1), to: at(2), roles })).toEqual([many, few]);
    // The columns of the larger one do not stay.
    await store.save(tenantId, { ...few, takenAt: at(1, 20) });
    expect(await store.read(tenantId, { from: at(1), to: at(1), roles })).toEqual([
      { ...few, takenAt: at(1, 20) },
    ]);
  });

  it('are listed, and read, without those of other roles where only Global Administrator matters', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    const { takenAt, holders } = snapshot(at(2), 3);
    await store.save(tenantId, { takenAt, holders, otherRoles: [{ role: 'a', holders }] });
    expect(await store.list(tenantId, at(1), at(3))).toEqual([{ takenAt, holders }]);
    const roles = [globalAdministrator];
    expect(await store.read(tenantId, { from: at(2), to: at(2), roles })).toEqual([{ takenAt, holders }]);
  });

  it('are read by day, the oldest first, with the holders of these roles alone', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    const { holders } = snapshot(at(2), 3);
    const otherRoles = ['a', 'b'].map((role) => ({ role, holders }));
    const known = { ...snapshot(at(2)), otherRoles };
    const snapshots = [snapshot(at(1)), known, snapshot(at(3)), snapshot(at(4))];
    for (const each of snapshots) await store.save(tenantId, each);
    const roles = [globalAdministrator, 'b'];
    const days = { from: at(2, 23), to: at(3, 0), roles };
    const wanted = { ...known, otherRoles: [{ role: 'b', holders }] };
    expect(await store.read(tenantId, days)).toEqual([wanted, snapshots[2]]);
    expect(await store.read(tenantId, { ...days, roles: ['a'], to: at(2) })).toEqual([
      { takenAt: at(2), holders: [], otherRoles: [{ role: 'a', holders }] },
    ]);
    expect(await store.read(tenantId, { ...days, from: at(5), to: at(9) })).toEqual([]);
  });

  it('are counted by day and role, the oldest first', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    const { holders } = snapshot(at(2), 3);
    const otherRoles = [
      { role: 'a', holders: holders.slice(1) },
      { role: 'b', holders: [] },
    ];
    await store.save(tenantId, { ...snapshot(at(3)), holders, otherRoles });
    for (const date of [1, 2, 4]) await store.save(tenantId, snapshot(at(date), date));
    const counts = await store.counts(tenantId, { from: at(2, 23), to: at(3, 0) });
    expect(counts).toEqual([
      { takenAt: at(2), counts: [{ role: globalAdministrator, count: 2 }] },
      {
        takenAt: at(3),
        counts: [
          { role: globalAdministrator, count: 3 },
          { role: 'a', count: 2 },
          { role: 'b', count: 0 },
        ],
      },
    ]);
    expect(await store.counts(randomUUID(), { from: at(1), to: at(9) })).toEqual([]);
  });

  it('exclude a day that begins where the range ends', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    const snapshots = [1, 2, 3].map((date) => snapshot(at(date)));
    for (const each of snapshots) await store.save(tenantId, each);
    expect(await store.list(tenantId, at(1, 0), at(3, 0))).toEqual(snapshots.slice(0, 2));
  });
});

/** The same store, and what it asked Table Storage for. */
function watchedStore() {
  const tables = createTables(storage());
  const asked: { readonly select: readonly string[] | undefined; readonly rows: number }[] = [];
  const all: Tables['all'] = async (table, query, top) => {
    const found = await tables.all(table, query, top);
    asked.push({ select: query.select, rows: found.length });
    return found;
  };
  return { store: createRoleHolderStore({ ...tables, all }), asked };
}

describe('role holders on Table Storage', () => {
  const ofOtherRoles = (name: string) => name.startsWith('otherRoles');

  it('of a range are listed with one request, which returns its days and no column of other roles', async () => {
    const [{ store, asked }, tenantId] = [watchedStore(), randomUUID()];
    const { holders } = snapshot(at(1));
    for (let date = 1; date <= 12; date += 1)
      await store.save(tenantId, { takenAt: at(date), holders, otherRoles: [{ role: 'a', holders }] });
    expect(await store.list(tenantId, at(9), at(11, 0))).toHaveLength(2);
    expect(asked).toEqual([{ select: expect.any(Array) as unknown, rows: 2 }]);
    expect(asked[0]?.select?.filter(ofOtherRoles)).toEqual([]);
  });

  it('of long ago are found by their keys, and one of them is read', async () => {
    const [{ store, asked }, tenantId] = [watchedStore(), randomUUID()];
    for (let date = 1; date <= 12; date += 1) await store.save(tenantId, snapshot(at(date)));
    expect(await store.list(tenantId, at(20), at(30))).toMatchObject([{ takenAt: at(12) }]);
    expect(asked).toMatchObject([{ rows: 0 }, { select: ['PartitionKey', 'RowKey'], rows: 12 }, { rows: 1 }]);
  });

  it('of Global Administrator alone are read without the columns of other roles', async () => {
    const [{ store, asked }, tenantId] = [watchedStore(), randomUUID()];
    await store.save(tenantId, snapshot(at(1)));
    await store.read(tenantId, { from: at(1), to: at(1), roles: [globalAdministrator] });
    expect(asked[0]?.select?.filter(ofOtherRoles)).toEqual([]);
  });

  it('are counted without reading holders', async () => {
    const [{ store, asked }, tenantId] = [watchedStore(), randomUUID()];
    await store.save(tenantId, snapshot(at(1)));
    await store.counts(tenantId, { from: at(1), to: at(1) });
    expect(asked).toEqual([{ select: ['takenAt', 'counts'], rows: 1 }]);
  });

  it('of a role that does not fit into a row are left out and counted, those of others stay', async () => {
    const [store, tenantId] = [createRoleHolderStore(createTables(storage())), randomUUID()];
    const stored = snapshot(at(1));
    const few = { role: 'b', holders: snapshot(at(1), 2).holders };
    const otherRoles = [{ role: 'a', holders: snapshot(at(1), 30_000).holders }, few];
    await store.save(tenantId, { ...stored, otherRoles });
    const days = { from: at(1), to: at(1) };
    const leftOut = [{ role: 'a', count: 30_000 }];
    const roles = [globalAdministrator, 'a', 'b'];
    expect(await store.read(tenantId, { ...days, roles })).toEqual([
      { ...stored, otherRoles: [few], leftOut },
    ]);
    expect(await store.read(tenantId, { ...days, roles: [globalAdministrator, 'b'] })).toEqual([
      { ...stored, otherRoles: [few] },
    ]);
    const [counted] = await store.counts(tenantId, days);
    expect(counted?.counts?.map(({ role }) => role)).toEqual([globalAdministrator, 'b']);
  });

  it('of a row without counts are read, and have none', async () => {
    const [tables, tenantId] = [createTables(storage()), randomUUID()];
    const store = createRoleHolderStore(tables);
    const { takenAt, holders } = snapshot(at(1));
    await tables.write('RoleHolders', (client) =>
      client.upsertEntity({
        ...{ partitionKey: tenantId, rowKey: '2026-03-01', takenAt: takenAt.toISOString() },
        holders: gzipSync(JSON.stringify(holders)),
      }),
    );
    const days = { from: at(1), to: at(1) };
    expect(await store.counts(tenantId, days)).toEqual([{ takenAt }]);
    expect(await store.read(tenantId, { ...days, roles: [globalAdministrator, 'a'] })).toEqual([
      { takenAt, holders },
    ]);
  });
});

describe('unreachable role holders', () => {
  it('fail, and never look empty', async () => {
    const store = createRoleHolderStore(createTables(lockedOut(storage())));
    await expect(store.list(randomUUID(), at(1), at(2))).rejects.toThrow();
  });
});

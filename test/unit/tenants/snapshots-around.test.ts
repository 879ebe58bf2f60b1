import { describe, expect, it } from 'vitest';
import { snapshotsAround, TooManyHoldersError } from '../../../shared/tenants/snapshots-around.ts';
import { globalAdministrator } from '../../../shared/tenants/privileged-roles.ts';
import { createFakeRoleHolderStore } from '../../support/fakes/role-holder-store.ts';

const at = (date: number, hour = 4) => new Date(Date.UTC(2026, 2, date, hour));

const roles = [globalAdministrator];

async function around(days: readonly number[], from: Date, to: Date) {
  const roleHolders = createFakeRoleHolderStore();
  for (const date of days) await roleHolders.save('t', { takenAt: at(date), holders: [] });
  const found = await snapshotsAround(roleHolders, {
    tenantId: 't',
    range: { from, to },
    now: at(20),
    roles,
  });
  return found.map(({ takenAt }) => takenAt.getUTCDate());
}

describe('snapshots around a range', () => {
  it.each<[string, readonly number[], readonly [from: Date, to: Date], readonly number[]]>([
    ['are those in it and one on each side', [1, 2, 5, 6, 9, 10], [at(4), at(8)], [2, 5, 6, 9]],
    ['are two if none is in it', [1, 2, 9, 10], [at(4), at(8)], [2, 9]],
    ['count by time, also on the days of its borders', [3, 4, 8, 9], [at(4, 1), at(8, 5)], [3, 4, 8, 9]],
    ['may lack one before it', [5, 9, 10], [at(4), at(8)], [5, 9]],
    ['may lack one after it', [2, 3, 5], [at(4), at(8)], [3, 5]],
    ['may be a later one alone', [10, 11], [at(4), at(8)], [10]],
    ['may be an earlier one alone', [1, 2], [at(4), at(8)], [2]],
    ['may be none', [], [at(4), at(8)], []],
  ])('%s', async (_, days, [from, to], expected) => {
    expect(await around(days, from, to)).toEqual(expected);
  });

  it('are read alone, however many there are before and after them', async () => {
    const store = createFakeRoleHolderStore();
    for (let date = -500; date < 500; date += 1) await store.save('t', { takenAt: at(date), holders: [] });
    let rows = 0;
    const read: typeof store.read = async (...asked) => {
      const found = await store.read(...asked);
      rows += found.length;
      return found;
    };
    const range = { from: at(4), to: at(11) };
    const found = await snapshotsAround({ read }, { tenantId: 't', range, now: at(490), roles });
    expect(found.map(({ takenAt }) => takenAt)).toEqual([4, 5, 6, 7, 8, 9, 10, 11].map((date) => at(date)));
    expect(rows).toBeLessThanOrEqual(20);
  });

  it('may be up to 400 days away from it, and no further', async () => {
    expect(await around([-390], at(4), at(8))).toHaveLength(1);
    expect(await around([-400], at(4), at(8))).toEqual([]);
  });

  it('have the holders of the wanted roles alone', async () => {
    const store = createFakeRoleHolderStore();
    const holders = [{ id: 'anna', type: 'user', assignment: 'active' }] as const;
    const otherRoles = ['a', 'b'].map((role) => ({ role, holders }));
    await store.save('t', { takenAt: at(5), holders, otherRoles });
    const asked = { tenantId: 't', range: { from: at(4), to: at(8) }, now: at(20) };
    const [of] = await snapshotsAround(store, { ...asked, roles: ['b'] });
    expect(of).toEqual({ takenAt: at(5), holders: [], otherRoles: [{ role: 'b', holders }] });
    const [global] = await snapshotsAround(store, { ...asked, roles });
    expect(global).toEqual({ takenAt: at(5), holders });
  });

  it('are refused if they have more holders than there is memory for', async () => {
    const store = createFakeRoleHolderStore();
    const holders = Array.from({ length: 1000 }, (_, index) => ({
      ...({ id: String(index), type: 'user', assignment: 'active' } as const),
    }));
    for (let date = 0; date < 120; date += 1) await store.save('t', { takenAt: at(date), holders });
    const asked = { tenantId: 't', range: { from: at(0), to: at(120) }, now: at(200), roles };
    await expect(snapshotsAround(store, asked)).rejects.toThrow(TooManyHoldersError);
  });
});

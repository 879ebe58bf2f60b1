import { describe, expect, it } from 'vitest';
import { snapshotsAround, TooManyHoldersError } from '../../../shared/tenants/snapshots-around.ts';
import { globalAdministrator } from '../../../shared/tenants/privileged-roles.ts';
import { createFakeRoleHolderStore } from '../../support/fakes/role-holder-store.ts';

const at = (date: number, hour = 4) => new Date(Date.UTC(2026, 2, date, hour));

const roles = [globalAdministrator];

/** A store, and how often holders were read from it. */
function watched() {
  const store = createFakeRoleHolderStore();
  const counted = { requests: 0, rows: 0 };
  const read: typeof store.read = async (...asked) => {
    const found = await store.read(...asked);
    counted.requests += 1;
    counted.rows += found.length;
    return found;
  };
  const counts: typeof store.counts = (...asked) => ((counted.requests += 1), store.counts(...asked));
  return { store: { ...store, read, counts }, read: counted };
}

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
    const { store, read } = watched();
    for (let date = -500; date < 500; date += 1) await store.save('t', { takenAt: at(date), holders: [] });
    const range = { from: at(4), to: at(11) };
    const found = await snapshotsAround(store, { tenantId: 't', range, now: at(490), roles });
    expect(found.map(({ takenAt }) => takenAt)).toEqual([4, 5, 6, 7, 8, 9, 10, 11].map((date) => at(date)));
    expect(read).toEqual({ requests: 4, rows: 8 });
  });

  it('are found without reading others, however far away they are and however many are behind them', async () => {
    const { store, read } = watched();
    for (let date = -380; date < -70; date += 1) await store.save('t', { takenAt: at(date), holders: [] });
    const range = { from: at(4), to: at(8) };
    const found = await snapshotsAround(store, { tenantId: 't', range, now: at(20), roles });
    expect(found.map(({ takenAt }) => takenAt)).toEqual([at(-71)]);
    expect(read).toEqual({ requests: 2, rows: 1 });
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

  describe('of which some lack some roles', () => {
    const whole = [{ role: 'a', holders: [] }];
    const days: readonly (readonly [date: number, otherRoles?: typeof whole])[] = [
      [1, whole],
      [2, whole],
      [3],
      [6],
      [9],
      [10, whole],
      [11, whole],
    ];
    const datesOf = async (wanted: readonly string[]) => {
      const { store, read } = watched();
      for (const [date, otherRoles] of days)
        await store.save('t', { takenAt: at(date), holders: [], ...(otherRoles && { otherRoles }) });
      const range = { from: at(4), to: at(8) };
      const found = await snapshotsAround(store, { tenantId: 't', range, now: at(20), roles: wanted });
      return { dates: found.map(({ takenAt }) => takenAt.getUTCDate()), rows: read.rows };
    };

    it('are on each side the nearest that has each role', async () => {
      expect(await datesOf([globalAdministrator])).toEqual({ dates: [3, 6, 9], rows: 3 });
      expect(await datesOf([globalAdministrator, 'a'])).toEqual({ dates: [2, 3, 6, 9, 10], rows: 5 });
      expect(await datesOf(['a'])).toEqual({ dates: [2, 6, 10], rows: 3 });
      expect(await datesOf([globalAdministrator, 'b'])).toEqual({ dates: [3, 6, 9], rows: 3 });
    });

    it('are searched for some days among those that do not say which roles they have', async () => {
      const { store, read } = watched();
      const silent: typeof store.counts = async (...asked) =>
        (await store.counts(...asked)).map(({ takenAt }) => ({ takenAt }));
      for (let date = 1; date <= 100; date += 1) {
        const otherRoles = date === 96 || date === 50 ? { otherRoles: whole } : {};
        await store.save('t', { takenAt: at(date), holders: [], ...otherRoles });
      }
      const find = async (to: number) => {
        const range = { from: at(to), to: at(to + 1) };
        const asked = { tenantId: 't', range, now: at(to), roles: [globalAdministrator, 'a'] };
        return await snapshotsAround({ ...store, counts: silent }, asked);
      };
      expect((await find(100)).map(({ takenAt }) => takenAt)).toEqual([at(96), at(100)]);
      expect(read.rows).toBeLessThanOrEqual(5);
      expect((await find(90)).map(({ takenAt }) => takenAt)).toEqual([at(90)]);
      expect(read.rows).toBeLessThanOrEqual(20);
    });
  });

  const manyHolders = (count: number) =>
    Array.from({ length: count }, (_, index) => ({
      ...({ id: String(index), type: 'user', assignment: 'active' } as const),
    }));

  it('are refused if they have more holders than there is memory for, before any of them is read', async () => {
    const { store, read } = watched();
    for (let date = 0; date < 120; date += 1)
      await store.save('t', { takenAt: at(date), holders: manyHolders(1000) });
    const asked = { tenantId: 't', range: { from: at(0), to: at(120) }, now: at(200), roles };
    await expect(snapshotsAround(store, asked)).rejects.toThrow(TooManyHoldersError);
    expect(read.rows).toBe(0);
  });

  it('are refused while they are read if they do not say how many holders they have', async () => {
    const { store, read } = watched();
    for (let date = 0; date < 120; date += 1)
      await store.save('t', { takenAt: at(date), holders: manyHolders(5000) });
    const counts: typeof store.counts = async (...asked) =>
      (await store.counts(...asked)).map(({ takenAt }) => ({ takenAt }));
    const asked = { tenantId: 't', range: { from: at(0), to: at(120) }, now: at(200), roles };
    await expect(snapshotsAround({ ...store, counts }, asked)).rejects.toThrow(TooManyHoldersError);
    expect(read.rows).toBeLessThanOrEqual(40);
  });

  it('count with those next to the range', async () => {
    const { store } = watched();
    for (const date of [3, 5, 9]) await store.save('t', { takenAt: at(date), holders: manyHolders(40_000) });
    const asked = { tenantId: 't', range: { from: at(4), to: at(8) }, now: at(20), roles };
    await expect(snapshotsAround(store, asked)).rejects.toThrow(TooManyHoldersError);
  });

  it('count only the holders of roles that are wanted', async () => {
    const { store } = watched();
    const otherRoles = [{ role: 'a', holders: manyHolders(60_000) }];
    for (const date of [5, 6]) await store.save('t', { takenAt: at(date), holders: [], otherRoles });
    const asked = { tenantId: 't', range: { from: at(4), to: at(8) }, now: at(20), roles };
    expect(await snapshotsAround(store, asked)).toHaveLength(2);
  });
});

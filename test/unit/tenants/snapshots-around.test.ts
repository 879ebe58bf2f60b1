import { describe, expect, it } from 'vitest';
import { snapshotsAround } from '../../../shared/tenants/snapshots-around.ts';
import { createFakeRoleHolderStore } from '../../support/fakes/role-holder-store.ts';

const at = (date: number, hour = 4) => new Date(Date.UTC(2026, 2, date, hour));

async function around(days: readonly number[], from: Date, to: Date) {
  const roleHolders = createFakeRoleHolderStore();
  for (const date of days) await roleHolders.save('t', { takenAt: at(date), holders: [] });
  const found = await snapshotsAround(roleHolders, { tenantId: 't', range: { from, to }, now: at(20) });
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
});

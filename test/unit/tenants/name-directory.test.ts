/** What is known of the people of a tenant: names from all snapshots of those who hold an admin role. */
import { expect, it } from 'vitest';
import { createNameDirectory } from '../../../shared/tenants/name-directory.ts';
import type { RoleHolder } from '../../../shared/tenants/role-holders.ts';
import { createClock, hourMs, minuteMs } from '../../support/clock.ts';
import { createFakeRoleHolderStore } from '../../support/fakes/role-holder-store.ts';
import { adatumId, fabrikamId } from '../../support/tenants.ts';

const ada: RoleHolder = {
  ...{ id: 'id-ada', type: 'user', displayName: 'Ada', assignment: 'active' },
  ...{ userPrincipalName: 'ada@fabrikam.example', names: ['ada.new@fabrikam.example'] },
};

function createWorld() {
  const clock = createClock();
  const roleHolders = createFakeRoleHolderStore();
  let reads = 0;
  const counted: typeof roleHolders = {
    ...roleHolders,
    list: (...range) => (reads++, roleHolders.list(...range)),
  };
  const directory = createNameDirectory({ roleHolders: counted, now: clock.now });
  const record = (tenantId: string, holders: readonly RoleHolder[]) =>
    roleHolders.save(tenantId, { takenAt: clock.now(), holders: [...holders] });
  return { clock, directory, record, reads: () => reads };
}

it('are all names of earlier and later snapshots, in one set for each person', async () => {
  const { clock, directory, record } = createWorld();
  await record(fabrikamId, [{ ...ada, names: ['ada.old@fabrikam.example'] }]);
  clock.advance(24 * hourMs);
  await record(fabrikamId, [
    ada,
    { ...ada, id: 'id-bo', userPrincipalName: 'bo@fabrikam.example', names: [] },
  ]);
  const sets = await directory.namesIn(fabrikamId);
  expect(sets.map((names) => names.toSorted())).toEqual([
    ['ada.new@fabrikam.example', 'ada.old@fabrikam.example', 'ada@fabrikam.example', 'id-ada'],
    ['bo@fabrikam.example', 'id-bo'],
  ]);
});

it('are read once in five minutes for each tenant, however many pages ask', async () => {
  const { clock, directory, record, reads } = createWorld();
  for (const tenantId of [fabrikamId, adatumId, fabrikamId, fabrikamId]) await directory.namesIn(tenantId);
  expect(reads()).toBe(2);
  await record(fabrikamId, [ada]);
  clock.advance(5 * minuteMs + 1);
  expect(await directory.namesIn(fabrikamId)).toHaveLength(1);
  expect(reads()).toBe(3);
});

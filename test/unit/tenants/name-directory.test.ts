/** What is known of the people of a tenant: names from all snapshots of those who hold an admin role. */
import { describe, expect, it } from 'vitest';
import { rememberMailboxes } from '../../../shared/tenants/mailbox-names.ts';
import { createNameDirectory } from '../../../shared/tenants/name-directory.ts';
import type { RoleHolder } from '../../../shared/tenants/role-holders.ts';
import { createClock, hourMs, minuteMs } from '../../support/clock.ts';
import { createFakeMailboxNameStore } from '../../support/fakes/mailbox-name-store.ts';
import { createFakeRoleHolderStore } from '../../support/fakes/role-holder-store.ts';
import { adatumId, fabrikamId } from '../../support/tenants.ts';

const ada: RoleHolder = {
  ...{ id: 'id-ada', type: 'user', displayName: 'Ada', assignment: 'active' },
  ...{ userPrincipalName: 'ada@fabrikam.example', names: ['ada.new@fabrikam.example'] },
};

function createWorld() {
  const clock = createClock();
  const roleHolders = createFakeRoleHolderStore();
  const mailboxNames = createFakeMailboxNameStore();
  let reads = 0;
  const counted: typeof roleHolders = {
    ...roleHolders,
    list: (...range) => (reads++, roleHolders.list(...range)),
  };
  const directory = createNameDirectory({ roleHolders: counted, mailboxNames, now: clock.now });
  const record = (tenantId: string, holders: readonly RoleHolder[]) =>
    roleHolders.save(tenantId, { takenAt: clock.now(), holders: [...holders] });
  return { clock, directory, mailboxNames, record, reads: () => reads };
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

describe('the names of mailboxes', () => {
  const anna = { id: 'id-anna', names: ['id-anna', 'Anna@fabrikam.example', 'anna', 'Anna Berg'] };
  const other = { id: 'id-other', names: ['id-other', 'anna.berg@fabrikam.example', 'Anna Berg'] };

  it('are found by each of them, former ones included, also once the mailbox is gone', async () => {
    const { clock, directory, mailboxNames } = createWorld();
    const remember = (...listed: (typeof anna)[]) =>
      rememberMailboxes({ mailboxNames, now: clock.now }, fabrikamId, listed);
    await remember(anna);
    await remember({ id: anna.id, names: ['id-anna', 'anna.new@fabrikam.example'] });
    clock.advance(30 * 24 * hourMs);
    await remember(other);
    const names = (await directory.mailboxesIn(fabrikamId)).get('anna@fabrikam.example');
    expect(names).toEqual(['id-anna', 'anna.new@fabrikam.example', 'Anna@fabrikam.example', 'anna']);
    expect((await directory.mailboxesIn(adatumId)).size).toBe(0);
  });

  it('do not contain a name that two mailboxes have', async () => {
    const { clock, directory, mailboxNames } = createWorld();
    await rememberMailboxes({ mailboxNames, now: clock.now }, fabrikamId, [anna, other]);
    const known = await directory.mailboxesIn(fabrikamId);
    expect(known.get('anna berg')).toBeUndefined();
    expect(known.get('anna')).toEqual(['id-anna', 'Anna@fabrikam.example', 'anna']);
    expect(known.get('id-other')).not.toContain('Anna Berg');
  });

  it('are forgotten 400 days after the mailbox was last listed', async () => {
    const { clock, directory, mailboxNames } = createWorld();
    await rememberMailboxes({ mailboxNames, now: clock.now }, fabrikamId, [anna]);
    clock.advance(402 * 24 * hourMs);
    await rememberMailboxes({ mailboxNames, now: clock.now }, fabrikamId, [other]);
    expect((await directory.mailboxesIn(fabrikamId)).get('anna')).toBeUndefined();
  });
});

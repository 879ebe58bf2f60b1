/** The promises about checkpoints, kept in memory and on Blob Storage. */
import { afterAll, describe, expect, it } from 'vitest';
import { createCheckpointStore } from '../../shared/adapters/blobs/checkpoint-store.ts';
import { checkpointOf, isSound } from '../../shared/evidence/checkpoint.ts';
import { openStorage, type TestStorage } from '../support/run/storage.ts';
import { createFakeCheckpointStore } from '../support/fakes/checkpoint-store.ts';
import { fabrikamId } from '../support/tenants.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();

const accounts: TestStorage[] = [];
afterAll(() => Promise.all(accounts.map((account) => account.close())));

/** Checkpoints belong to no tenant, so each test has an account of its own. */
async function openEmpty() {
  const account = await openStorage();
  accounts.push(account);
  return createCheckpointStore({ kind: 'connectionString', connectionString: account.connectionString });
}

function takenOn(date: string) {
  const heads = new Map([
    [fabrikamId, { number: 3, hash: 'ab'.repeat(32), statementSha256: 'cd'.repeat(32) }],
  ]);
  return checkpointOf(heads, new Date(`${date}T00:41:00Z`), undefined);
}

describe.each([
  { where: 'in memory', open: () => Promise.resolve(createFakeCheckpointStore()) },
  { where: 'on Blob Storage', open: openEmpty },
])('checkpoints $where', ({ open }) => {
  it('are read as they were created', async () => {
    const store = await open();
    expect(await store.get('2026-03-10')).toBeUndefined();
    const first = takenOn('2026-03-10');
    const second = checkpointOf(new Map(), new Date('2026-03-12T00:41:00Z'), first);
    for (const one of [first, second]) expect(await store.create(one)).toBe(true);
    expect(await store.get('2026-03-10')).toEqual(first);
    const found = await store.get('2026-03-12');
    expect(found).toEqual(second);
    expect(found && isSound(found)).toBe(true);
  });

  it('have a clock that does not depend on the host', async () => {
    const store = await open();
    expect(Math.abs((await store.now()).getTime() - Date.now())).toBeLessThan(60_000);
  });

  it('are created once: a second one of the same day changes nothing', async () => {
    const store = await open();
    const first = takenOn('2026-03-10');
    expect(await store.create(first)).toBe(true);
    expect(await store.create({ ...first, takenDateTime: new Date('2026-03-10T06:41:00Z') })).toBe(false);
    expect(await store.get('2026-03-10')).toEqual(first);
  });

  it('are listed by day, delivered ones apart', async () => {
    const store = await open();
    expect(await store.dates('2026-01-01', '2026-12-31')).toEqual([]);
    for (const date of ['2025-12-31', '2026-03-12', '2026-03-10', '2026-03-11'])
      await store.create(takenOn(date));
    expect(await store.dates('2026-03-10', '2026-03-11')).toEqual(['2026-03-10', '2026-03-11']);
    expect(await store.dates('0000-01-01', '2026-03-10')).toEqual(['2025-12-31', '2026-03-10']);
    for (let time = 0; time < 2; time++) await store.markDelivered('2026-03-11');
    expect(await store.deliveredDates('2026-03-10', '2026-03-12')).toEqual(['2026-03-11']);
    expect(await store.dates('2026-03-10', '2026-03-12')).toHaveLength(3);
  });
});

describe('unreachable checkpoints', () => {
  it('fail, and never look empty', async () => {
    const store = createCheckpointStore(lockedOut(storage()));
    await expect(store.get('2026-03-10')).rejects.toThrow();
    await expect(store.dates('2026-03-10', '2026-03-11')).rejects.toThrow();
    await expect(store.now()).rejects.toThrow();
    await expect(store.create(takenOn('2026-03-10'))).rejects.toThrow();
  });
});

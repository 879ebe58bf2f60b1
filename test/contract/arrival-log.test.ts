/** The promises about arrivals, kept in memory and on Table Storage. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createArrivalLog } from '../../shared/adapters/tables/arrival-log.ts';
import { deleteArrivals, deleteOldArrivals } from '../../shared/adapters/tables/delete-arrivals.ts';
import { createTables, type Tables } from '../../shared/adapters/tables/tables.ts';
import {
  maxNewArrivals,
  type AnnouncedTenant,
  type ArrivalCounter,
  type ArrivalLog,
  type NewArrival,
} from '../../shared/feed/arrival-log.ts';
import { createFakeArrivalLog } from '../support/fakes/arrival-log.ts';
import { useStorage } from './storage.ts';

const storage = useStorage();

interface OpenLog {
  readonly log: ArrivalLog;
  readonly purge: (tenantId: string) => Promise<void>;
}

function inMemory(): OpenLog {
  const log = createFakeArrivalLog();
  return {
    log,
    purge: async (tenantId) => {
      await Promise.resolve();
      log.purge(tenantId);
    },
  };
}

/** Numbers are of all tenants, so each test begins without the table. */
async function onTableStorage(): Promise<OpenLog> {
  const tables = createTables(storage());
  await tables.drop('Arrivals');
  return {
    log: createArrivalLog(tables),
    purge: async (tenantId) => {
      for await (const rows of deleteArrivals(tables, tenantId)) expect(rows).toBeGreaterThanOrEqual(0);
    },
  };
}

const arrivalOf = (number: number, tenantId: string, before?: AnnouncedTenant): NewArrival => ({
  arrival: { number, tenantId, after: before?.through ?? 0, through: number * 10 },
  before,
});

/** More than 32 bits: moments in milliseconds. */
const first = 1_700_000_000_000;

describe.each([
  { where: 'in memory', open: () => Promise.resolve(inMemory()) },
  { where: 'on Table Storage', open: onTableStorage },
])('arrivals $where', ({ open }) => {
  async function append(log: ArrivalLog, newest: ArrivalCounter | undefined, added: readonly NewArrival[]) {
    const written = await log.append(newest, added);
    if (written === undefined) throw new Error('The log is not what the test expects.');
    return written;
  }

  it('are empty before the first one', async () => {
    const { log, purge } = await open();
    expect(await log.newest()).toBeUndefined();
    expect(await log.lastArrival()).toBe(0);
    expect(await log.arrivals(1, 10)).toEqual([]);
    expect(await log.announced(randomUUID())).toBeUndefined();
    await purge(randomUUID());
  });

  it('are read in order from a number on, up to a limit', async () => {
    const { log } = await open();
    const added = [0, 1, 5].map((at) => arrivalOf(first + at, randomUUID()));
    await append(log, undefined, added);
    const all = added.map(({ arrival }) => arrival);
    expect(await log.arrivals(1, 10)).toEqual(all);
    expect(await log.arrivals(first + 1, 10)).toEqual(all.slice(1));
    expect(await log.arrivals(first + 2, 10)).toEqual(all.slice(2));
    expect(await log.arrivals(1, 2)).toEqual(all.slice(0, 2));
    expect(await log.arrivals(first + 6, 10)).toEqual([]);
    expect(await log.lastArrival()).toBe(first + 5);
  });

  it('continue from what was written as from what is read', async () => {
    const { log } = await open();
    const tenantId = randomUUID();
    const one = await append(log, undefined, [arrivalOf(first, tenantId)]);
    expect(one.newest).toEqual(await log.newest());
    expect(one.tenants).toEqual([await log.announced(tenantId)]);
    const two = await append(log, one.newest, [arrivalOf(first + 1, tenantId, one.tenants[0])]);
    expect(two.tenants).toEqual([{ ...(await log.announced(tenantId)), through: first * 10 + 10 }]);
    expect(await log.arrivals(first + 1, 10)).toEqual([
      { number: first + 1, tenantId, after: first * 10, through: first * 10 + 10 },
    ]);
  });

  it('are added together or not at all, and only to what was read', async () => {
    const { log } = await open();
    const [one, other] = [randomUUID(), randomUUID()];
    const before = await append(log, undefined, [arrivalOf(first, one)]);
    const fresh = arrivalOf(first + 1, other);
    expect(await log.append(undefined, [fresh])).toBeUndefined();
    expect(await log.append(before.newest, [fresh, arrivalOf(first + 2, one)])).toBeUndefined();
    const after = await append(log, before.newest, [fresh]);
    expect(await log.append(before.newest, [arrivalOf(first + 2, randomUUID())])).toBeUndefined();
    const changed = await append(log, after.newest, [arrivalOf(first + 2, one, before.tenants[0])]);
    const outdated = arrivalOf(first + 3, one, before.tenants[0]);
    expect(await log.append(changed.newest, [outdated])).toBeUndefined();
    expect((await log.arrivals(1, 10)).map(({ number }) => number - first)).toEqual([0, 1, 2]);
  });

  it('are added once when several hosts add to the same', async () => {
    const { log } = await open();
    const added = Array.from({ length: 5 }, () => log.append(undefined, [arrivalOf(first, randomUUID())]));
    const written = (await Promise.all(added)).filter((one) => one !== undefined);
    expect(written).toHaveLength(1);
    expect(await log.arrivals(1, 10)).toHaveLength(1);
  });

  it('are added as many at once as is promised', async () => {
    const { log } = await open();
    const added = Array.from({ length: maxNewArrivals }, (_, at) => arrivalOf(first + at, randomUUID()));
    const { newest, tenants } = await append(log, undefined, added);
    const ids = added.map(({ arrival }) => arrival.tenantId);
    expect(tenants).toEqual(await Promise.all(ids.map((tenantId) => log.announced(tenantId))));
    expect(newest).toEqual(await log.newest());
    expect(await log.arrivals(1, 1000)).toHaveLength(maxNewArrivals);
  });

  it('of a purged tenant are gone, those of others and the newest number stay', async () => {
    const { log, purge } = await open();
    const [purged, other] = [randomUUID(), randomUUID()];
    let { newest, tenants } = await append(log, undefined, [arrivalOf(first, purged)]);
    const ofOther = await append(log, newest, [arrivalOf(first + 1, other)]);
    newest = ofOther.newest;
    // More than a transaction deletes.
    for (let number = first + 2; number < first + 70; number++)
      ({ newest, tenants } = await append(log, newest, [arrivalOf(number, purged, tenants[0])]));
    await purge(purged);
    expect((await log.arrivals(1, 1000)).map(({ tenantId }) => tenantId)).toEqual([other]);
    expect(await log.announced(purged)).toBeUndefined();
    expect(await log.announced(other)).toEqual(ofOther.tenants[0]);
    expect(await log.newest()).toEqual(newest);
    // A host that remembers it finds out.
    expect(await log.append(newest, [arrivalOf(first + 80, purged, tenants[0])])).toBeUndefined();
    await append(log, newest, [arrivalOf(first + 80, purged)]);
    expect((await log.arrivals(first + 2, 10)).map(({ after }) => after)).toEqual([0]);
  });

  it('with old numbers are deleted, however often it is begun and broken off; what is announced of tenants stays', async () => {
    const { log, purge } = await open();
    const [one, other] = [randomUUID(), randomUUID()];
    let { newest, tenants } = await append(log, undefined, [arrivalOf(first, other)]);
    const [ofOther] = tenants;
    for (let number = first + 1; number < first + 120; number++)
      ({ newest, tenants } = await append(log, newest, [
        arrivalOf(number, one, number > first + 1 ? tenants[0] : undefined),
      ]));
    // Broken off after its first step, and twice at once.
    for await (const rows of log.expire(first + 100)) {
      expect(rows).toBeGreaterThan(0);
      break;
    }
    const expireAll = async () => {
      for await (const rows of log.expire(first + 100)) expect(rows).toBeGreaterThanOrEqual(0);
    };
    await Promise.all([expireAll(), expireAll()]);
    expect((await log.arrivals(1, 1000)).map(({ number }) => number - first)).toEqual(
      Array.from({ length: 20 }, (_, at) => 100 + at),
    );
    expect([await log.announced(one), await log.announced(other)]).toEqual([tenants[0], ofOther]);
    expect(await log.newest()).toEqual(newest);
    await purge(one);
    expect(await log.arrivals(1, 1000)).toEqual([]);
  });
});

describe('a purge while landings are announced', () => {
  it('leaves what is announced meanwhile whole, for the next round', async () => {
    const tables = createTables(storage());
    await tables.drop('Arrivals');
    const log = createArrivalLog(tables);
    const tenantId = randomUUID();
    const one = await log.append(undefined, [arrivalOf(first, tenantId)]);
    const round = deleteArrivals(tables, tenantId);
    expect((await round.next()).value).toBe(2);
    await log.append(one?.newest, [arrivalOf(first + 1, tenantId, one?.tenants[0])]);
    expect(await round.next()).toEqual({ done: true, value: undefined });
    expect(await log.arrivals(1, 10)).toHaveLength(1);
    const rows: number[] = [];
    for await (const count of deleteArrivals(tables, tenantId)) rows.push(count);
    expect(rows).toEqual([2, 1]);
    expect(await log.arrivals(1, 10)).toEqual([]);
  });
});

it('rows of old arrivals are deleted in pairs, a hundred with one request after another', async () => {
  const tables = createTables(storage());
  await tables.drop('Arrivals');
  const log = createArrivalLog(tables);
  const [tenantId, sent] = [randomUUID(), [] as number[]];
  let written = await log.append(undefined, [arrivalOf(first, tenantId)]);
  for (let number = first + 1; number < first + 120; number++)
    written = await log.append(written?.newest, [arrivalOf(number, tenantId, written?.tenants[0])]);
  let running = 0;
  const counting: Tables = {
    ...tables,
    async transact(table, actions) {
      expect(running++).toBe(0);
      sent.push(actions.length);
      const done = await tables.transact(table, actions);
      running--;
      return done;
    },
  };
  const rows: number[] = [];
  for await (const count of deleteOldArrivals(counting, first + 110)) rows.push(count);
  expect([rows, sent]).toEqual([[220], [100, 100, 20]]);
  const left = await tables.all('Arrivals', { filter: `RowKey ge 'of_' and RowKey lt 'of~'` });
  expect(left).toHaveLength(10);
});

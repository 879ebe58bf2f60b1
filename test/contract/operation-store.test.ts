/** The promises about operations and their runs, kept both in memory and in Table Storage. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createOperationAgenda, createOperationStore } from '../../shared/adapters/tables/operation-store.ts';
import { createTables, type Tables } from '../../shared/adapters/tables/tables.ts';
import type { StorageSettings } from '../../shared/config.ts';
import { cancelOperation } from '../../shared/operations/end-operation.ts';
import {
  operationStatuses,
  isFinished,
  newOperationId,
  wholePartner,
} from '../../shared/operations/operation.ts';
import { SupersededError, takeOver, type OperationRun } from '../../shared/operations/operation-run.ts';
import { findOperation, type OperationAgenda } from '../../shared/operations/operation-store.ts';
import { startCountingProxy } from '../bench/counting-proxy.ts';
import { createFakeOperationAgenda, createFakeOperationStore } from '../support/fakes/operation-store.ts';
import {
  createFakeOperationQueue,
  inventedOperation,
  keepMs,
  lastingKind,
  manyKind,
  oneKind,
  operationStart,
  partnerKind,
  type Invented,
  type InventedKind,
  type InventedRequest,
  type InventedState,
  type InventedStore,
  type StoredInvented,
} from '../support/operations.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();
const azurite = useStorage('azurite');
const at = (seconds: number) => new Date(operationStart.getTime() + seconds * 1000);
const checkDateTime = at(60);
const finals = operationStatuses.filter((status) => isFinished({ status }));

type Run = OperationRun<InventedRequest, InventedState>;

async function created(store: InventedStore, changes: Partial<Invented> = {}): Promise<StoredInvented> {
  const one = inventedOperation(changes);
  await store.create(one, checkDateTime);
  return await read(store, one);
}

async function read(store: InventedStore, one: Pick<Invented, 'tenantId' | 'id'>): Promise<StoredInvented> {
  const found = await store.get(one);
  if (found === undefined) throw new Error('There is no such operation.');
  return found;
}

async function runOf(store: InventedStore, one: StoredInvented, now = () => at(1)): Promise<Run> {
  const run = await takeOver(store, one, now);
  if (run === undefined) throw new Error('There is nothing to run.');
  return run;
}

function endDeps(queues = createFakeOperationQueue()) {
  return { telemetry: () => undefined, now: () => at(9), queues };
}

async function dueIn(agenda: OperationAgenda, by: Date): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { id } of agenda.due(by)) ids.push(id);
  return ids;
}

const places: readonly {
  readonly where: string;
  readonly open: (kind: InventedKind) => { readonly store: InventedStore; readonly agenda: OperationAgenda };
}[] = [
  {
    where: 'in memory',
    open: (kind) => {
      const store = createFakeOperationStore(kind);
      return { store, agenda: createFakeOperationAgenda(store) };
    },
  },
  { where: 'in Table Storage', open: (kind) => openIn(storage(), kind) },
  { where: 'in Azurite', open: (kind) => openIn(azurite(), kind) },
];

function openIn(settings: StorageSettings, kind: InventedKind) {
  const tables = createTables(settings);
  return { store: createOperationStore(tables, kind), agenda: createOperationAgenda(tables) };
}

describe.each(places)('operations $where', ({ open }) => {
  const stores = (kind: InventedKind) => open(kind).store;

  it('are absent until they are created, and for other tenants', async () => {
    const [store, one] = [stores(manyKind), inventedOperation()];
    expect(await store.get(one)).toBeUndefined();
    expect(await store.list(one.tenantId, 9)).toEqual([]);
    expect(await store.create(one, checkDateTime)).toBeUndefined();
    expect(await store.get(one)).toMatchObject({
      ...one,
      ...{ run: 0, savedBy: 0, handedOverBy: 0, cancelRequested: false },
    });
    expect(await store.get({ tenantId: randomUUID(), id: one.id })).toBeUndefined();
  });

  it('are created once, however often their creation is repeated', async () => {
    for (const kind of [manyKind, oneKind, lastingKind]) {
      const [store, one] = [stores(kind), inventedOperation()];
      expect(await store.create(one, checkDateTime)).toBeUndefined();
      const run = await runOf(store, await read(store, one));
      await run.save({ state: { done: 1 } });
      expect(await store.create(one, checkDateTime)).toBeUndefined();
      expect((await read(store, one)).state).toEqual({ done: 1 });
      await run.save({ status: 'Succeeded' });
      expect(await store.create(one, checkDateTime)).toBeUndefined();
      const next = await created(store, { tenantId: one.tenantId });
      expect(await store.create(one, checkDateTime)).toBeUndefined();
      expect([(await read(store, one)).status, next.status]).toEqual(['Succeeded', 'NotStarted']);
    }
  });

  it('are found by their id in any case, and by nothing else', async () => {
    const store = stores(manyKind);
    const { tenantId, id } = await created(store);
    expect(await findOperation(store, { tenantId, id: id.toUpperCase() })).toMatchObject({ tenantId, id });
    for (const other of [randomUUID(), newOperationId(at(0)), '', "' or '1' eq '1", '../exports']) {
      const found = findOperation(store, { tenantId, id: other });
      await expect(found).rejects.toMatchObject({ status: 404, code: 'ManyNotFound' });
    }
  });

  it('that are evidence, or of the whole partner, are found by their id alone', async () => {
    for (const kind of [lastingKind, partnerKind]) {
      const store = stores(kind);
      const { id } = await created(store, { tenantId: wholePartner });
      expect(await findOperation(store, { id })).toMatchObject({ id });
    }
  });

  it('of the whole partner exclude each other', async () => {
    const store = stores(partnerKind);
    const one = { tenantId: wholePartner };
    const first = (await store.list(wholePartner, 1))[0] ?? (await created(store, one));
    expect(await store.create(inventedOperation(one), checkDateTime)).toBe(first.id);
  });

  it('are listed by tenant and kind, newest first, at most as many as requested', async () => {
    const [store, tenantId] = [stores(manyKind), randomUUID()];
    const ids: string[] = [];
    for (const second of [1, 2, 3, 4])
      ids.unshift((await created(store, { tenantId, createdDateTime: at(second) })).id);
    await created(stores(oneKind), { tenantId });
    const listed = async (top: number, after?: string) =>
      (await store.list(tenantId, top, after)).map(({ id }) => id);
    expect(await listed(9)).toEqual(ids);
    expect(await listed(2)).toEqual(ids.slice(0, 2));
    expect(await listed(2, ids[1])).toEqual(ids.slice(2));
    const [gone] = await store.list(tenantId, 1, ids[0]);
    if (gone !== undefined) await store.remove(gone);
    expect(await listed(1, gone?.id)).toEqual([ids[2]]);
    expect(await listed(1, ids[3])).toEqual([]);
  });

  it('keep what a run saves, whatever its size, and clear an error that has passed', async () => {
    const store = stores(manyKind);
    const run = await runOf(store, await created(store), () => at(7));
    const names = Array.from({ length: 25_000 }, (_, index) => `${index} ${randomUUID().slice(0, 8)}`);
    await run.save({ state: { done: 1, seen: at(3), names }, errorCode: 'AF50000', errorMessage: 'Failed.' });
    const saved = await read(store, run.operation());
    expect(saved).toEqual(run.operation());
    expect(saved).toMatchObject({
      status: 'Running',
      state: { done: 1, seen: at(3), names },
      lastActionDateTime: at(7),
      expiresDateTime: new Date(at(7).getTime() + keepMs),
      errorCode: 'AF50000',
    });
    await run.save({ state: { done: 2 }, errorCode: undefined, errorMessage: undefined });
    const after = await read(store, run.operation());
    expect([after.state, after.errorCode]).toEqual([{ done: 2 }, undefined]);
  });

  it('refuse a state that does not fit the schema of their kind', async () => {
    const store = stores(manyKind);
    const run = await runOf(store, await created(store));
    const wrong: InventedState = Object.assign({ done: 1 }, { unknown: true });
    await expect(run.save({ state: wrong })).rejects.toThrow('unknown');
    expect((await read(store, run.operation())).state).toEqual({ done: 0 });
  });

  it('are written only by the newest run', async () => {
    const store = stores(manyKind);
    const one = await created(store);
    const older = await runOf(store, one);
    await older.save({ state: { done: 1 } });
    const newer = await runOf(store, one);
    expect([older.number, newer.number]).toEqual([1, 2]);
    expect(newer.operation().state).toEqual({ done: 1 });
    await expect(older.save({ state: { done: 9 } })).rejects.toThrow(SupersededError);
    await expect(older.save({ state: { done: 9 }, status: 'Succeeded' })).rejects.toThrow(SupersededError);
    await expect(older.save({})).rejects.toThrow(SupersededError);
    for (const done of [2, 3]) await newer.save({ state: { done } });
    await newer.save({});
    expect(await read(store, one)).toMatchObject({ state: { done: 3 }, savedBy: 2, run: 2 });
  });

  it('taken over at the same time have one newest run', async () => {
    const store = stores(manyKind);
    const one = await created(store);
    const runs = await Promise.all(Array.from({ length: 6 }, () => runOf(store, one)));
    expect(new Set(runs.map(({ number }) => number)).size).toBe(6);
    const saves = await Promise.allSettled(runs.map((run) => run.save({ state: { done: run.number } })));
    const saved = runs.filter((_run, index) => saves[index]?.status === 'fulfilled');
    expect(saved.map(({ number }) => number)).toEqual([Math.max(...runs.map(({ number }) => number))]);
  });

  it.each(finals)('that end as %s no longer change', async (status) => {
    const store = stores(manyKind);
    const run = await runOf(store, await created(store));
    await run.save({ state: { done: 1 }, status });
    const ended = await read(store, run.operation());
    expect(ended).toMatchObject({ status, completedDateTime: at(1), checkDateTime: ended.expiresDateTime });
    await expect(run.save({})).rejects.toThrow(SupersededError);
    expect(await takeOver(store, ended, () => at(2))).toBeUndefined();
    expect(await cancelOperation(endDeps(), { store }, ended)).toEqual(ended);
    expect(await read(store, ended)).toEqual(ended);
  });

  it('that are canceled end at once, also for their run', async () => {
    const store = stores(manyKind);
    const run = await runOf(store, await created(store));
    await run.save({ state: { done: 1 } });
    const canceled = await cancelOperation(endDeps(), { store }, run.operation());
    expect(canceled).toMatchObject({ status: 'Canceled', completedDateTime: at(9) });
    expect(await read(store, run.operation())).toEqual(canceled);
    expect(canceled.state).toEqual({ done: 1, closedAs: 'Canceled' });
    await expect(run.save({ state: { done: 2 } })).rejects.toThrow(SupersededError);
    await expect(run.save({})).rejects.toThrow(SupersededError);
  });

  it('whose run cancels them never lose the request, however often they are saved and taken over', async () => {
    const [store, queues] = [stores(lastingKind), createFakeOperationQueue()];
    const one = await created(store);
    const run = await runOf(store, one);
    await Promise.all([
      cancelOperation(endDeps(queues), { store }, one),
      run.save({ state: { done: 1 } }),
      cancelOperation(endDeps(queues), { store }, one),
    ]);
    await run.save({ state: { done: 2 } });
    expect(run.operation().cancelRequested).toBe(true);
    const newer = await runOf(store, one);
    expect(newer.operation()).toMatchObject({ cancelRequested: true, status: 'Running', state: { done: 2 } });
    expect(queues.messages).toHaveLength(2);
    await newer.save({ state: { done: 3 }, status: 'Canceled' });
  });

  it('of an exclusive kind exist one at a time in a tenant', async () => {
    const [store, tenantId] = [stores(oneKind), randomUUID()];
    const [first, second] = [inventedOperation({ tenantId }), inventedOperation({ tenantId })];
    expect(await store.create(first, checkDateTime)).toBeUndefined();
    expect(await store.create(second, checkDateTime)).toBe(first.id);
    expect(await store.get(second)).toBeUndefined();
    expect(await store.create(inventedOperation(), checkDateTime)).toBeUndefined();
    expect(await stores(manyKind).create(inventedOperation({ tenantId }), checkDateTime)).toBeUndefined();
    const run = await runOf(store, await read(store, first));
    await run.save({ state: { done: 1 } });
    expect(await store.create(second, checkDateTime)).toBe(first.id);
    await run.save({ state: { done: 1 }, status: 'Succeeded' });
    expect(await store.create(second, checkDateTime)).toBeUndefined();
    await cancelOperation(endDeps(), { store }, await read(store, second));
    expect(await store.create(inventedOperation({ tenantId }), checkDateTime)).toBeUndefined();
  });

  it('of an exclusive kind are created once by concurrent calls', async () => {
    const [store, tenantId] = [stores(oneKind), randomUUID()];
    const all = Array.from({ length: 8 }, () => inventedOperation({ tenantId }));
    const answers = await Promise.all(all.map((one) => store.create(one, checkDateTime)));
    const won = all.filter((_one, index) => answers[index] === undefined);
    expect(won).toHaveLength(1);
    expect(new Set(answers)).toEqual(new Set([undefined, won[0]?.id]));
    expect(await store.list(tenantId, 9)).toHaveLength(1);
  });

  it('can be removed during a run, twice, and then no longer exclude others', async () => {
    const store = stores(oneKind);
    const one = await created(store);
    const run = await runOf(store, one);
    for (let time = 0; time < 2; time++) await store.remove(one);
    expect(await store.get(one)).toBeUndefined();
    await expect(run.save({ state: { done: 1 } })).rejects.toThrow(SupersededError);
    await expect(run.save({})).rejects.toThrow(SupersededError);
    const next = inventedOperation({ tenantId: one.tenantId });
    expect(await store.create(next, checkDateTime)).toBeUndefined();
  });

  it('are due at their check time, from their creation to their end', async () => {
    const { store, agenda } = open(manyKind);
    const one = await created(store, { createdDateTime: at(-60) });
    const isDue = async (by: Date) => (await dueIn(agenda, by)).includes(one.id);
    expect([await isDue(at(59)), await isDue(at(60)), await isDue(at(61))]).toEqual([false, true, true]);
    const run = await runOf(store, one);
    await run.save({ state: { done: 1 } });
    expect(await isDue(at(61))).toBe(true);
    await run.save({ checkDateTime: at(120) });
    expect([await isDue(at(119)), await isDue(at(120))]).toEqual([false, true]);
    await run.save({ state: { done: 1 }, status: 'Succeeded' });
    const expiry = new Date(at(1).getTime() + keepMs);
    expect([await isDue(new Date(expiry.getTime() - 1)), await isDue(expiry)]).toEqual([false, true]);
    await store.remove(await read(store, one));
    expect(await isDue(at(9999))).toBe(false);
  });

  it('that never expire are not due after their end', async () => {
    const { store, agenda } = open(oneKind);
    const run = await runOf(store, await created(store));
    await run.save({ state: { done: 1 }, status: 'Failed' });
    expect(await dueIn(agenda, at(99_999))).not.toContain(run.operation().id);
  });
});

describe('unreachable operations', () => {
  it('fail, and never look absent', async () => {
    const store = createOperationStore(createTables(lockedOut(storage())), manyKind);
    const one = inventedOperation();
    await expect(store.get(one)).rejects.toThrow();
    await expect(store.create(one, checkDateTime)).rejects.toThrow();
  });
});

describe('operations in Table Storage', () => {
  it.each(['Running', 'Succeeded'] as const)(
    'saved as %s twice, because the answer was lost, are not taken for superseded',
    async (status) => {
      const tables = createTables(storage());
      const losing = { once: false };
      const transact: Tables['transact'] = async (table, actions) => {
        if (losing.once) await tables.transact(table, actions);
        losing.once = false;
        return await tables.transact(table, actions);
      };
      const store = createOperationStore({ ...tables, transact }, oneKind);
      const run = await runOf(store, await created(store));
      losing.once = true;
      await run.save({ state: { done: 1 }, status });
      expect(await read(store, run.operation())).toMatchObject({ status, state: { done: 1 } });
      losing.once = true;
      const next = await takeOver(store, run.operation(), () => at(3));
      expect(next?.number).toBe(status === 'Running' ? 3 : undefined);
    },
  );

  it('lists operations of kinds that a later release has', async () => {
    const tables = createTables(storage());
    const [store, agenda] = [createOperationStore(tables, manyKind), createOperationAgenda(tables)];
    await store.create(inventedOperation(), at(0));
    const later = { tenantId: randomUUID(), id: randomUUID(), checkDateTime: at(-1).toISOString() };
    const rowKey = `due_${later.checkDateTime}_${later.id}`;
    const entity = { ...later, kind: 'forecasts', isEvidence: false, partitionKey: 'operation', rowKey };
    await tables.write('Operations', (client) => client.createEntity(entity));
    const kinds = [];
    for await (const { kind } of agenda.due(at(0))) kinds.push(kind);
    expect(kinds).toEqual(['forecasts', manyKind.name]);
  });

  it('cost few storage operations', async () => {
    const settings = storage();
    if (settings.kind !== 'connectionString') throw new Error('Only what goes through a proxy is counted.');
    const wire = await startCountingProxy(settings.connectionString);
    const tables = createTables({ kind: 'connectionString', connectionString: wire.connectionString });
    const costOf = async (operation: () => Promise<unknown>) => {
      wire.reset();
      await operation();
      const { tableReads: reads, tableWrites: writes } = wire.counts();
      return { reads, writes };
    };
    for (const kind of [manyKind, oneKind]) {
      const store = createOperationStore(tables, kind);
      const one = inventedOperation();
      await store.create(inventedOperation(), checkDateTime);
      expect(await costOf(() => store.create(one, checkDateTime))).toEqual({ reads: 0, writes: 1 });
      let run: Run | undefined;
      const taking = async () => (run = await runOf(store, await read(store, one)));
      expect(await costOf(taking)).toEqual({ reads: 1, writes: 1 });
      for (let done = 0; done < 3; done++)
        expect(await costOf(async () => run?.save({ state: { done } }))).toEqual({ reads: 0, writes: 1 });
      expect(await costOf(async () => run?.save({}))).toEqual({ reads: 0, writes: 1 });
      const ending = async () => run?.save({ state: { done: 9 }, status: 'Succeeded' });
      expect(await costOf(ending)).toEqual({ reads: 0, writes: 1 });
      const other = await created(store);
      const canceling = () => cancelOperation(endDeps(), { store }, other);
      expect(await costOf(canceling)).toEqual({ reads: 0, writes: 1 });
    }
    const agenda = createOperationAgenda(tables);
    expect(await costOf(() => dueIn(agenda, at(-1)))).toEqual({ reads: 1, writes: 0 });
    await wire.stop();
  });
});

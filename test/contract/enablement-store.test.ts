/** The promises about enablements, kept in memory and on Table Storage alike. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createEnablementStore } from '../../shared/adapters/tables/enablement-store.ts';
import { createTables, type Tables } from '../../shared/adapters/tables/tables.ts';
import {
  enablementRequestSchema,
  enablementStatuses,
  isFinished,
  stepsOf,
  SupersededError,
  type Enablement,
  type EnablementRun,
  type EnablementStore,
} from '../../shared/enablement/enablement.ts';
import { startCountingProxy } from '../bench/counting-proxy.ts';
import { createFakeEnablementStore } from '../support/fakes/enablement-store.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();
const at = (second: number) => new Date(Date.UTC(2026, 2, 10, 12, 0, second));

function newEnablement(tenantId: string, request: unknown = {}, second = 0): Enablement {
  const parsed = enablementRequestSchema.parse(request);
  return {
    ...{ tenantId, enablementId: randomUUID(), request: parsed, status: 'NotStarted' },
    ...{ steps: stepsOf(parsed), createdDateTime: at(second), lastActionDateTime: at(second) },
  };
}

const messageOf = ({ tenantId, enablementId }: Enablement, after?: number) =>
  ({ version: 1, tenantId, enablementId, after }) as const;

async function takeOver(store: EnablementStore, enablement: Enablement): Promise<EnablementRun> {
  const run = await store.takeOver(messageOf(enablement));
  if (run === undefined) throw new Error('There is nothing to run.');
  return run;
}

/** In a tenant of its own. */
async function startNew(store: EnablementStore): Promise<Enablement> {
  const enablement = newEnablement(randomUUID());
  await store.start(enablement);
  return enablement;
}

describe.each([
  { where: 'in memory', open: createFakeEnablementStore },
  { where: 'on Table Storage', open: () => createEnablementStore(createTables(storage())) },
])('enablements $where', ({ open }) => {
  it('are absent before they are started', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    expect(await store.get(tenantId, randomUUID())).toBeUndefined();
    expect(await store.list(tenantId, 9)).toEqual([]);
  });

  it.each([
    ['all', {}],
    ['a filter', { mailboxes: { filter: "Alias -eq 'ünï'" }, dryRun: true, auditLogAgeDays: 30 }],
    [
      'names',
      { mailboxes: ['Anna', 'ben@fabrikam.example'], nonOwner: { admin: ['Move'] }, owner: ['Send'] },
    ],
    [
      'a thousand long names',
      { mailboxes: Array.from({ length: 1000 }, (_, index) => `${index}${'x'.repeat(50)}@fabrikam.example`) },
    ],
  ])('are given back as they were started, for %s', async (_name, request) => {
    const [store, tenantId] = [open(), randomUUID()];
    const enablement = newEnablement(tenantId, request);
    expect(await store.start(enablement)).toBeUndefined();
    expect(await store.get(tenantId, enablement.enablementId)).toEqual(enablement);
    expect(await store.get(randomUUID(), enablement.enablementId)).toBeUndefined();
  });

  it('run one at a time in a tenant: who comes second learns which one runs', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    const [first, second] = [newEnablement(tenantId), newEnablement(tenantId)];
    await store.start(first);
    expect(await store.start(second)).toBe(first.enablementId);
    expect(await store.start(first)).toBeUndefined();
    expect(await store.start(newEnablement(randomUUID()))).toBeUndefined();
    expect(await store.get(tenantId, second.enablementId)).toBeUndefined();
  });

  it('started at the same time are one', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    const all = Array.from({ length: 8 }, () => newEnablement(tenantId));
    await store.start(newEnablement(randomUUID()));
    const answers = await Promise.all(all.map((enablement) => store.start(enablement)));
    const won = all.filter((_enablement, index) => answers[index] === undefined);
    expect(won).toHaveLength(1);
    expect(new Set(answers)).toEqual(new Set([undefined, won[0]?.enablementId]));
    expect(await store.list(tenantId, 9)).toHaveLength(1);
  });

  it('keep their progress, however much it is', async () => {
    const store = open();
    const enablement = await startNew(store);
    const run = await takeOver(store, enablement);
    for (const count of [25_000, 3]) {
      const changes = Array.from({ length: count }, (_, index) => `${index} ${randomUUID().slice(0, 8)}`);
      const steps = enablement.steps.map((step) => ({ ...step, status: 'Running' as const, changes: [] }));
      const progressed = {
        ...{ ...enablement, status: 'Running' as const, lastActionDateTime: at(30) },
        steps: steps.map((step) => (step.name === 'mailboxes' ? { ...step, changes } : step)),
      };
      await run.save(progressed);
      expect(await store.get(enablement.tenantId, enablement.enablementId)).toEqual(progressed);
    }
  });

  it.each(enablementStatuses.filter((status) => isFinished({ status })))(
    'that end as %s let the next one start, and change no more',
    async (status) => {
      const store = open();
      const first = await startNew(store);
      const next = newEnablement(first.tenantId, {}, 1);
      const run = await takeOver(store, first);
      await run.save({ ...first, status });
      await expect(run.save({ ...first, status: 'Running' })).rejects.toThrow(SupersededError);
      expect(await store.start(next)).toBeUndefined();
      await expect(run.save({ ...first, status: 'Running' })).rejects.toThrow(SupersededError);
      await expect(run.save({ ...first, status: 'Succeeded' })).rejects.toThrow(SupersededError);
      expect(await store.takeOver(messageOf(first))).toBeUndefined();
      expect(await store.get(first.tenantId, first.enablementId)).toEqual({ ...first, status });
      expect(await store.start(newEnablement(first.tenantId))).toBe(next.enablementId);
    },
  );

  it('are listed newest first, at most as many as asked for', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    const started: string[] = [];
    for (const second of [1, 2, 3, 4]) {
      const enablement = newEnablement(tenantId, {}, second);
      await store.start(enablement);
      await (await takeOver(store, enablement)).save({ ...enablement, status: 'Succeeded' });
      started.unshift(enablement.enablementId);
    }
    const running = newEnablement(tenantId, {}, 5);
    await store.start(running);
    started.unshift(running.enablementId);
    const idsOf = async (top: number) => (await store.list(tenantId, top)).map((each) => each.enablementId);
    expect(await idsOf(9)).toEqual(started);
    expect(await idsOf(2)).toEqual(started.slice(0, 2));
    expect(await store.list(randomUUID(), 9)).toEqual([]);
  });

  it('are carried on by the newest run alone', async () => {
    const store = open();
    const enablement = await startNew(store);
    const older = await takeOver(store, enablement);
    await older.save({ ...enablement, status: 'Running', lastActionDateTime: at(1) });
    const newer = await takeOver(store, enablement);
    expect([older.number, newer.number]).toEqual([1, 2]);
    expect(newer.enablement.lastActionDateTime).toEqual(at(1));
    await expect(older.save({ ...enablement, status: 'Succeeded' })).rejects.toThrow(SupersededError);
    await expect(older.save({ ...enablement, status: 'Running' })).rejects.toThrow(SupersededError);
    await expect(older.isCancelRequested()).rejects.toThrow(SupersededError);
    for (const second of [2, 3])
      await newer.save({ ...enablement, status: 'Running', lastActionDateTime: at(second) });
    expect(await newer.isCancelRequested()).toBe(false);
    const saved = await store.get(enablement.tenantId, enablement.enablementId);
    expect(saved).toEqual({ ...enablement, status: 'Running', lastActionDateTime: at(3) });
  });

  it('taken over at the same time have one newest run', async () => {
    const store = open();
    const enablement = await startNew(store);
    const runs = await Promise.all(Array.from({ length: 6 }, () => takeOver(store, enablement)));
    expect(new Set(runs.map(({ number }) => number)).size).toBe(6);
    const saves = await Promise.allSettled(runs.map((run) => run.save({ ...enablement, status: 'Running' })));
    const saved = runs.filter((_run, index) => saves[index]?.status === 'fulfilled');
    expect(saved.map(({ number }) => number)).toEqual([Math.max(...runs.map(({ number }) => number))]);
  });

  it('know how often in a row one message has begun a run', async () => {
    const store = open();
    const enablement = await startNew(store);
    const deliveries: (number | undefined)[] = [];
    for (const after of [undefined, 0, 0, 3, 3, undefined, 6])
      deliveries.push((await store.takeOver(messageOf(enablement, after)))?.deliveries);
    expect(deliveries).toEqual([1, 2, 3, 1, 2, 1, 1]);
  });

  it('are not run when they are not there', async () => {
    const store = open();
    const message = messageOf(await startNew(store));
    expect(await store.takeOver({ ...message, enablementId: randomUUID() })).toBeUndefined();
    expect(await store.takeOver({ ...message, tenantId: randomUUID() })).toBeUndefined();
  });

  it('do not forget a request to cancel, whoever saves and takes over', async () => {
    const store = open();
    const enablement = await startNew(store);
    const { tenantId, enablementId } = enablement;
    const older = await takeOver(store, enablement);
    expect([older.cancelRequested, await older.isCancelRequested()]).toEqual([false, false]);
    await Promise.all([
      store.requestCancel(tenantId, enablementId),
      older.save({ ...enablement, status: 'Running' }),
    ]);
    expect(await older.isCancelRequested()).toBe(true);
    await older.save({ ...enablement, status: 'Running' });
    const newer = await takeOver(store, enablement);
    expect([newer.cancelRequested, await newer.isCancelRequested()]).toEqual([true, true]);
    await newer.save({ ...enablement, status: 'Canceled' });
    const next = newEnablement(tenantId, {}, 1);
    await store.start(next);
    await store.requestCancel(tenantId, enablementId);
    expect((await takeOver(store, next)).cancelRequested).toBe(false);
  });

  it('cancelled by several while they are taken over by several know it all the same', async () => {
    const store = open();
    const enablement = await startNew(store);
    const { tenantId, enablementId } = enablement;
    await Promise.all([
      ...Array.from({ length: 3 }, () => store.requestCancel(tenantId, enablementId)),
      ...Array.from({ length: 3 }, () => store.takeOver(messageOf(enablement))),
    ]);
    expect((await takeOver(store, enablement)).cancelRequested).toBe(true);
  });

  it('that are not there cannot be cancelled, and that is no error', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    await store.requestCancel(tenantId, randomUUID());
    expect(await store.list(tenantId, 9)).toEqual([]);
  });
});

describe('enablements that cannot be reached', () => {
  it('fail, and never look absent', async () => {
    const store = createEnablementStore(createTables(lockedOut(storage())));
    const enablement = newEnablement(randomUUID());
    await expect(store.get('any', randomUUID())).rejects.toThrow();
    await expect(store.start(enablement)).rejects.toThrow();
    await expect(takeOver(store, enablement)).rejects.toThrow();
  });
});

describe('enablements on Table Storage', () => {
  it.each([
    ['progress', 'Running'],
    ['the end', 'Succeeded'],
  ] as const)(
    'saved twice, for the answer was lost, are not taken for superseded: %s',
    async (_what, last) => {
      const tables = createTables(storage());
      const losing = { once: false };
      const write: Tables['write'] = async (table, operation) => {
        if (losing.once) await tables.write(table, operation);
        losing.once = false;
        return await tables.write(table, operation);
      };
      const store = createEnablementStore({ ...tables, write });
      const enablement = await startNew(store);
      const run = await takeOver(store, enablement);
      losing.once = true;
      await run.save({ ...enablement, status: 'Running' });
      await run.save({ ...enablement, status: last });
      expect((await store.get(enablement.tenantId, enablement.enablementId))?.status).toBe(last);
      losing.once = true;
      expect((await store.takeOver(messageOf(enablement)))?.number).toBe(last === 'Running' ? 3 : undefined);
    },
  );

  it('cost few operations', async () => {
    const settings = storage();
    if (settings.kind !== 'connectionString') throw new Error('Only what goes through a proxy is counted.');
    const wire = await startCountingProxy(settings.connectionString);
    const tables = createTables({ kind: 'connectionString', connectionString: wire.connectionString });
    const store = createEnablementStore(tables);
    const enablement = await startNew(store);
    const { tenantId, enablementId } = enablement;
    const costOf = async <T>(operation: () => Promise<T>) => {
      wire.reset();
      const result = await operation();
      const { tableReads: reads, tableWrites: writes } = wire.counts();
      return { result, reads, writes };
    };
    const { result: run, ...takingOver } = await costOf(() => takeOver(store, enablement));
    expect(takingOver).toEqual({ reads: 1, writes: 1 });
    for (let count = 0; count < 3; count++)
      expect(await costOf(() => run.save({ ...enablement, status: 'Running' }))).toEqual({
        ...{ reads: 0, writes: 1, result: undefined },
      });
    expect(await costOf(() => run.isCancelRequested())).toMatchObject({ reads: 1, writes: 0 });
    expect(await costOf(() => store.requestCancel(tenantId, enablementId))).toMatchObject({
      ...{ reads: 1, writes: 1 },
    });
    expect(await costOf(() => run.save({ ...enablement, status: 'Canceled' }))).toMatchObject({
      ...{ reads: 0, writes: 1 },
    });
    await wire.stop();
  });
});

/** The promises about enablements, kept in memory and on Table Storage alike. */
import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createEnablementStore } from '../../shared/adapters/tables/enablement-store.ts';
import { createTables } from '../../shared/adapters/tables/tables.ts';
import {
  enablementRequestSchema,
  enablementStatuses,
  isFinished,
  stepsOf,
  type Enablement,
} from '../../shared/enablement/enablement.ts';
import { createFakeEnablementStore } from '../support/fakes/enablement-store.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();
const at = (second: number) => new Date(Date.UTC(2026, 2, 10, 12, 0, second));

function newEnablement(tenantId: string, request: unknown = {}, second = 0): Enablement {
  const parsed = enablementRequestSchema.parse(request);
  return {
    ...{ tenantId, enablementId: randomUUID(), request: parsed, status: 'NotStarted' },
    ...{ steps: stepsOf(parsed), cancelRequested: false },
    ...{ createdDateTime: at(second), lastActionDateTime: at(second) },
  };
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
    const [store, tenantId] = [open(), randomUUID()];
    const enablement = newEnablement(tenantId);
    await store.start(enablement);
    for (const count of [25_000, 3]) {
      const changes = Array.from({ length: count }, (_, index) => `${index} ${randomUUID().slice(0, 8)}`);
      const steps = enablement.steps.map((step) => ({ ...step, status: 'Running' as const, changes: [] }));
      const progressed = {
        ...{ ...enablement, status: 'Running' as const, lastActionDateTime: at(30) },
        steps: steps.map((step) => (step.name === 'mailboxes' ? { ...step, changes } : step)),
      };
      await store.save(progressed);
      expect(await store.get(tenantId, enablement.enablementId)).toEqual(progressed);
    }
  });

  it.each(enablementStatuses.filter((status) => isFinished({ status })))(
    'that end as %s let the next one start, and change no more',
    async (status) => {
      const [store, tenantId] = [open(), randomUUID()];
      const [first, next] = [newEnablement(tenantId), newEnablement(tenantId, {}, 1)];
      await store.start(first);
      await store.save({ ...first, status });
      await store.save({ ...first, status: 'Running' });
      await store.save({ ...first, status });
      expect(await store.start(next)).toBeUndefined();
      await store.save({ ...first, status: 'Running' });
      await store.save({ ...first, status: 'Succeeded' });
      expect(await store.get(tenantId, first.enablementId)).toEqual({ ...first, status });
      expect(await store.start(newEnablement(tenantId))).toBe(next.enablementId);
    },
  );

  it('are listed newest first, at most as many as asked for', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    const started: string[] = [];
    for (const second of [1, 2, 3, 4]) {
      const enablement = newEnablement(tenantId, {}, second);
      await store.start(enablement);
      await store.save({ ...enablement, status: 'Succeeded' });
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

  it('do not forget a request to cancel when progress is saved', async () => {
    const [store, tenantId] = [open(), randomUUID()];
    const enablement = newEnablement(tenantId);
    await store.start(enablement);
    await store.requestCancel(tenantId, enablement.enablementId);
    await store.save({ ...enablement, status: 'Running' });
    expect(await store.get(tenantId, enablement.enablementId)).toEqual({
      ...{ ...enablement, status: 'Running', cancelRequested: true },
    });
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
    await expect(store.save(enablement)).rejects.toThrow();
  });
});

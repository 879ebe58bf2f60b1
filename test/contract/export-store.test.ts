/** The promises about exports, kept in memory and in Table Storage alike. */
import { describe, expect, it } from 'vitest';
import { createExportStore } from '../../shared/adapters/tables/export-store.ts';
import { createTables } from '../../shared/adapters/tables/tables.ts';
import { SupersededExportError, type Export, type ExportProgress } from '../../shared/exports/export.ts';
import { exportStart, inventedExport } from '../support/exports.ts';
import { createFakeExportStore } from '../support/fakes/export-store.ts';
import { lockedOut, useStorage } from './storage.ts';

const storage = useStorage();
const later = new Date(exportStart.getTime() + 60_000);

const progress: ExportProgress = {
  ...{ position: '{"0":{"past":"8226000000000"}}', isRead: false, hashState: 'c3RhdGU=', savedBy: 1 },
  blocks: [
    { run: 1, count: 12 },
    { run: 4, count: 1 },
  ],
  ...{ bytes: 9_000_000_000, records: 3_000_000_000, newest: later, oldest: exportStart },
};

async function collect(found: AsyncIterable<Export>): Promise<readonly string[]> {
  const ids: string[] = [];
  for await (const { exportId } of found) ids.push(exportId);
  return ids;
}

describe.each([
  { where: 'in memory', create: createFakeExportStore },
  { where: 'in Table Storage', create: () => createExportStore(createTables(storage())) },
])('exports $where', ({ create }) => {
  it('are absent until they are created, and for other tenants', async () => {
    const [store, one] = [create(), inventedExport()];
    expect(await store.get(one.tenantId, one.exportId)).toBeUndefined();
    expect(await store.takeOver(one.tenantId, one.exportId)).toBeUndefined();
    await store.create(one);
    expect(await store.get(one.tenantId, one.exportId)).toEqual(one);
    expect(await store.get(inventedExport().tenantId, one.exportId)).toBeUndefined();
  });

  it('keep all that a run saves', async () => {
    const [store, one] = [create(), inventedExport({ completeThrough: later, isPartial: true })];
    await store.create(one);
    const run = await store.takeOver(one.tenantId, one.exportId);
    expect(run).toMatchObject({ number: 1, export: one });
    const saved: Export = { ...one, status: 'Running', progress };
    await run?.save(saved);
    expect(await store.get(one.tenantId, one.exportId)).toEqual(saved);
    const finished: Export = {
      ...saved,
      ...{ status: 'Succeeded', sha256: 'ab', completedDateTime: later },
      progress: { ...progress, position: undefined, isRead: true },
    };
    await run?.save(finished);
    expect(await store.get(one.tenantId, one.exportId)).toEqual(finished);
  });

  it('are written by the newest run only', async () => {
    const [store, one] = [create(), inventedExport()];
    await store.create(one);
    const first = await store.takeOver(one.tenantId, one.exportId);
    const second = await store.takeOver(one.tenantId, one.exportId);
    expect([first?.number, second?.number]).toEqual([1, 2]);
    await expect(first?.save({ ...one, isPartial: true })).rejects.toThrow(SupersededExportError);
    await second?.save({ ...one, status: 'Running' });
    await second?.save({ ...one, status: 'Running', progress });
    expect(await store.get(one.tenantId, one.exportId)).toEqual({ ...one, status: 'Running', progress });
  });

  it('are not run or written any more once they are canceled', async () => {
    const [store, one] = [create(), inventedExport()];
    await store.create(one);
    const run = await store.takeOver(one.tenantId, one.exportId);
    await store.cancel(one.tenantId, one.exportId, later);
    await expect(run?.save(one)).rejects.toThrow(SupersededExportError);
    expect(await store.takeOver(one.tenantId, one.exportId)).toBeUndefined();
    const ended = { status: 'Canceled', completedDateTime: later, lastActionDateTime: later };
    expect(await store.get(one.tenantId, one.exportId)).toEqual({ ...one, ...ended });
  });

  it('stay as they are when they are canceled after their end', async () => {
    const [store, one] = [create(), inventedExport({ status: 'Succeeded', sha256: 'ab' })];
    await store.create(one);
    await store.cancel(one.tenantId, one.exportId, later);
    expect(await store.get(one.tenantId, one.exportId)).toEqual(one);
  });

  it('can be removed under a run, twice', async () => {
    const [store, one] = [create(), inventedExport()];
    await store.create(one);
    const run = await store.takeOver(one.tenantId, one.exportId);
    for (let time = 0; time < 2; time++) await store.remove(one.tenantId, one.exportId);
    expect(await store.get(one.tenantId, one.exportId)).toBeUndefined();
    await expect(run?.save(one)).rejects.toThrow(SupersededExportError);
    await store.cancel(one.tenantId, one.exportId, later);
  });

  it('are found when they have expired, and when nobody works on them', async () => {
    const store = create();
    const old = inventedExport({ expiresDateTime: later, status: 'Succeeded' });
    const resting = inventedExport({ lastActionDateTime: exportStart });
    const busy = inventedExport({ lastActionDateTime: later, status: 'Running' });
    for (const one of [old, resting, busy]) await store.create(one);
    const ours = new Set([old, resting, busy].map(({ exportId }) => exportId));
    const expired = await collect(store.expired(later));
    expect(expired.filter((id) => ours.has(id))).toEqual([old.exportId]);
    const found = await collect(store.resting(later));
    expect(found.filter((id) => ours.has(id))).toEqual([resting.exportId]);
  });
});

describe('exports that cannot be reached', () => {
  it('fail, and never look absent', async () => {
    const store = createExportStore(createTables(lockedOut(storage())));
    const { tenantId, exportId } = inventedExport();
    await expect(store.get(tenantId, exportId)).rejects.toThrow();
  });
});

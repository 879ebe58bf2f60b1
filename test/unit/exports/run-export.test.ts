/** An export's file is the same whatever happens on the way. */
import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { StartBudget } from '../../../shared/budget.ts';
import { exportFileName, exportFormats, exportKind, type Export } from '../../../shared/exports/export.ts';
import { exportEffects, exportWork, type ExportWorkDeps } from '../../../shared/exports/export-work.ts';
import { fileForm } from '../../../shared/exports/file-forms.ts';
import { cancelOperation } from '../../../shared/operations/end-operation.ts';
import { messageFor, type OperationMessage } from '../../../shared/operations/operation.ts';
import { takeOver } from '../../../shared/operations/operation-run.ts';
import { runOperation, type RunOperationDeps } from '../../../shared/operations/run-operation.ts';
import { createClock, minuteMs } from '../../support/clock.ts';
import { exportedRecord, exportStart, inventedExport, pagesOf } from '../../support/exports.ts';
import { createFakeExportFiles } from '../../support/fakes/export-files.ts';
import { createFakeLandingStore } from '../../support/fakes/landing-store.ts';
import { createFakeOperationStore } from '../../support/fakes/operation-store.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { Crash, createFaults, crashAt, type Faults } from '../../support/faults.ts';
import { createFakeOperationQueue } from '../../support/operations.ts';
import { tenantNamed } from '../../support/tenants.ts';

/** Several blocks: a record has a megabyte. */
const filler = 'x'.repeat(1024 * 1024);
const texts = Array.from({ length: 8 }, (_, at) =>
  JSON.stringify({ CreationTime: `2026-03-01T09:00:${59 - at}`, Operation: `=${at}`, filler }),
);
const records = texts.map((text) => exportedRecord(text));

async function expectedFile(format: Export['request']['format']): Promise<Buffer> {
  const encoder = await fileForm({ format, bom: false }).open(undefined);
  if (encoder === undefined) throw new Error('A new file needs no state.');
  const chunks = [encoder.begin()];
  for (const record of records) chunks.push(await encoder.add(record));
  return Buffer.concat([...chunks, encoder.end()]);
}

type ExportDeps = ExportWorkDeps &
  RunOperationDeps & { readonly startBudget: StartBudget; readonly budgetMs: number };

const runExport = (deps: ExportDeps, message: OperationMessage): Promise<void> =>
  runOperation(deps, exportWork(deps), { message, budget: deps.startBudget(deps.budgetMs) });

async function createWorld(one: Export) {
  const queues = createFakeOperationQueue();
  const { messages } = queues;
  const clock = createClock(exportStart);
  const landings = createFakeLandingStore();
  const exports = createFakeOperationStore(exportKind);
  await exports.create(one, exportStart);
  const deps: ExportDeps = {
    ...{ exports, landings, queues, telemetry: () => undefined, now: clock.now },
    exportFiles: createFakeExportFiles(),
    pages: pagesOf(records, 2),
    tenants: createFakeTenantStore([{ ...tenantNamed('Contoso'), tenantId: one.tenantId }]),
    ...{ budgetMs: minuteMs, startBudget: clock.startBudget },
  };
  const found = () => exports.get(one);
  const first = messageFor(exportKind, one);
  return {
    ...{ deps, clock, landings, exports, messages, first, found },
    /** Handles messages until none is left. */
    async settle(message = first, faults: Faults = createFaults()): Promise<void> {
      await runExport(living(deps, faults), message);
      for (let next = messages.shift(); next !== undefined; next = messages.shift()) {
        clock.advance(next.delayMs);
        await runExport(living(deps, faults), next.message);
      }
    },
    async file(): Promise<Buffer | undefined> {
      const body = await deps.exportFiles.read(exportFileName(one));
      return body === undefined ? undefined : await buffer(body);
    },
  };
}

function living(deps: ExportDeps, faults: Faults): ExportDeps {
  return {
    ...deps,
    exports: faults.inject('exports', deps.exports),
    exportFiles: faults.inject('files', deps.exportFiles),
    pages: faults.inject('pages', deps.pages),
    queues: faults.inject('queues', deps.queues),
  };
}

describe('an export', () => {
  it.each(exportFormats)('of %s is all records, with its length and SHA-256', async (format) => {
    const one = inventedExport({}, format);
    const world = await createWorld(one);
    await world.settle();
    const file = await expectedFile(format);
    expect((await world.file())?.equals(file)).toBe(true);
    expect(await world.found()).toMatchObject({
      status: 'Succeeded',
      state: {
        sha256: createHash('sha256').update(file).digest('hex'),
        progress: { bytes: file.length, records: 8, isRead: true },
      },
    });
  });

  it('without records is still a file', async () => {
    const one = inventedExport({}, 'ndjson');
    const world = await createWorld(one);
    await runExport({ ...world.deps, pages: pagesOf([], 2) }, world.first);
    expect(await world.file()).toEqual(Buffer.alloc(0));
    expect(await world.found()).toMatchObject({
      status: 'Succeeded',
      state: { progress: { records: 0, bytes: 0 } },
    });
  });

  it.each(exportFormats)('of %s hands over when its budget is spent, page by page', async (format) => {
    const one = inventedExport({}, format);
    const world = await createWorld(one);
    await runExport({ ...world.deps, budgetMs: 0 }, world.first);
    expect(await world.found()).toMatchObject({ status: 'Running', state: { progress: { records: 2 } } });
    expect(world.messages).toEqual([{ message: { ...world.first, after: 1 }, delayMs: 0 }]);
    for (let next = world.messages.shift(); next !== undefined; next = world.messages.shift())
      await runExport({ ...world.deps, budgetMs: 0 }, next.message);
    expect((await world.file())?.equals(await expectedFile(format))).toBe(true);
  });

  it.each(['csv', 'xlsx'] as const)(
    'of %s has the same bytes wherever it was killed',
    async (format) => {
      const expected = await expectedFile(format);
      const sha256 = createHash('sha256').update(expected).digest('hex');
      const whole = createFaults();
      const unhurt = inventedExport({}, format);
      const calm = await createWorld(unhurt);
      await calm.settle(calm.first, whole);
      expect(whole.steps.length).toBeGreaterThan(format === 'csv' ? 10 : 6);
      for (const fault of ['crashBefore', 'crashAfter'] as const) {
        for (let step = 0; step < whole.steps.length; step++) {
          const one = inventedExport({}, format);
          const world = await createWorld(one);
          await expect(world.settle(world.first, crashAt(step, fault))).rejects.toThrow(Crash);
          await world.settle();
          expect([step, fault, (await world.found())?.state.sha256]).toEqual([step, fault, sha256]);
          expect((await world.file())?.equals(expected)).toBe(true);
        }
      }
    },
    120_000,
  );

  it('has the same bytes when two messages run at once', async () => {
    const one = inventedExport();
    const world = await createWorld(one);
    await Promise.all([runExport(world.deps, world.first), runExport(world.deps, world.first)]);
    expect((await world.file())?.equals(await expectedFile('ndjson'))).toBe(true);
    expect(await world.found()).toMatchObject({ status: 'Succeeded', state: { progress: { records: 8 } } });
  });

  it.each([
    ['its hash', 'ndjson', { hashState: 'AAAA' }],
    ['its workbook', 'xlsx', { encoderState: '{}' }],
  ] as const)('starts over when %s cannot be resumed', async (_what, format, state) => {
    const one = inventedExport({}, format);
    const world = await createWorld(one);
    const found = await world.found();
    const run = found === undefined ? undefined : await takeOver(world.exports, found, world.clock.now);
    const blocks = [{ run: 1, count: 1 }];
    const foreign = { ...state, position: '6', records: 6, bytes: 99, isRead: false, blocks };
    await run?.save({ state: { ...one.state, progress: foreign } });
    await world.settle();
    expect((await world.file())?.equals(await expectedFile(format))).toBe(true);
  });
});

describe('an export that', () => {
  it('is canceled ends quietly and makes no file', async () => {
    const one = inventedExport();
    const world = await createWorld(one);
    await runExport({ ...world.deps, budgetMs: 0 }, world.first);
    const found = await world.found();
    if (found !== undefined) await cancelOperation(world.deps, exportEffects(world.deps), found);
    await world.settle(world.messages.shift()?.message);
    expect(await world.file()).toBeUndefined();
    expect(await world.found()).toMatchObject({ status: 'Canceled' });
    expect(world.messages).toEqual([]);
  });

  it('whose tenant is gone or being removed is canceled', async () => {
    const one = inventedExport();
    const going = tenantNamed('Contoso', { tenantId: one.tenantId, state: 'Removing' });
    for (const stored of [[], [going]]) {
      const world = await createWorld(one);
      await runExport({ ...world.deps, tenants: createFakeTenantStore(stored) }, world.first);
      expect(await world.found()).toMatchObject({ status: 'Canceled', errorCode: 'TenantRemoved' });
      expect(world.messages).toEqual([]);
    }
  });

  it('began before everything was indexed waits, but not forever', async () => {
    const one = inventedExport();
    const world = await createWorld(one);
    const counts = { contentBlobs: 1, records: 1, bytes: 1 };
    const landed = { landedAt: exportStart, oldestContent: exportStart, blobName: 'a', landingId: 'b' };
    await world.landings.open(one.tenantId, { ...landed, ...counts });
    await runExport(world.deps, world.first);
    expect(world.messages.map(({ delayMs }) => delayMs)).toEqual([10_000]);
    expect(await world.file()).toBeUndefined();
    await world.settle(world.messages.shift()?.message);
    expect(await world.found()).toMatchObject({ status: 'Succeeded' });
    expect(world.clock.now().getTime() - exportStart.getTime()).toBeGreaterThan(5 * minuteMs - 1);
  });

  it('fails in every run ends as Failed', async () => {
    const one = inventedExport();
    const world = await createWorld(one);
    const broken = { page: () => Promise.reject(new Error('Storage is down.')) };
    let message: OperationMessage | undefined = world.first;
    for (let time = 0; time < 60 && (await world.found())?.status !== 'Failed'; time++) {
      await runExport({ ...world.deps, pages: broken }, message).catch(() => undefined);
      message = world.messages.shift()?.message ?? message;
    }
    expect(await world.found()).toMatchObject({ status: 'Failed', errorCode: 'ExportStalled' });
  });
});

/** An export's file is the same whatever happens on the way. */
import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import {
  exportFileName,
  exportFormats,
  type Export,
  type ExportMessage,
  type ExportQueue,
} from '../../../shared/exports/export.ts';
import { fileFormat } from '../../../shared/exports/formats.ts';
import { runExport, type RunExportDeps } from '../../../shared/exports/run-export.ts';
import { createClock, minuteMs } from '../../support/clock.ts';
import { exportedRecord, exportStart, inventedExport, pagesOf } from '../../support/exports.ts';
import { createFakeExportFiles } from '../../support/fakes/export-files.ts';
import { createFakeExportStore } from '../../support/fakes/export-store.ts';
import { createFakeLandingStore } from '../../support/fakes/landing-store.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { Crash, createLife, endingAt, type Life } from '../../support/life.ts';
import { tenantNamed } from '../../support/tenants.ts';

/** Several blocks: a record has a megabyte. */
const filler = 'x'.repeat(1024 * 1024);
const texts = Array.from({ length: 8 }, (_, at) =>
  JSON.stringify({ CreationTime: `2026-03-01T09:00:${59 - at}`, Operation: `=${at}`, filler }),
);
const records = texts.map((text) => exportedRecord(text));

async function expectedFile(format: Export['request']['format']): Promise<Buffer> {
  const form = fileFormat({ format, bom: false });
  return Buffer.concat([form.head, ...(await Promise.all(records.map((record) => form.line(record))))]);
}

function createWorld(one: Export) {
  const messages: { readonly message: ExportMessage; readonly delayMs: number }[] = [];
  const queues: ExportQueue = {
    requestExportRun: async (message, delayMs) => {
      messages.push({ message, delayMs });
      await Promise.resolve();
    },
  };
  const clock = createClock(exportStart);
  const landings = createFakeLandingStore();
  const exports = createFakeExportStore();
  const deps: RunExportDeps = {
    ...{ exports, landings, queues, telemetry: () => undefined, now: clock.now },
    exportFiles: createFakeExportFiles(),
    pages: pagesOf(records, 2),
    tenants: createFakeTenantStore([{ ...tenantNamed('Contoso'), tenantId: one.tenantId }]),
    ...{ exportBudgetMs: minuteMs, exportKeepMs: 1000 * minuteMs },
  };
  const found = () => exports.get(one.tenantId, one.exportId);
  const first: ExportMessage = { version: 1, tenantId: one.tenantId, exportId: one.exportId };
  return {
    ...{ deps, clock, landings, exports, messages, first, found },
    /** Handles messages until none is left. */
    async settle(message = first, life: Life = createLife()): Promise<void> {
      await runExport(living(deps, life), message);
      for (let next = messages.shift(); next !== undefined; next = messages.shift()) {
        clock.advance(next.delayMs);
        await runExport(living(deps, life), next.message);
      }
    },
    async file(): Promise<Buffer | undefined> {
      const body = await deps.exportFiles.read(exportFileName(one));
      return body === undefined ? undefined : await buffer(body);
    },
  };
}

function living(deps: RunExportDeps, life: Life): RunExportDeps {
  return {
    ...deps,
    exports: {
      ...life.live('exports', deps.exports),
      takeOver: async (tenantId, exportId) => {
        const run = await life.live('exports', deps.exports).takeOver(tenantId, exportId);
        return run === undefined ? undefined : life.live('run', run);
      },
    },
    exportFiles: life.live('files', deps.exportFiles),
    pages: life.live('pages', deps.pages),
    queues: life.live('queues', deps.queues),
  };
}

describe('an export', () => {
  it.each(exportFormats)('of %s is all records, with its length and SHA-256', async (format) => {
    const one = inventedExport({}, format);
    const world = createWorld(one);
    await world.exports.create(one);
    await world.settle();
    const file = await expectedFile(format);
    expect((await world.file())?.equals(file)).toBe(true);
    expect(await world.found()).toMatchObject({
      ...{ status: 'Succeeded', sha256: createHash('sha256').update(file).digest('hex') },
      progress: { bytes: file.length, records: 8, isRead: true },
    });
  });

  it('of nothing is a file all the same', async () => {
    const one = inventedExport({}, 'ndjson');
    const world = createWorld(one);
    await world.exports.create(one);
    await runExport({ ...world.deps, pages: pagesOf([], 2) }, world.first);
    expect(await world.file()).toEqual(Buffer.alloc(0));
    expect(await world.found()).toMatchObject({ status: 'Succeeded', progress: { records: 0, bytes: 0 } });
  });

  it('hands over when its time is up, page by page if need be', async () => {
    const one = inventedExport();
    const world = createWorld(one);
    await world.exports.create(one);
    await runExport({ ...world.deps, exportBudgetMs: 0 }, world.first);
    expect(await world.found()).toMatchObject({ status: 'Running', progress: { records: 2 } });
    expect(world.messages).toEqual([{ message: { ...world.first, after: 1 }, delayMs: 0 }]);
    await world.settle(world.messages.shift()?.message);
    expect((await world.file())?.equals(await expectedFile('ndjson'))).toBe(true);
  });

  it('has the same bytes wherever it was killed', async () => {
    const expected = await expectedFile('csv');
    const sha256 = createHash('sha256').update(expected).digest('hex');
    const whole = createLife();
    const unhurt = inventedExport({}, 'csv');
    const calm = createWorld(unhurt);
    await calm.exports.create(unhurt);
    await calm.settle(calm.first, whole);
    expect(whole.steps.length).toBeGreaterThan(10);
    for (const fate of ['endBefore', 'endAfter'] as const) {
      for (let step = 0; step < whole.steps.length; step++) {
        const one = inventedExport({}, 'csv');
        const world = createWorld(one);
        await world.exports.create(one);
        await expect(world.settle(world.first, endingAt(step, fate))).rejects.toThrow(Crash);
        await world.settle();
        expect([step, fate, (await world.found())?.sha256]).toEqual([step, fate, sha256]);
        expect((await world.file())?.equals(expected)).toBe(true);
      }
    }
  }, 120_000);

  it('has the same bytes when two messages run at once', async () => {
    const one = inventedExport();
    const world = createWorld(one);
    await world.exports.create(one);
    await Promise.all([runExport(world.deps, world.first), runExport(world.deps, world.first)]);
    expect((await world.file())?.equals(await expectedFile('ndjson'))).toBe(true);
    expect(await world.found()).toMatchObject({ status: 'Succeeded', progress: { records: 8 } });
  });

  it('begins anew when its hash cannot be resumed', async () => {
    const one = inventedExport();
    const world = createWorld(one);
    await world.exports.create(one);
    const run = await world.exports.takeOver(one.tenantId, one.exportId);
    const foreign = { ...one.progress, hashState: 'AAAA', position: '6', records: 6, bytes: 99, savedBy: 1 };
    await run?.save({ ...one, status: 'Running', progress: { ...foreign, blocks: [{ run: 1, count: 1 }] } });
    await world.settle();
    expect((await world.file())?.equals(await expectedFile('ndjson'))).toBe(true);
  });
});

describe('an export that', () => {
  it('is canceled ends quietly and makes no file', async () => {
    const one = inventedExport();
    const world = createWorld(one);
    await world.exports.create(one);
    await runExport({ ...world.deps, exportBudgetMs: 0 }, world.first);
    await world.exports.cancel(one.tenantId, one.exportId, world.clock.now());
    await world.settle(world.messages.shift()?.message);
    expect(await world.file()).toBeUndefined();
    expect(await world.found()).toMatchObject({ status: 'Canceled' });
    expect(world.messages).toEqual([]);
  });

  it('is of a tenant that is gone or going is left alone', async () => {
    const one = inventedExport();
    const world = createWorld(one);
    await world.exports.create(one);
    const going = tenantNamed('Contoso', { tenantId: one.tenantId, state: 'Removing' });
    for (const stored of [[], [going]]) {
      await runExport({ ...world.deps, tenants: createFakeTenantStore(stored) }, world.first);
      expect(await world.found()).toEqual(one);
      expect(world.messages).toEqual([]);
    }
  });

  it('began before all was indexed waits, but not for ever', async () => {
    const one = inventedExport();
    const world = createWorld(one);
    await world.exports.create(one);
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

  it('fails in every run fails for good, instead of for ever', async () => {
    const one = inventedExport();
    const world = createWorld(one);
    await world.exports.create(one);
    const broken = { page: () => Promise.reject(new Error('Storage is not there.')) };
    let message: ExportMessage | undefined = world.first;
    for (let time = 0; time < 60 && (await world.found())?.status !== 'Failed'; time++) {
      await runExport({ ...world.deps, pages: broken }, message).catch(() => undefined);
      message = world.messages.shift()?.message ?? message;
    }
    expect(await world.found()).toMatchObject({ status: 'Failed', errorCode: 'ExportStalled' });
  });
});

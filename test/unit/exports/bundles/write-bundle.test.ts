/** The one file of several tenants is the same whatever happens on the way, and has no tenant that was removed. */
import { createHash } from 'node:crypto';
import { buffer } from 'node:stream/consumers';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bundleForm } from '../../../../shared/exports/bundles/bundle-form.ts';
import {
  bundleEffects,
  bundleWork,
  type BundleWorkDeps,
} from '../../../../shared/exports/bundles/bundle-work.ts';
import {
  bundleKind,
  longestFileLifeMs,
  longestWritingMs,
} from '../../../../shared/exports/bundles/bundle.ts';
import { bundleManifestOf } from '../../../../shared/exports/bundles/public-bundle.ts';
import { startBundle } from '../../../../shared/exports/bundles/start-bundle.ts';
import {
  exportFileName,
  exportFormats,
  exportKind,
  type ExportFormat,
} from '../../../../shared/exports/export.ts';
import type { RecordPages } from '../../../../shared/exports/record-pages.ts';
import { cancelOperation } from '../../../../shared/operations/end-operation.ts';
import type { OperationMessage } from '../../../../shared/operations/operation.ts';
import { checkOperation } from '../../../../shared/operations/monitor-operations.ts';
import { runOperation, type RunOperationDeps } from '../../../../shared/operations/run-operation.ts';
import { changeTenant } from '../../../../shared/tenants/change-tenant.ts';
import { usualPurgeDelayHours } from '../../../../shared/offboarding/removal.ts';
import { createClock, hourMs, minuteMs } from '../../../support/clock.ts';
import { exportedRecord, exportStart } from '../../../support/exports.ts';
import { createFakeExportFiles } from '../../../support/fakes/export-files.ts';
import { createFakeLandingStore } from '../../../support/fakes/landing-store.ts';
import {
  createFakeOperationAgenda,
  createFakeOperationStore,
} from '../../../support/fakes/operation-store.ts';
import { createFakeTenantStore } from '../../../support/fakes/tenant-store.ts';
import { Crash, createFaults, crashAt, type Faults } from '../../../support/faults.ts';
import { createFakeOperationQueue } from '../../../support/operations.ts';
import { forgetTenant, tenantNamed } from '../../../support/tenants.ts';

const ids = [1, 2, 3].map((digit) => `${String(digit).repeat(8)}-2222-4333-8444-555555555555`);
const [firstId = '', secondId = '', thirdId = ''] = ids;
const names = ['Contoso, Ltd.', '=Fabrikam "1"', 'Adatum '];
const ownerId = '0d9c2b44-5a1e-8f0b-8c3d-2e6f1a90b715';
const purgeDelayMs = 72 * hourMs;

/** Several blocks: a record has a megabyte. The second tenant has none. */
const filler = 'x'.repeat(1024 * 1024);
const recordsOf = new Map(
  ids.map((tenantId, tenant) => [
    tenantId,
    Array.from({ length: [5, 0, 4][tenant] ?? 0 }, (_, at) =>
      exportedRecord(
        JSON.stringify({
          CreationTime: `2026-03-0${tenant + 1}T09:00:${59 - at}`,
          Operation: `=${at}`,
          filler,
        }),
        tenantId,
      ),
    ),
  ]),
);

const pages: RecordPages = {
  page: async ({ tenantId }, position) => {
    const at = Number(position ?? 0);
    const records = recordsOf.get(tenantId) ?? [];
    await Promise.resolve();
    const page = records.slice(at, at + 2);
    return at + 2 < records.length ? { records: page, next: String(at + 2) } : { records: page };
  },
};

async function expectedFile(format: ExportFormat, tenantIds: readonly string[] = ids): Promise<Buffer> {
  const encoder = await bundleForm({ format, bom: false }).open(undefined);
  if (encoder === undefined) throw new Error('A new file needs no state.');
  const chunks = [encoder.begin()];
  for (const tenantId of tenantIds) {
    const tenant = { tenantId, displayName: names[ids.indexOf(tenantId)] ?? '' };
    for (const record of recordsOf.get(tenantId) ?? []) chunks.push(await encoder.add(record, tenant));
  }
  return Buffer.concat([...chunks, encoder.end()]);
}

const complete = new Date('2026-03-10T11:00:00Z');

async function createWorld(format: ExportFormat = 'ndjson') {
  const clock = createClock(exportStart);
  const queues = createFakeOperationQueue();
  const { messages } = queues;
  const bundles = createFakeOperationStore(bundleKind);
  /** Tenants that the creator may not read anymore. */
  const revoked = new Set<string>();
  const tenants = createFakeTenantStore(
    ids.map((tenantId, at) => ({ ...tenantNamed(names[at] ?? ''), tenantId })),
  );
  const deps: BundleWorkDeps & RunOperationDeps = {
    ...{ bundles, queues, tenants, pages, telemetry: () => undefined, now: clock.now },
    exports: createFakeOperationStore(exportKind),
    exportFiles: createFakeExportFiles(),
    landings: createFakeLandingStore(),
    capabilities: {
      mayStill: (callerId, [scope], tenantId) =>
        Promise.resolve(callerId === 'key-1' && scope === 'records.read' && !revoked.has(tenantId)),
    },
    names: { namesIn: () => Promise.resolve([]), mailboxesIn: () => Promise.resolve(new Map()) },
    completeness: () =>
      Promise.resolve({
        ...{ completeThrough: complete, contentTypes: [], open: [], gaps: [] },
        ...{ unindexedLandings: 0, recordsIndexing: 0 },
      }),
  };
  const one = await startBundle(
    { ...deps, purgeDelayMs },
    {
      ...{ ownerId, set: '*', createdBy: 'key-1', tenants: [...(await tenants.list())] },
      request: { format, bom: false, filters: {}, layout: 'oneFile' },
    },
  );
  const run = async (
    message: OperationMessage,
    faults = createFaults(),
    budgetMs = minuteMs,
  ): Promise<void> => {
    const living = {
      ...deps,
      bundles: faults.inject('bundles', bundles),
      exportFiles: faults.inject('files', deps.exportFiles),
      pages: faults.inject('pages', deps.pages),
      tenants: faults.inject('tenants', tenants),
      queues: faults.inject('queues', queues),
    };
    await runOperation(living, bundleWork(living), { message, budget: clock.startBudget(budgetMs) });
  };
  const read = async () => {
    const found = await bundles.get(one);
    if (found === undefined) throw new Error('The bundle is gone.');
    return found;
  };
  return {
    ...{ deps, clock, tenants, revoked, bundles, messages, one, run, read },
    /** Handles the first message; that of a killed host comes again. */
    async step(faults?: Faults, budgetMs?: number): Promise<boolean> {
      const next = messages.shift();
      if (next === undefined) return false;
      clock.advance(next.delayMs);
      await run(next.message, faults, budgetMs).catch((error: unknown) => {
        if (!(error instanceof Crash)) throw error;
        messages.unshift(next);
      });
      return true;
    },
    async settle(faults?: Faults): Promise<void> {
      while (await this.step(faults));
    },
    async file(): Promise<Buffer | undefined> {
      const body = await deps.exportFiles.read(exportFileName(one));
      return body === undefined ? undefined : await buffer(body);
    },
    async manifest() {
      const found = await read();
      const { file } = found.state;
      if (file?.sha256 === undefined) throw new Error('There is no file.');
      return bundleManifestOf({ ...found, file: { ...file, sha256: file.sha256 } });
    },
  };
}

describe('the one file of several tenants', () => {
  it.each(exportFormats)('of %s has all records of one tenant after the other', async (format) => {
    const world = await createWorld(format);
    await world.settle();
    const file = await expectedFile(format);
    expect((await world.file())?.equals(file)).toBe(true);
    const sha256 = createHash('sha256').update(file).digest('hex');
    expect(await world.read()).toMatchObject({ status: 'Succeeded', state: { file: { sha256 } } });
    expect(await world.manifest()).toMatchObject({
      ...{ recordCount: 9, leftOut: [], file: { bytes: file.length, sha256 } },
      tenants: [
        { tenantId: firstId, tenantDisplayName: names[0], recordCount: 5 },
        { tenantId: secondId, recordCount: 0, completeness: { completeThrough: complete.toISOString() } },
        { tenantId: thirdId, recordCount: 4 },
      ],
      newestRecordDateTime: '2026-03-03T09:00:59.000Z',
      oldestRecordDateTime: '2026-03-01T09:00:55.000Z',
    });
  });

  it.each(['csv', 'xlsx'] as const)(
    'of %s has the same bytes wherever it was killed',
    async (format) => {
      const expected = await expectedFile(format);
      const whole = createFaults();
      const calm = await createWorld(format);
      await calm.settle(whole);
      expect(whole.steps.length).toBeGreaterThan(15);
      for (const fault of ['crashBefore', 'crashAfter'] as const) {
        for (let step = 0; step < whole.steps.length; step++) {
          const world = await createWorld(format);
          await world.step(crashAt(step, fault));
          await world.settle();
          expect([step, fault, (await world.read()).status]).toEqual([step, fault, 'Succeeded']);
          expect((await world.file())?.equals(expected)).toBe(true);
        }
      }
    },
    120_000,
  );

  it('has the same bytes when it hands over after each page, and when two messages run at once', async () => {
    const expected = await expectedFile('csv');
    const slow = await createWorld('csv');
    while (await slow.step(undefined, 0));
    expect((await slow.file())?.equals(expected)).toBe(true);
    const twice = await createWorld('csv');
    const message = twice.messages.shift()?.message;
    if (message === undefined) throw new Error('There is no message.');
    await Promise.all([twice.run(message), twice.run(message)]);
    expect((await twice.file())?.equals(expected)).toBe(true);
  });
});

describe('a tenant that is removed while the file is written', () => {
  it('leaves it, whenever that is, and is named as left out', async () => {
    const expected = await expectedFile('csv', [secondId, thirdId]);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 7 }), fc.boolean(), async (runs, isGone) => {
        const world = await createWorld('csv');
        for (let count = 0; count < runs; count++) await world.step(undefined, 0);
        if ((await world.read()).status === 'Succeeded') return;
        if (isGone) await forgetTenant(world.tenants, firstId);
        else await changeTenant(world.tenants, firstId, () => ({ state: 'Removing' }));
        await world.settle();
        expect((await world.file())?.equals(expected)).toBe(true);
        expect(await world.manifest()).toMatchObject({ recordCount: 4, leftOut: [firstId] });
        expect((await world.read()).state.members.map(({ status }) => status)).toEqual([
          ...['Removed', 'Succeeded', 'Succeeded'],
        ]);
      }),
      { numRuns: 20 },
    );
  });
});

describe('the one file of several tenants whose creator may not read one of them anymore', () => {
  it('does not take its records, and says that it is left out', async () => {
    const world = await createWorld();
    world.revoked.add(firstId);
    await world.settle();
    expect((await world.file())?.equals(await expectedFile('ndjson', [secondId, thirdId]))).toBe(true);
    const statuses = (await world.read()).state.members.map(({ status }) => status);
    expect(statuses).toEqual(['NotAllowed', 'Succeeded', 'Succeeded']);
    expect((await world.manifest()).leftOut).toEqual([firstId]);
  });

  it('ends with the tenant whose turn it is when the creator loses all of them', async () => {
    const world = await createWorld();
    await world.step(createFaults(), 0);
    for (const id of ids) world.revoked.add(id);
    await world.settle();
    expect((await world.file())?.equals(await expectedFile('ndjson', [firstId]))).toBe(true);
    expect((await world.manifest()).leftOut).toEqual([secondId, thirdId]);
  });
});

describe('the file of several tenants', () => {
  it('is deleted before a purge that begins after its request can begin', async () => {
    expect(usualPurgeDelayHours * hourMs).toBeGreaterThanOrEqual(longestFileLifeMs);
    const world = await createWorld();
    // As late as it can be.
    world.clock.advance(longestWritingMs);
    await world.settle();
    expect((await world.read()).status).toBe('Succeeded');
    const { expiresDateTime } = await world.read();
    const latest = world.one.createdDateTime.getTime() + longestFileLifeMs;
    const monitorMs = 31 * minuteMs;
    expect((expiresDateTime?.getTime() ?? Infinity) + monitorMs).toBeLessThan(latest);
    world.clock.set(new Date(latest));
    const agenda = createFakeOperationAgenda(world.bundles);
    for await (const due of agenda.due(world.clock.now()))
      await checkOperation({ ...world.deps, agenda }, bundleEffects(world.deps), due);
    expect(await world.file()).toBeUndefined();
    expect(world.bundles.all()).toEqual([]);
  });

  it('is given up when it takes longer than a day', async () => {
    const world = await createWorld();
    world.clock.advance(longestWritingMs + 1);
    await world.settle();
    expect(await world.read()).toMatchObject({ status: 'Failed', errorCode: 'ExportTooLong' });
    expect(await world.file()).toBeUndefined();
  });

  it('is refused where a purge may begin sooner', async () => {
    const world = await createWorld();
    const wanted = { ownerId, set: '*', createdBy: 'key-1', tenants: [] };
    const request = { format: 'csv', bom: false, filters: {}, layout: 'oneFile' } as const;
    const tooShort = { ...world.deps, purgeDelayMs: longestFileLifeMs - 1 };
    await expect(startBundle(tooShort, { ...wanted, request })).rejects.toMatchObject({
      ...{ status: 409, code: 'PurgeDelayTooShort' },
    });
    await startBundle(tooShort, { ...wanted, request: { ...request, layout: 'filePerTenant' } });
  });

  it('is not made after a cancellation', async () => {
    const world = await createWorld();
    await world.step(undefined, 0);
    await cancelOperation(world.deps, bundleEffects(world.deps), await world.read());
    await world.settle();
    expect((await world.read()).status).toBe('Canceled');
    expect(await world.file()).toBeUndefined();
  });

  it('keeps the bytes of each record, as the last member of an object', async () => {
    const world = await createWorld('ndjson');
    await world.settle();
    const lines = (await world.file())?.toString('utf8').split('\n').slice(0, -1) ?? [];
    expect(lines).toHaveLength(9);
    const [record] = recordsOf.get(firstId) ?? [];
    const text = (await record?.text())?.toString('utf8') ?? '';
    const tenant = `"tenantId":"${firstId}","tenantDisplayName":${JSON.stringify(names[0])}`;
    expect(lines[0]).toBe(`{${tenant},"record":${text}}`);
    for (const line of lines) expect(() => void JSON.parse(line)).not.toThrow();
  });

  it('has no name that a spreadsheet would interpret as a formula', async () => {
    const encoder = await bundleForm({ format: 'csv', bom: true }).open(undefined);
    const head = encoder?.begin().toString('utf8') ?? '';
    expect(head).toMatch(/^\uFEFFtenantId,tenantDisplayName,RecordId,/);
    const [record] = recordsOf.get(firstId) ?? [];
    if (record === undefined) throw new Error('There is no record.');
    const line = await encoder?.add(record, { tenantId: secondId, displayName: '=Fabrikam "1"' });
    expect(line?.toString('utf8').slice(0, 60)).toContain(`${secondId},"'=Fabrikam ""1""",`);
  });
});

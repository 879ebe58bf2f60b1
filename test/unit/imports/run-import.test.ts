/** What an import makes of a file, wherever it is killed. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { indexLanding } from '../../../shared/index/index-landing.ts';
import { importEffects } from '../../../shared/imports/import-work.ts';
import { takeRecord } from '../../../shared/imports/take-record.ts';
import { importResult } from '../../../shared/imports/public-import.ts';
import { cancelOperation } from '../../../shared/operations/end-operation.ts';
import { OperationInProgressError } from '../../../shared/operations/start-operation.ts';
import { minuteMs } from '../../support/clock.ts';
import { Crash, crashAt, createFaults } from '../../support/faults.ts';
import { guidOf } from '../index/placed-records.ts';
import { createImportWorld, oldRecord, tenantId, type ImportWorld } from './import-world.ts';

const lines = (texts: readonly string[]) => Buffer.from(texts.map((text) => `${text}\n`).join(''));
const records = (count: number, from = 0) => Array.from({ length: count }, (_, at) => oldRecord(from + at));

async function endOf(world: ImportWorld, id: string) {
  const found = await world.imports.get({ tenantId, id });
  if (found === undefined) throw new Error('The import is gone.');
  return importResult(found);
}

async function imported(world: ImportWorld, file: Buffer) {
  const { id } = await world.start(file);
  await world.settle();
  return await endOf(world, id);
}

/** Twelve records, of which one is twice in the file and one is known already, and three that are refused. */
const mixed = [
  ...records(10),
  oldRecord(3),
  oldRecord(20, { OrganizationId: guidOf(77) }),
  '{"name":"no record"}',
  oldRecord(21, { CreationTime: 'yesterday' }),
  oldRecord(99),
];
const mixedCounts = { readCount: 15, importedCount: 10, duplicateCount: 2, refusedCount: 3, landedCount: 12 };

/** A world whose feed has delivered record 99. */
async function knowing99(): Promise<ImportWorld> {
  const world = createImportWorld();
  const landedAt = '2026-03-10T11:00:00.000Z';
  const request = { version: 1, tenantId, landingId: '20260310T110000000-feed', blobName: 'feed' } as const;
  await world.raw.put('feed', gzipSync(lines([oldRecord(99)])), { landedat: landedAt, runs: 'G1.abc' });
  await indexLanding({ ...world.deps, ...world, telemetry: world.events.telemetry, concurrency: 1 }, request);
  return world;
}

describe('an import', () => {
  it('reaches the indexer at the pace of one host, so that others need not wait for all of it', async () => {
    const world = createImportWorld({ landingCharacters: 300_000 });
    await world.start(lines(records(5000)), { partBytes: 200_000 });
    await world.settle();
    const { indexDelays } = world.queues;
    expect(indexDelays[0]).toBe(0);
    expect(indexDelays.at(-1)).toBeGreaterThan(0);
    expect(indexDelays).toEqual([...indexDelays].sort((a, b) => a - b));
  });

  it('finds each record once, as imported, and accounts for every row', async () => {
    const world = await knowing99();
    const result = await imported(world, lines(mixed));
    expect(result).toMatchObject({ status: 'Succeeded', ...mixedCounts });
    expect(result.readCount).toBe(
      (result.importedCount ?? 0) + (result.duplicateCount ?? 0) + result.refusedCount,
    );
    expect(result.refused).toEqual([
      { reason: 'notARecord', count: 1 },
      { reason: 'noTime', count: 1 },
      { reason: 'otherTenant', count: 1 },
    ]);
    expect(result.refusals).toEqual([
      { place: 'line 12', reason: 'otherTenant' },
      { place: 'line 13', reason: 'notARecord' },
      { place: 'line 14', reason: 'noTime' },
    ]);
    const found = await world.found();
    expect(found.map(({ id }) => id).sort()).toEqual(
      [...Array.from({ length: 10 }, (_, at) => at), 99].map(guidOf).sort(),
    );
    expect(found.filter(({ source }) => source === 'import')).toHaveLength(10);
  });

  it('keeps the exact text of each record, in the order of the file', async () => {
    const world = createImportWorld();
    await imported(world, lines(records(30)));
    expect(world.raw.names().length).toBeGreaterThan(3);
    expect(world.raw.names().flatMap((name) => world.raw.lines(name))).toEqual(records(30));
  });

  it('is not news: nothing of it is in the feed', async () => {
    const world = createImportWorld();
    await imported(world, lines(records(30)));
    expect(await world.landings.lastSequence(tenantId)).toBe(0);
  });

  it('leaves nothing of its upload, however it ends', async () => {
    for (const file of [lines(records(3)), Buffer.from('PK\u0003\u0004')]) {
      const world = createImportWorld();
      await imported(world, file);
      expect(world.uploads.names()).toEqual([]);
    }
  });

  it('of a file that breaks off keeps what was read before, and says so', async () => {
    const world = createImportWorld();
    const result = await imported(world, Buffer.from(`[${records(12).join(',')},`));
    expect(result).toMatchObject({
      ...{ status: 'Failed', errorCode: 'ImportUnreadable', readCount: 12, importedCount: 12 },
    });
    expect(result.errorMessage).toMatch(
      /^The file is not a JSON array of objects: .* What was read before that is imported\.$/,
    );
    expect(await world.found()).toHaveLength(12);
  });

  it('of a file that cannot be read on says where, in a sentence', async () => {
    const result = await imported(createImportWorld(), Buffer.from('{\n"value": [\n'));
    expect(result.errorMessage).toMatch(/^The file cannot be read at line 1: this is not /);
  });

  it('of an empty file fails', async () => {
    expect(await imported(createImportWorld(), Buffer.from('\n'))).toMatchObject({
      ...{ status: 'Failed', errorCode: 'ImportUnreadable', readCount: 0, importedCount: 0 },
    });
  });

  it('ends where a file is larger than one import reads, and says after which row', async () => {
    const world = createImportWorld({ fileCharacters: 3000 });
    const result = await imported(world, lines(records(100)));
    expect(result).toMatchObject({ status: 'Failed', errorCode: 'ImportUnreadable' });
    expect(result.errorMessage).toContain(`split it after row ${result.readCount}`);
    expect(result.readCount).toBeLessThan(100);
    expect(await world.found()).toHaveLength(result.readCount);
  });

  it.each<readonly [string, string, number]>([
    ['blank lines', `${records(3).join('\n')}\n${'\n'.repeat(50_000)}`, 3],
    ['blanks between elements', `[${records(3).join(',')}${' '.repeat(50_000)}]`, 3],
    ['other columns', `AuditData,Other\n{},${'x'.repeat(50_000)}\n`, 0],
    ['blanks before the first record', ' '.repeat(50_000), 0],
  ])('counts %s as text of a file, compressed or not', async (_what, text, rows) => {
    for (const file of [Buffer.from(text), gzipSync(text)]) {
      const result = await imported(createImportWorld({ fileCharacters: 20_000 }), file);
      expect(result).toMatchObject({ status: 'Failed', errorCode: 'ImportUnreadable', readCount: rows });
      expect(result.errorMessage).toContain('has more text than one import reads: split it');
    }
  });

  const deep = `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`;
  const nested = (text: string) => text.replace(/}$/, `,"Nested":${deep}}`);

  it.each<readonly [string, string]>([
    ['a row of Graph', `${oldRecord(1)}\n{"auditData":${nested(oldRecord(2))}}\n`],
    [
      'a record over several lines in AuditData',
      `${oldRecord(1)}\n${JSON.stringify({ AuditData: nested(oldRecord(2)).replace('{', '{\n') })}\n`,
    ],
    ['an element of an answer of Graph', `{"value":[\n${oldRecord(1)},\n${nested(oldRecord(2))}]}`],
  ])('refuses %s that is nested too deeply', async (_what, file) => {
    const result = await imported(createImportWorld(), Buffer.from(file));
    expect(result).toMatchObject({ status: 'Succeeded', readCount: 2, importedCount: 1 });
    expect(result.refused).toEqual([{ reason: 'notARecord', count: 1 }]);
  });

  it('refuses a row that is too large before it is parsed', () => {
    const large = `{"Id":"${'x'.repeat(33 * 1024 * 1024)}`;
    const [row, expected] = [
      { value: large, place: 'line 1' },
      { tenantId, now: new Date() },
    ];
    expect(takeRecord(row, expected)).toEqual({ reason: 'tooLarge' });
  });

  it('lists the first hundred refusals, and counts all', async () => {
    const result = await imported(createImportWorld(), lines(Array.from({ length: 250 }, () => '{"a":1}')));
    expect(result).toMatchObject({
      status: 'Succeeded',
      readCount: 250,
      refusedCount: 250,
      importedCount: 0,
    });
    expect(result.refusals).toHaveLength(100);
  });

  it('advances by a landing in every run, however small its budget', async () => {
    const world = createImportWorld();
    const { id } = await world.start(gzipSync(lines(records(40))));
    await world.settle(createFaults(), 0);
    expect(await endOf(world, id)).toMatchObject({ status: 'Succeeded', importedCount: 40 });
    expect(world.queues.operations.length).toBeGreaterThan(5);
  });

  it('waits until its landings are indexed, and fails after two days', async () => {
    for (const [isIndexed, end] of [
      [true, { status: 'Succeeded', importedCount: 5 }],
      [false, { status: 'Failed', errorCode: 'ImportNotIndexed' }],
    ] as const) {
      const world = createImportWorld();
      const { id } = await world.start(lines(records(5)));
      world.indexing.isStopped = true;
      const passed = createFaults(() => (world.clock.advance(10 * minuteMs), undefined));
      for (let time = 0; time < 20; time++) await world.step(passed);
      expect(await endOf(world, id)).toMatchObject({ status: 'Running', readCount: 5 });
      expect((await endOf(world, id)).importedCount).toBeUndefined();
      world.indexing.isStopped = !isIndexed;
      await world.settle(passed);
      const { duplicateCount, ...result } = await endOf(world, id);
      expect(result).toMatchObject(end);
      // What is not indexed is not a duplicate.
      expect(duplicateCount).toBe(isIndexed ? 0 : undefined);
      expect(result.importedCount).toBe(isIndexed ? 5 : undefined);
    }
  });

  it('is canceled at once; what has landed stays, and its upload goes', async () => {
    const world = createImportWorld();
    const { id } = await world.start(lines(records(40)));
    const dying = createFaults((step) => (step === 'queues.requestIndexing' ? 'crashAfter' : undefined));
    await expect(world.settle(dying)).rejects.toThrow(Crash);
    const found = await world.imports.get({ tenantId, id });
    if (found !== undefined) await cancelOperation(world.deps, importEffects(world.deps), found);
    await world.settle();
    expect(await endOf(world, id)).toMatchObject({ status: 'Canceled' });
    expect(world.uploads.names()).toEqual([]);
    expect(world.raw.names()).toHaveLength(1);
  });

  it('is one at a time in a tenant', async () => {
    const world = createImportWorld();
    await world.start(lines(records(1)));
    await expect(world.start(lines(records(1)))).rejects.toThrow(OperationInProgressError);
  });

  it.each([
    ['its tenant', { retention: { indexMonths: 12 } }, {}],
    ['the settings', {}, { indexMonths: 12 }],
  ])('refuses what the retention of %s would delete at once', async (_whose, changes, defaults) => {
    const world = createImportWorld();
    const months = ['2024-12-31T23:59:59', '2025-03-01T00:00:00', '2025-03-31T08:00:00'];
    const file = lines(months.map((CreationTime, at) => oldRecord(at, { CreationTime })));
    const { id } = await world.start(file, { ...changes, defaults });
    await world.settle();
    expect(await endOf(world, id)).toMatchObject({
      ...{ importedCount: 2, duplicateCount: 0, refusedCount: 1 },
      refused: [{ reason: 'pastRetention', count: 1 }],
    });
    expect(await world.index.months(tenantId)).toEqual(['202503']);
  });

  it('counts apart what a retention deletes before it is indexed', async () => {
    const world = createImportWorld();
    world.indexing.keptFrom = () => Promise.resolve(new Date('2023-02-11T00:00:00Z'));
    expect(await imported(world, lines(records(20)))).toMatchObject({
      ...{ readCount: 20, landedCount: 20, importedCount: 10, duplicateCount: 0, pastRetentionCount: 10 },
    });
  });

  it('twice finds nothing new', async () => {
    const world = createImportWorld();
    await imported(world, lines(records(20)));
    expect(await imported(world, lines(records(20)))).toMatchObject({
      ...{ status: 'Succeeded', readCount: 20, importedCount: 0, duplicateCount: 20 },
    });
    expect(await world.found()).toHaveLength(20);
  });

  it.each([
    ['a part is missing', 3, 'UploadIncomplete'],
    ['there are more parts', 1, 'InvalidParameter'],
  ])('is refused when %s', async (_what, parts, code) => {
    const world = createImportWorld();
    const started = world.start(lines(records(3)), { partBytes: 400, parts });
    await expect(started).rejects.toMatchObject({ code });
    expect(world.queues.operations).toEqual([]);
  });

  it('whose upload is deleted meanwhile fails with what was read', async () => {
    const world = createImportWorld();
    const { id, request } = await world.start(lines(records(40)));
    const dying = createFaults((step) => (step === 'queues.requestIndexing' ? 'crashAfter' : undefined));
    await expect(world.settle(dying)).rejects.toThrow(Crash);
    await world.uploads.remove({ tenantId, uploadId: request.uploadId });
    await world.settle();
    const { status, errorCode, errorMessage } = await endOf(world, id);
    expect([status, errorCode]).toEqual(['Failed', 'ImportUnreadable']);
    expect(errorMessage).toContain('lost its part 1');
  });
});

describe('an import that is killed', () => {
  it('between any two steps comes to the same', async () => {
    const whole = createFaults();
    const calm = await knowing99();
    await calm.start(lines(mixed));
    await calm.settle(whole);
    const expected = { blobs: calm.raw.names().length, ids: (await calm.found()).map(({ id }) => id) };
    expect(whole.steps.length).toBeGreaterThan(25);
    for (const fault of ['crashBefore', 'crashAfter'] as const) {
      for (let step = 0; step < whole.steps.length; step++) {
        const world = await knowing99();
        const { id } = await world.start(lines(mixed));
        await expect(world.settle(crashAt(step, fault))).rejects.toThrow(Crash);
        // Later than the landing that was begun.
        world.clock.advance(minuteMs);
        await world.indexAll();
        await world.settle();
        const { status, readCount, importedCount, duplicateCount, refusedCount, landedCount } = await endOf(
          world,
          id,
        );
        const counts = { readCount, importedCount, duplicateCount, refusedCount, landedCount };
        expect([step, fault, status, counts]).toEqual([step, fault, 'Succeeded', mixedCounts]);
        const seen = { blobs: world.raw.names().length, ids: (await world.found()).map((each) => each.id) };
        expect([step, fault, seen]).toEqual([step, fault, expected]);
        expect(world.uploads.names()).toEqual([]);
      }
    }
  });

  it('by a newer run makes no second landing', async () => {
    const world = createImportWorld();
    const { id } = await world.start(lines(records(40)));
    const [first] = world.queues.operations;
    if (first !== undefined) await world.deps.queues.requestOperationRun(first.message, 0);
    await world.settle();
    expect(await endOf(world, id)).toMatchObject({
      status: 'Succeeded',
      importedCount: 40,
      duplicateCount: 0,
    });
  });
});

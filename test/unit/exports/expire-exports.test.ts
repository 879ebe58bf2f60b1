/** Exports end some day, and are not forgotten before. */
import { expect, it } from 'vitest';
import { expireExports } from '../../../shared/exports/expire-exports.ts';
import { exportFileName, type ExportMessage } from '../../../shared/exports/export.ts';
import { createClock, dayMs, hourMs, minuteMs } from '../../support/clock.ts';
import { exportStart, inventedExport } from '../../support/exports.ts';
import { createFakeExportFiles } from '../../support/fakes/export-files.ts';
import { createFakeExportStore } from '../../support/fakes/export-store.ts';

async function createWorld() {
  const [exports, exportFiles, clock] = [
    createFakeExportStore(),
    createFakeExportFiles(),
    createClock(exportStart),
  ];
  const woken: ExportMessage[] = [];
  const requestExportRun = async (message: ExportMessage) => {
    woken.push(message);
    await Promise.resolve();
  };
  const deps = {
    exports,
    exportFiles,
    queues: { requestExportRun },
    telemetry: () => undefined,
    now: clock.now,
  };
  const one = inventedExport({ status: 'Succeeded' });
  await exports.create(one);
  await exportFiles.stage(exportFileName(one), 'a', Buffer.from('1'));
  await exportFiles.commit(exportFileName(one), ['a'], 'text/csv');
  return { deps, clock, one, woken };
}

it('deletes the file and the row of an export when its time is over, and not before', async () => {
  const { deps, clock, one } = await createWorld();
  const isThere = async () => [
    (await deps.exports.get(one.tenantId, one.exportId)) !== undefined,
    (await deps.exportFiles.read(exportFileName(one))) !== undefined,
  ];
  clock.advance(7 * dayMs - minuteMs);
  await expireExports(deps);
  expect(await isThere()).toEqual([true, true]);
  clock.advance(minuteMs);
  await expireExports(deps);
  expect(await isThere()).toEqual([false, false]);
});

it('wakes an export that nobody has worked on for an hour', async () => {
  const { deps, clock, woken } = await createWorld();
  const lost = inventedExport();
  await deps.exports.create(lost);
  await expireExports(deps);
  expect(woken).toEqual([]);
  clock.advance(hourMs + minuteMs);
  await expireExports(deps);
  expect(woken).toEqual([{ version: 1, tenantId: lost.tenantId, exportId: lost.exportId }]);
});

/** Work that takes longer than a page lets everything else run as well: after every record whose text it searches. */
import { buffer } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { exportKind } from '../../../shared/exports/export.ts';
import { exportWork } from '../../../shared/exports/export-work.ts';
import { createRecordPages } from '../../../shared/exports/record-pages.ts';
import { streamRecords } from '../../../shared/exports/stream-records.ts';
import { monthOf } from '../../../shared/index/keys.ts';
import { recordRows } from '../../../shared/index/rows.ts';
import { messageFor } from '../../../shared/operations/operation.ts';
import { runOperation } from '../../../shared/operations/run-operation.ts';
import { createClock, minuteMs } from '../../support/clock.ts';
import { inventedExport } from '../../support/exports.ts';
import { createFakeExportFiles } from '../../support/fakes/export-files.ts';
import { createFakeLandingStore } from '../../support/fakes/landing-store.ts';
import { createFakeNameDirectory } from '../../support/fakes/name-directory.ts';
import { createFakeOperationStore } from '../../support/fakes/operation-store.ts';
import { createFakeRawStore } from '../../support/fakes/raw-store.ts';
import { createFakeRecordIndex } from '../../support/fakes/record-index.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { guidOf as guidNamed } from '../../support/feed-world.ts';
import { createFakeOperationQueue } from '../../support/operations.ts';
import { tenantNamed } from '../../support/tenants.ts';
import { createShortTurns } from '../../support/turns.ts';
import { createWebhookWorld } from '../../support/webhook-world.ts';
import { guidOf, placeRecord, tenantId } from '../index/placed-records.ts';

const records = 40;
const { now, startBudget } = createClock(new Date('2026-03-10T12:00:00Z'));
const filter = "contains(auditData,'none') or contains(auditData,'nothing')";

async function createPages() {
  const [index, turns] = [createFakeRecordIndex(), createShortTurns()];
  for (let line = 0; line < records; line++) {
    const placed = placeRecord(line, { Id: guidOf(line), UserId: 'ada' });
    for (const { dimension, row } of recordRows(placed, { tenantId, blobName: 'b' }))
      await index.writeRows(tenantId, monthOf(placed.time), dimension, [row]);
  }
  const deps = { index, raw: createFakeRawStore(), now, startTurn: turns.startTurn };
  return { turns, pages: createRecordPages(deps) };
}

it('an export does', async () => {
  const { turns, pages } = await createPages();

  const form = { format: 'ndjson', bom: false } as const;
  const request = { ...form, filters: { filter: [filter] } };
  const one = inventedExport({ tenantId, request, createdDateTime: now() });
  const exports = createFakeOperationStore(exportKind);
  await exports.create(one, now());
  const deps = {
    ...{ exports, pages, now, queues: createFakeOperationQueue(), telemetry: () => undefined },
    ...{ exportFiles: createFakeExportFiles(), landings: createFakeLandingStore() },
    tenants: createFakeTenantStore([{ ...tenantNamed('Contoso'), tenantId }]),
  };
  const run = { message: messageFor(exportKind, one), budget: startBudget(minuteMs) };
  await runOperation(deps, exportWork(deps), run);
  expect(await exports.get(one)).toMatchObject({ status: 'Succeeded', state: { progress: { records: 0 } } });
  expect(turns.taken()).toBe(records);
});

it('a stream of records does', async () => {
  const { turns, pages } = await createPages();
  const deps = { pages, names: createFakeNameDirectory(), now, streamBudgetMs: minuteMs };
  const inTurn = <T>(work: () => Promise<T>) => work();
  const form = { format: 'ndjson', bom: false } as const;
  const question = { tenantId, filters: { text: 'none' }, completeThrough: undefined, ...form, inTurn };
  const { body } = await streamRecords(deps, question);
  expect(await buffer(body)).toHaveLength(0);
  expect(turns.taken()).toBe(records);
});

it('a webhook delivery does', async () => {
  const { startTurn, taken } = createShortTurns();
  const world = await createWebhookWorld();
  await world.subscribe({ filters: { filter } });
  await world.publish(Array.from({ length: records }, (_, at) => ({ id: guidNamed(String(at)) })));
  await world.drain({ startTurn });
  expect((await world.subscription()).position).toEqual({ sequence: 2, line: 0 });
  expect(taken()).toBe(records);
});

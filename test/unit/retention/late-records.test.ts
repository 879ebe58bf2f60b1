/** What arrives late is not put back into months that the retention deletes, however it arrives and whenever. */
import { createFakeAnnouncer } from '../../support/fakes/arrival-log.ts';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { runIndexRequest } from '../../../shared/index/run-index-request.ts';
import { createSegmentedIndex } from '../../../shared/index/segments/segmented-index.ts';
import { applyRetention } from '../../../shared/retention/apply-retention.ts';
import type { Retention } from '../../../shared/retention/retention.ts';
import { compactAll } from '../../support/compacted-index.ts';
import { createClock, dayMs, minuteMs } from '../../support/clock.ts';
import { createFakeFindingStore } from '../../support/fakes/detection.ts';
import { createFakeLandingStore } from '../../support/fakes/landing-store.ts';
import { createFakeLedger } from '../../support/fakes/ledger.ts';
import { createFakeLegalHolds } from '../../support/fakes/legal-hold-store.ts';
import { createFakeMonthLayouts } from '../../support/fakes/month-layouts.ts';
import { createFakeRawStore } from '../../support/fakes/raw-store.ts';
import { createFakeRecordIndex } from '../../support/fakes/record-index.ts';
import { createFakeSegmentFiles } from '../../support/fakes/segment-files.ts';
import { createRecordingTelemetry } from '../../support/fakes/telemetry.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { fabrikamId as tenantId, tenantNamed } from '../../support/tenants.ts';
import { guidOf } from '../index/placed-records.ts';

const times = ['2025-09-15', '2025-11-30', '2025-12-01', '2026-02-15'];
const ids = times.map((_, at) => guidOf(at));
const months = ['202512', '202602'];
const landingId = '20260220T110000000-0a1b2c3d';
const blobName = `tenant=${tenantId}/date=2026-02-20/${landingId}.ndjson.gz`;
const text = times.map(
  (day, at) => `${JSON.stringify({ Id: guidOf(at), CreationTime: `${day}T09:00:00` })}\n`,
);

function createWorld(retention: Retention = { indexMonths: 3 }) {
  const [clock, telemetry] = [createClock(), createRecordingTelemetry()];
  const [raw, tables, landings] = [createFakeRawStore(), createFakeRecordIndex(), createFakeLandingStore()];
  const [layouts, files] = [createFakeMonthLayouts(), createFakeSegmentFiles()];
  const tenants = createFakeTenantStore([tenantNamed('Fabrikam', { tenantId, retention })]);
  const index = createSegmentedIndex({ tables, layouts, files, now: clock.now });
  const deps = {
    ...{ raw, index, landings, tenants, concurrency: 2, now: clock.now, retention: {} },
    ...{ telemetry: telemetry.telemetry, meter: () => undefined, announcer: createFakeAnnouncer() },
  };
  const retaining = {
    ...{ ledger: createFakeLedger(), legalHolds: createFakeLegalHolds(), oldClaims: tables },
    findings: createFakeFindingStore(),
    ...{ rawNames: raw.listed, rawRemoval: raw.removal },
  };
  const runRetention = async () => {
    await applyRetention({ ...deps, ...retaining }, clock.startBudget(4 * minuteMs));
    clock.advance(dayMs);
  };
  const deliver = async (metadata: Readonly<Record<string, string>> = {}) => {
    const landed = { landedat: '2026-02-20T11:00:00.000Z', ...metadata };
    await raw.put(blobName, gzipSync(text.join('')), landed);
    await runIndexRequest(deps, { version: 1, tenantId, landingId, blobName });
  };
  const left = async () => ({
    months: [...(await index.months(tenantId))].reverse(),
    claims: [...(await tables.readClaims(tenantId, ids)).keys()],
    files: await files.names(''),
  });
  const compact = () => compactAll({ tables, layouts, files, clock: { ms: 0 } }, tenantId);
  return { clock, tenants, landings, telemetry, runRetention, deliver, left, compact };
}

const kept = { months, claims: ids.slice(2), files: [] };

describe('a landing with records that are older than the retention', () => {
  const importid = guidOf(99);
  it.each([
    ['of the feed', {}],
    ['of an import', { importid }],
    ['of a backfill', { importid, source: 'backfill' }],
  ] as const)('%s is indexed without them once the limit is decided', async (_source, metadata) => {
    const world = createWorld();
    await world.runRetention();
    await world.deliver(metadata);
    expect(await world.left()).toEqual(kept);
    const [row] = world.landings.all(tenantId);
    expect(row?.indexed).toMatchObject({ indexed: 2, duplicates: 0, pastRetention: 2 });
    expect(world.telemetry.of('index.landing.finished')).toMatchObject([{ indexed: 2, pastRetention: 2 }]);
  });

  it('that is indexed again brings nothing back, neither rows nor claims', async () => {
    const world = createWorld();
    await world.deliver();
    expect((await world.left()).claims).toEqual(ids);
    await world.runRetention();
    await world.runRetention();
    expect(await world.left()).toEqual(kept);
    await world.deliver();
    expect(await world.left()).toEqual(kept);
  });

  it('brings nothing back into a month that was compacted before it was deleted', async () => {
    const world = createWorld();
    await world.deliver();
    expect(await world.compact()).toContain('cleaned');
    await world.runRetention();
    await world.runRetention();
    const { files } = await world.left();
    await world.deliver();
    const left = await world.left();
    expect(left).toEqual({ ...kept, files });
    expect(files.filter((name) => !months.some((month) => name.includes(`month=${month}`)))).toEqual([]);
  });

  it('is indexed whole before the limit is decided, and after the retention became longer', async () => {
    const world = createWorld();
    await world.runRetention();
    await world.runRetention();
    await world.tenants.update(tenantId, { retention: { indexMonths: 4 } });
    await world.deliver();
    expect((await world.left()).months).toEqual(['202511', ...months]);
    await world.tenants.update(tenantId, { retention: {} });
    await world.deliver();
    expect((await world.left()).claims).toEqual(ids);
  });
});

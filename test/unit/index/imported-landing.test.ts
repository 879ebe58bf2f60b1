/** Landings of imports: their records say so, are not new, and say nothing about the feed. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { ContentType } from '../../../shared/activity/content-types.ts';
import { indexLanding } from '../../../shared/index/index-landing.ts';
import type { Landing } from '../../../shared/landing/landing.ts';
import { recordOfRow } from '../../../shared/query/found-record.ts';
import { readCompleteness } from '../../../shared/query/completeness.ts';
import { createFakeLandingStore } from '../../support/fakes/landing-store.ts';
import { createFakeLedger } from '../../support/fakes/ledger.ts';
import { createFakeRawStore } from '../../support/fakes/raw-store.ts';
import { createFakeRecordIndex } from '../../support/fakes/record-index.ts';
import { createRecordingTelemetry } from '../../support/fakes/telemetry.ts';
import type { StoredTenant } from '../../../shared/tenants/tenant.ts';
import { tenantNamed } from '../../support/tenants.ts';
import { guidOf } from './placed-records.ts';

const tenant: StoredTenant = {
  ...tenantNamed('Contoso', { contentTypes: ['Audit.General'] }),
  ...{ etag: '', leasedUntil: new Date(0) },
};
const { tenantId } = tenant;
const landedAt = new Date('2026-03-10T11:00:00Z');
const importId = guidOf(99);
const landing: Landing = {
  ...{ landingId: '20260310T110000000-0a1b2c3d', landedAt, oldestContent: landedAt, importId },
  blobName: `tenant=${tenantId}/date=2026-03-10/20260310T110000000-0a1b2c3d.ndjson.gz`,
  ...{ contentBlobs: 0, records: 1, bytes: 100 },
};

function createWorld() {
  const [raw, index, landings] = [createFakeRawStore(), createFakeRecordIndex(), createFakeLandingStore()];
  const events = createRecordingTelemetry();
  return {
    ...{ raw, index, landings, events },
    async indexed(records: readonly object[], metadata: Readonly<Record<string, string>>) {
      const text = records.map((record) => `${JSON.stringify(record)}\n`).join('');
      await raw.put(landing.blobName, gzipSync(text), { landedat: landedAt.toISOString(), ...metadata });
      const { landingId, blobName } = landing;
      const deps = { raw, index, landings, telemetry: events.telemetry, concurrency: 2 };
      return await indexLanding(deps, { version: 1, tenantId, landingId, blobName });
    },
    async found() {
      const scan = { dimension: 'time', after: '', before: '~', where: [], pageSize: 100, withTexts: false };
      const months = await index.months(tenantId);
      const pages = months.map((month) => index.scan(tenantId, { ...scan, dimension: 'time', month }));
      return (await Promise.all(pages)).flatMap(({ rows }) => rows.map((row) => recordOfRow(row, tenantId)));
    },
  };
}

function recordWith(fields: object) {
  return { Id: guidOf(1), CreationTime: '2022-05-01T08:00:00', Operation: 'X', UserId: 'a', ...fields };
}

const fromImport = { importid: importId };
const switchesOff = {
  ...{ Operation: 'Set-AdminAuditLogConfig', Workload: 'Exchange', RecordType: 1 },
  Parameters: [{ Name: 'UnifiedAuditLogIngestionEnabled', Value: 'False' }],
};

describe('a record of an import', () => {
  it('says so, unlike one of the feed', async () => {
    for (const [metadata, source] of [
      [fromImport, 'import'],
      [{ ...fromImport, source: 'backfill' }, 'backfill'],
      [{ runs: 'G1.abc' }, 'feed'],
    ] as const) {
      const world = createWorld();
      await world.indexed([recordWith({})], metadata);
      expect((await world.found()).map((record) => record.source)).toEqual([source]);
    }
  });

  it.each<readonly [object, ContentType]>([
    [{ Workload: 'Exchange', RecordType: 2 }, 'Audit.Exchange'],
    [{ Workload: 'AzureActiveDirectory', RecordType: 15 }, 'Audit.AzureActiveDirectory'],
    [{ Workload: 'SharePoint', RecordType: 6 }, 'Audit.SharePoint'],
    [{ Workload: 'OneDrive', RecordType: 6 }, 'Audit.SharePoint'],
    [{ Workload: 'Exchange', RecordType: 'ComplianceDLPExchange' }, 'DLP.All'],
    [{ Workload: 'Endpoint', RecordType: 63 }, 'DLP.All'],
    [{ Workload: 'MicrosoftTeams', RecordType: 25 }, 'Audit.General'],
    [{}, 'Audit.General'],
  ])('like %j has the content type that publishes such records: %s', async (fields, contentType) => {
    const world = createWorld();
    await world.indexed([recordWith(fields)], fromImport);
    expect((await world.found()).map((record) => record.contentType)).toEqual([contentType]);
  });

  it('is not new: it has no number in the feed', async () => {
    const world = createWorld();
    await world.landings.open(tenantId, landing);
    await world.indexed([recordWith({})], fromImport);
    expect(await world.landings.recorded(tenantId, landing.landingId)).toMatchObject({ isIndexed: true });
    expect(await world.landings.lastSequence(tenantId)).toBe(0);
  });

  it('raises no alert about auditing that was switched off years ago', async () => {
    for (const [metadata, alerts] of [
      [fromImport, 0],
      [{ runs: 'E1.abc' }, 1],
    ] as const) {
      const world = createWorld();
      await world.indexed([recordWith(switchesOff)], metadata);
      expect(world.events.of('index.record.switchedAuditingOff')).toHaveLength(alerts);
    }
  });
});

describe('completeness', () => {
  it('is not held back by a landing of an import that is not indexed', async () => {
    const [ledger, landings] = [createFakeLedger(), createFakeLandingStore()];
    const listedThrough = new Date('2026-03-10T12:00:00Z');
    await ledger.advance(tenantId, { contentType: 'Audit.General', listedThrough });
    await landings.open(tenantId, landing);
    const read = await readCompleteness({ ledger, landings }, tenant);
    expect(read).toMatchObject({ completeThrough: listedThrough, unindexedLandings: 0 });
  });
});

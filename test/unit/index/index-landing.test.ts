/** How far the indexing of a large landing is. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { indexLanding } from '../../../shared/index/index-landing.ts';
import { createFakeLandingStore } from '../../support/fakes/landing-store.ts';
import { createFakeRawStore } from '../../support/fakes/raw-store.ts';
import { createFakeRecordIndex } from '../../support/fakes/record-index.ts';
import { createRecordingTelemetry } from '../../support/fakes/telemetry.ts';
import { fabrikamId } from '../../support/tenants.ts';

const landedAt = '2026-03-10T11:00:00Z';
const request = {
  ...{ version: 1 as const, tenantId: fabrikamId, landingId: '20260310T110000000_0a1b2c3d' },
  blobName: `tenant=${fabrikamId}/date=2026-03-10/20260310T110000000_0a1b2c3d.ndjson.gz`,
};

function linesOf(records: number): string {
  return Array.from({ length: records }, (_, number) => {
    const id = `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
    return `${JSON.stringify({ Id: id, CreationTime: landedAt, Operation: 'FileAccessed' })}\n`;
  }).join('');
}

/** Indexes a landing of so many records. @returns what it reported */
async function reportsOf(records: number): Promise<readonly number[]> {
  const reports: number[] = [];
  const [raw, landings] = [createFakeRawStore(), createFakeLandingStore()];
  await raw.put(request.blobName, gzipSync(linesOf(records)), { landedat: landedAt });
  const progress = async (_tenantId: string, _landingId: string, processed: number) => {
    await Promise.resolve(reports.push(processed));
  };
  const { telemetry } = createRecordingTelemetry();
  const deps = { raw, index: createFakeRecordIndex(), telemetry, concurrency: 4 };
  const counts = await indexLanding({ ...deps, landings: { ...landings, progress } }, request);
  expect(counts.indexed).toBe(records);
  return reports;
}

describe('the progress of indexing', () => {
  it('is reported every 5,000 records', async () => {
    expect(await reportsOf(10_200)).toEqual([5_000, 10_000]);
  });

  it('costs nothing for an ordinary landing', async () => {
    expect(await reportsOf(4_999)).toEqual([]);
  });
});

/** Landings that are still to be indexed when their tenant is removed. */
import { createFakeAnnouncer, createFakeArrivalLog } from '../../support/fakes/arrival-log.ts';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { RawBlobMissingError } from '../../../shared/index/checked-blob.ts';
import { runIndexRequest, type IndexRequestDeps } from '../../../shared/index/run-index-request.ts';
import type { Tenant } from '../../../shared/tenants/tenant.ts';
import { createFakeLandingStore } from '../../support/fakes/landing-store.ts';
import { createFakeRawStore } from '../../support/fakes/raw-store.ts';
import { createFakeRecordIndex } from '../../support/fakes/record-index.ts';
import { createRecordingMeter } from '../../support/fakes/meter.ts';
import { createRecordingTelemetry } from '../../support/fakes/telemetry.ts';
import { createFakeTenantStore } from '../../support/fakes/tenant-store.ts';
import { failNext } from '../../support/faults.ts';
import { adatumId, fabrikamId, tenantNamed } from '../../support/tenants.ts';
import { activeFabrikam, pendingFabrikam } from './onboarding-world.ts';

const message = {
  ...{ version: 1 as const, tenantId: fabrikamId, landingId: '20260310T110000000_0a1b2c3d' },
  blobName: `tenant=${fabrikamId}/date=2026-03-10/20260310T110000000_0a1b2c3d.ndjson.gz`,
};

function createWorld(...tenants: readonly Tenant[]) {
  const [telemetry, meter] = [createRecordingTelemetry(), createRecordingMeter()];
  const deps = {
    announcer: createFakeAnnouncer(),
    ...{ meter: meter.meter, retention: {}, now: () => new Date('2026-03-10T12:00:00Z') },
    ...{ raw: createFakeRawStore(), index: createFakeRecordIndex(), landings: createFakeLandingStore() },
    ...{ tenants: createFakeTenantStore(tenants), telemetry: telemetry.telemetry, concurrency: 2 },
  };
  const handle = (changes: Partial<IndexRequestDeps> = {}) =>
    runIndexRequest({ ...deps, ...changes }, message);
  return { deps, telemetry, meter, handle };
}

describe('a landing whose raw blob is gone', () => {
  it.each([
    ['gone', []],
    ['being removed', [pendingFabrikam({ state: 'Removing' })]],
    ['gone while another one is there', [tenantNamed('Adatum', { tenantId: adatumId })]],
  ] as const)('is dropped when its tenant is %s', async (_how, tenants) => {
    const { handle, telemetry } = createWorld(...tenants);
    await handle();
    const { tenantId, landingId } = message;
    expect(telemetry.of('index.landing.dropped')).toEqual([{ tenantId, landingId }]);
    expect(telemetry.of('index.landing.finished')).toEqual([]);
  });

  it('is acknowledged when it is indexed already, announced, and subscriptions are notified', async () => {
    const { handle, deps, telemetry } = createWorld(activeFabrikam());
    const { landingId, blobName } = message;
    const day = new Date('2026-03-10T11:00:00Z');
    const counts = { indexed: 1, duplicates: 0, notUnderstood: 0, rows: 1 };
    const landing = { landingId, blobName, landedAt: day, contentBlobs: 1, records: 1, bytes: 1 };
    await deps.landings.close(fabrikamId, { ...landing, oldestContent: day }, counts);
    const steps: string[] = [];
    const step = (name: string) => async (tenantId: string, through?: number) => {
      await Promise.resolve(steps.push([name, tenantId, through].join(' ').trim()));
    };
    await handle({ wake: step('wake'), announcer: { announce: step('announce') } });
    expect(steps).toEqual([`announce ${fabrikamId} 1`, `wake ${fabrikamId}`]);
    expect(telemetry.of('index.landing.dropped')).toHaveLength(1);
  });

  it.each([
    ['active', activeFabrikam()],
    ['pending', pendingFabrikam()],
  ])('is an error when its tenant is %s', async (_state, tenant) => {
    const { handle, telemetry } = createWorld(tenant);
    await expect(handle()).rejects.toThrow(RawBlobMissingError);
    expect(telemetry.of('index.landing.dropped')).toEqual([]);
  });
});

describe('a landing that cannot be read', () => {
  it('is not dropped, even when its tenant is gone', async () => {
    const { handle, deps } = createWorld();
    const failure = new Error('Storage is away.');
    const raw = failNext('raw.read', failure).inject('raw', deps.raw);
    await expect(handle({ raw })).rejects.toBe(failure);
  });

  it('is not dropped when it is unknown whether its tenant exists', async () => {
    const { handle, deps } = createWorld();
    const failure = new Error('Storage is away.');
    const tenants = failNext('tenants.get', failure).inject('tenants', deps.tenants);
    await expect(handle({ tenants })).rejects.toBe(failure);
  });
});

describe('a landing that is indexed', () => {
  async function createIndexing(lines: readonly string[]) {
    const world = createWorld(activeFabrikam());
    const body = gzipSync(lines.map((line) => `${line}\n`).join(''));
    await world.deps.raw.put(message.blobName, body, { landedat: '2026-03-10T11:00:00.000Z' });
    const arrivals = createFakeArrivalLog();
    const announcer = createFakeAnnouncer(arrivals);
    return { ...world, arrivals, announcer };
  }

  it('is announced before its message is acknowledged: a second attempt announces what the first did not', async () => {
    const { handle, arrivals, announcer } = await createIndexing(['{"Operation":"New-InboxRule"}']);
    const away = new Error('Storage is away.');
    const notified: string[] = [];
    const wake = async (tenantId: string) => {
      await Promise.resolve(notified.push(tenantId));
    };
    await expect(handle({ wake, announcer: { announce: () => Promise.reject(away) } })).rejects.toThrow(away);
    expect(notified).toEqual([]);
    for (let time = 0; time < 2; time++) await handle({ wake, announcer });
    expect(arrivals.all()).toEqual([{ number: 1, tenantId: fabrikamId, after: 0, through: 1 }]);
    expect(notified).toHaveLength(2);
  });

  it('is not announced if it brought nothing new', async () => {
    const { handle, arrivals, announcer } = await createIndexing([]);
    await handle({ announcer });
    expect(arrivals.all()).toEqual([]);
  });
});

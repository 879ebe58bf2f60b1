/** Landings that were collected and indexed in memory, and ways to damage each place that holds something of them. */
import { createLandingWriter } from '../../../shared/landing/landing-writer.ts';
import { indexLanding } from '../../../shared/index/index-landing.ts';
import type { Claim, IndexRow } from '../../../shared/index/record-index.ts';
import type { LandingRow } from '../../../shared/landing/landing.ts';
import type { RawBlob } from '../../../shared/landing/raw-store.ts';
import { receiveContent } from '../../../shared/landing/receive-content.ts';
import type { SettledContent } from '../../../shared/landing/ledger.ts';
import { compareLanding } from '../../../shared/verification/compare-landing.ts';
import { createLandingIndex } from '../../../shared/verification/landing-index.ts';
import { createClock } from '../../support/clock.ts';
import { bodyOf, contentNamed } from '../../support/content.ts';
import { createFakeLandingStore } from '../../support/fakes/landing-store.ts';
import { createFakeLedger } from '../../support/fakes/ledger.ts';
import { createFakeRawStore } from '../../support/fakes/raw-store.ts';
import { createFakeRecordIndex } from '../../support/fakes/record-index.ts';
import { createRecordingTelemetry } from '../../support/fakes/telemetry.ts';
import { createFakeWorkQueues } from '../../support/fakes/work-queues.ts';
import { guidOf } from '../index/placed-records.ts';

export const tenantId = '11111111-2222-4333-8444-555555555555';
const landingStart = new Date('2026-03-10T12:00:00.000Z');

/** A record with a row in most dimensions. */
export function recordText(number: number, changes: object = {}): string {
  const second = String(number % 60).padStart(2, '0');
  return JSON.stringify({
    ...{ Id: guidOf(number), CreationTime: `2026-03-10T11:00:${second}`, Operation: 'FileAccessed' },
    ...{
      UserId: `user${number % 3}@contoso.example`,
      ClientIP: '192.0.2.1',
      ObjectId: `https://x/${number}`,
    },
    ...changes,
  });
}

interface Delivered {
  readonly name: string;
  readonly texts: readonly string[];
  readonly created?: Date;
}

/** What the places answer; each may be replaced by what a damaged one would. */
interface Damage {
  row: (row: IndexRow, dimension: string) => IndexRow | undefined;
  claim: (claim: Claim) => Claim | undefined;
  blob: (blob: RawBlob, name: string) => RawBlob | undefined;
  settled: (row: SettledContent) => SettledContent | undefined;
}

export function createVerificationWorld() {
  const clock = createClock(landingStart);
  const [raw, index, ledger] = [createFakeRawStore(), createFakeRecordIndex(), createFakeLedger()];
  const [landings, queues] = [createFakeLandingStore(), createFakeWorkQueues()];
  const { telemetry } = createRecordingTelemetry();
  const damage: Damage = {
    row: (row) => row,
    claim: (claim) => claim,
    blob: (blob) => blob,
    settled: (row) => row,
  };
  const limits = { maxBufferedBytes: 1e6, maxLandingBytes: 1e6, maxLandingContents: 500 };
  const requests: { rows: number; claims: number } = { rows: 0, claims: 0 };
  const present = <T>(value: T | undefined): readonly T[] => (value === undefined ? [] : [value]);
  const deps = {
    raw: {
      read: async (name: string) => {
        const blob = await raw.read(name);
        return blob && damage.blob(blob, name);
      },
    },
    index: {
      ...index,
      wholeRows: async (...[tenant, range]: Parameters<typeof index.wholeRows>) => {
        requests.rows++;
        const rows = await index.wholeRows(tenant, range);
        return rows.flatMap((row) => present(damage.row(row, range.dimension)));
      },
      claims: async (...asked: Parameters<typeof index.claims>) => {
        requests.claims++;
        return (await index.claims(...asked)).flatMap((claim) => present(damage.claim(claim)));
      },
      readClaims: async (tenant: string, ids: readonly string[]) => {
        requests.claims += ids.length;
        const claims = [...(await index.readClaims(tenant, ids)).values()];
        return new Map(claims.flatMap((claim) => present(damage.claim(claim))).map((one) => [one.id, one]));
      },
    },
    ledger: {
      ...ledger,
      async *settled(...[tenant, range]: Parameters<typeof ledger.settled>) {
        for await (const batch of ledger.settled(tenant, range))
          yield batch.flatMap((row) => present(damage.settled(row)));
      },
    },
    landings,
    landingRows: landings,
    chain: landings,
    ...createLandingIndex(landings, tenantId),
    rawNames: raw.listed,
    concurrency: 4,
  };
  async function land(contents: readonly Delivered[]): Promise<string> {
    clock.advance(1000);
    const landedAt = clock.now();
    const writer = createLandingWriter({
      ...{ tenantId, limits, now: clock.now, raw, queues, ledger, landings },
    });
    for (const { name, texts, created = landingStart } of contents) {
      const content = contentNamed(name, created);
      const body = bodyOf(texts);
      const received = await receiveContent(toStream(body), {
        limits,
        stagePart: () => Promise.reject(new Error('It is small.')),
        whenLarge: (task) => task(),
      });
      await writer.add({ content, attempts: 1, wasOpen: false, mayHaveGap: false, landedAt, received });
    }
    await writer.flush();
    return queues.indexRequests.at(-1)?.landingId ?? '';
  }
  async function indexOne(landingId: string): Promise<void> {
    const request = queues.indexRequests.find((one) => one.landingId === landingId);
    if (request === undefined) throw new Error(`Nothing requested the indexing of ${landingId}.`);
    await indexLanding({ raw, index, landings, telemetry, concurrency: 2 }, request);
  }
  async function rowOf(landingId: string): Promise<LandingRow | undefined> {
    const rows = await landings.rows(tenantId, { from: landingId, to: `${landingId}~`, limit: 1 });
    return rows[0];
  }
  return {
    ...{ deps, raw, index, ledger, landings, damage, requests, land, indexOne, rowOf },
    /** Lands and indexes. */
    async deliver(contents: readonly Delivered[]): Promise<string> {
      const landingId = await land(contents);
      await indexOne(landingId);
      return landingId;
    },
    async compare(landingId: string, row?: LandingRow | null) {
      const found = row === null ? undefined : (row ?? (await rowOf(landingId)));
      return await compareLanding(deps, { tenantId, landingId, row: found, hasBlob: true });
    },
  };
}

export type VerificationWorld = ReturnType<typeof createVerificationWorld>;

async function* toStream(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield await Promise.resolve(chunk);
}

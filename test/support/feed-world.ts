/** Landings that are landed and indexed over fakes, and a feed that reads them. */
import { createHash, randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import type { FeedPosition } from '../../shared/feed/landing-sequence.ts';
import { feedBeginning } from '../../shared/feed/landing-sequence.ts';
import { readFeed } from '../../shared/feed/read-feed.ts';
import { indexLanding, type IndexDeps } from '../../shared/index/index-landing.ts';
import { encodeRuns } from '../../shared/landing/content-runs.ts';
import { landingStamp, rawBlobName } from '../../shared/landing/landing-names.ts';
import type { IndexRequest } from '../../shared/landing/work-queues.ts';
import type { RecordFilters } from '../../shared/query/filters.ts';
import { createArrivalAnnouncer } from '../../shared/feed/announce-arrivals.ts';
import { createClock } from './clock.ts';
import { createFakeArrivalLog } from './fakes/arrival-log.ts';
import { createFakeLandingStore } from './fakes/landing-store.ts';
import { createFakeRawStore } from './fakes/raw-store.ts';
import { createFakeRecordIndex } from './fakes/record-index.ts';
import { createFakeNameDirectory } from './fakes/name-directory.ts';
import { createRecordingTelemetry } from './fakes/telemetry.ts';
import { fabrikamId } from './tenants.ts';

export interface InventedRecord {
  readonly id: string;
  readonly operation?: string;
  readonly time?: string;
  readonly note?: string;
}

/** A GUID made from a name. */
export function guidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join(
    '-',
  );
}

export function textOf({ id, operation = 'FileAccessed', time, note }: InventedRecord): string {
  return JSON.stringify({
    ...{ Id: id, Operation: operation, CreationTime: time ?? '2026-03-09T10:00:00' },
    ...(note === undefined ? {} : { Note: note }),
  });
}

/** A raw blob's name, body and metadata for these lines. */
export function rawBlobOf(tenantId: string, lines: readonly string[], landedAt: Date) {
  const landingId = `${landingStamp(landedAt)}-${randomUUID().slice(0, 16)}`;
  const contentCreated = new Date(landedAt.getTime() - 60_000);
  const runs = encodeRuns([{ contentType: 'Audit.SharePoint', contentCreated, records: lines.length }]);
  const blobName = rawBlobName(tenantId, landedAt, landingId);
  const metadata = { runs, landedat: landedAt.toISOString(), contentblobs: '1', textbytes: '1' };
  const request: IndexRequest = { version: 1, tenantId, landingId, blobName };
  return { request, body: gzipSync(lines.map((line) => `${line}\n`).join('')), metadata };
}

/** Numbers of landings: from 1, for tests that name them, or milliseconds, as deployed. */
export type Numbering = 'counted' | 'timed';

export function createFeedWorld(numbering: Numbering = 'counted') {
  const clock = createClock();
  const telemetry = createRecordingTelemetry();
  const [raw, index, landings] = [
    createFakeRawStore(),
    createFakeRecordIndex(),
    createFakeLandingStore(numbering === 'timed' ? { now: clock.now } : {}),
  ];
  const tenantId = fabrikamId;
  const names = createFakeNameDirectory();
  const arrivals = createFakeArrivalLog();
  const announcer = createArrivalAnnouncer({ arrivals, now: clock.now });
  const deps = {
    ...{ raw, index, landings, arrivals, names },
    telemetry: telemetry.telemetry,
    now: clock.now,
    concurrency: 4,
  };
  const land = async (records: readonly InventedRecord[], of = tenantId): Promise<IndexRequest> => {
    clock.advance(1000);
    const { request, body, metadata } = rawBlobOf(of, records.map(textOf), clock.now());
    await raw.put(request.blobName, body, metadata);
    return request;
  };
  const indexOne = (request: IndexRequest, other: Partial<IndexDeps> = {}) =>
    indexLanding({ ...deps, ...other }, request);
  /** All batches from a position on, to the end. */
  const readAll = async (filters: RecordFilters = {}, limit = 100, from: FeedPosition = feedBeginning) => {
    const ids: string[] = [];
    let position = from;
    for (;;) {
      const batch = await readFeed(deps, { tenantId, filters, position, limit });
      ids.push(...batch.records.map(({ id }) => id));
      position = batch.position;
      if (!batch.more) return { ids, position };
    }
  };
  return {
    ...{ clock, telemetry, raw, index, landings, arrivals, deps, tenantId, land, indexOne, readAll },
    /** Lands, indexes, and announces. */
    ingest: async (records: readonly InventedRecord[], of = tenantId) => {
      const request = await land(records, of);
      await indexOne(request);
      await announcer.announce(of, await landings.lastSequence(of));
      return request;
    },
  };
}

export type FeedWorld = ReturnType<typeof createFeedWorld>;

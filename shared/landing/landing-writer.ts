/** Gathers received content into landings, and makes them durable in an order that survives a crash. */
import pLimit from 'p-limit';
import type { ContentBlob } from '../activity/activity-feed.ts';
import { createGzipSink, type GzipSink } from './gzip.ts';
import {
  encodeRun,
  landingIdOf,
  rawBlobName,
  type Landing,
  type LandingStore,
  type RawStore,
  type WorkQueues,
} from './landing.ts';
import type { Ledger, Receipt } from './ledger.ts';
import type { LandingLimits, ReceivedContent, StagedPart } from './receive-content.ts';

/** Blob metadata is sent in headers of 8 KB at most; the runs may take this much of it. */
const maxRunsLength = 6000;

export interface LandingWriterOptions {
  readonly tenantId: string;
  readonly raw: RawStore;
  readonly queues: WorkQueues;
  readonly ledger: Ledger;
  readonly landings: LandingStore;
  readonly limits: LandingLimits;
  readonly now: () => Date;
}

/** A content blob received, and how many attempts it took. */
export interface ReceivedBlob {
  readonly content: ContentBlob;
  readonly attempts: number;
  /** It was an open row of the ledger, to be closed once it is settled. */
  readonly wasOpen: boolean;
  readonly received: ReceivedContent;
}

export interface LandingWriter {
  /** Adds a content blob to the current landing; it is durable only after {@link LandingWriter.flush}. */
  add(blob: ReceivedBlob): Promise<void>;
  /** Makes a large content blob durable immediately, in landings of its own. */
  addStaged(blob: ReceivedBlob, landedAt: Date, parts: readonly StagedPart[]): Promise<void>;
  /** Resolves when all that was added is durable. */
  flush(): Promise<void>;
}

interface LandedBlob {
  readonly content: ContentBlob;
  readonly attempts: number;
  readonly wasOpen: boolean;
  readonly receipt: Receipt;
}

interface OpenLanding {
  readonly landedAt: Date;
  readonly sink: GzipSink;
  readonly blobs: LandedBlob[];
  readonly runs: string[];
  runsLength: number;
}

/**
 * Per landing: raw blob, then the index message, then landing and ledger rows. A crash after any step leaves nothing, an
 * unreferenced raw blob, or a landing that is indexed twice.
 */
export function createLandingWriter(options: LandingWriterOptions): LandingWriter {
  const { limits } = options;
  const oneByOne = pLimit(1);
  let open: OpenLanding | undefined;
  // One landing may be on its way to storage while the next one fills.
  let sealing: Promise<void> = Promise.resolve();

  async function sealOpen(): Promise<void> {
    const full = open;
    open = undefined;
    await sealing;
    if (full === undefined) return;
    sealing = seal(options, full);
    // Awaited by the next seal or flush, which then throws; until then it must not count as unhandled.
    sealing.catch(() => undefined);
  }

  async function append(blob: ReceivedBlob): Promise<void> {
    if (blob.received.text.kind !== 'buffered')
      throw new Error('Staged content must be added with addStaged.');
    open ??= { landedAt: options.now(), sink: createGzipSink(), blobs: [], runs: [], runsLength: 0 };
    for (const chunk of blob.received.text.chunks) await open.sink.write(chunk);
    const run = encodeRun({ ...blob.content, records: blob.received.receipt.records });
    open.runs.push(run);
    open.runsLength += run.length + 1;
    const { content, attempts, wasOpen } = blob;
    open.blobs.push({ content, attempts, wasOpen, receipt: blob.received.receipt });
    if (isFull(open, limits)) await sealOpen();
  }

  return {
    add: (blob) => oneByOne(() => append(blob)),
    addStaged: (blob, landedAt, parts) => sealStaged(options, blob, { landedAt, parts }),
    flush: () =>
      oneByOne(async () => {
        await sealOpen();
        await sealing;
      }),
  };
}

function isFull(landing: OpenLanding, limits: LandingLimits): boolean {
  return (
    landing.sink.textBytes >= limits.maxLandingBytes ||
    landing.blobs.length >= limits.maxLandingContents ||
    landing.runsLength >= maxRunsLength
  );
}

async function seal(options: LandingWriterOptions, open: OpenLanding): Promise<void> {
  const { tenantId } = options;
  const landing = describeLanding(options, open);
  const body = await open.sink.finish();
  await options.raw.put(landing.blobName, body, { runs: open.runs.join(','), ...blobMetadata(landing) });
  await options.queues.requestIndexing(indexRequest(tenantId, landing));
  await options.landings.open(tenantId, landing);
  await options.ledger.settle(
    tenantId,
    open.blobs.map((blob) => ({ ...blob, state: 'landed', landingId: landing.landingId })),
  );
  await closeOpen(options, open.blobs);
}

function describeLanding({ tenantId }: LandingWriterOptions, open: OpenLanding): Landing {
  const contents = open.blobs.map((blob) => blob.content);
  const landingId = landingIdOf(open.landedAt, contents);
  return {
    landingId,
    blobName: rawBlobName(tenantId, open.landedAt, landingId),
    landedAt: open.landedAt,
    contentBlobs: open.blobs.length,
    records: open.blobs.reduce((sum, blob) => sum + blob.receipt.records, 0),
    bytes: open.sink.textBytes,
    oldestContent: new Date(Math.min(...contents.map((content) => content.contentCreated.getTime()))),
  };
}

async function sealStaged(
  options: LandingWriterOptions,
  blob: ReceivedBlob,
  { landedAt, parts }: { landedAt: Date; parts: readonly StagedPart[] },
): Promise<void> {
  const { tenantId, raw, queues, landings, ledger } = options;
  const sealed = parts.map((part) => describePart(tenantId, blob, { landedAt, part }));
  for (const landing of sealed) {
    const runs = encodeRun({ ...blob.content, records: landing.records });
    await raw.commit(landing.blobName, { runs, ...blobMetadata(landing) });
  }
  for (const landing of sealed) await queues.requestIndexing(indexRequest(tenantId, landing));
  for (const landing of sealed) await landings.open(tenantId, landing);
  const { content, attempts, received } = blob;
  const landingId = sealed[0]?.landingId;
  await ledger.settle(tenantId, [
    { content, attempts, receipt: received.receipt, state: 'landed', landingId },
  ]);
  await closeOpen(options, [blob]);
}

/** The name under which a part of a large content blob is staged, and later committed. */
export function stagedPartName(
  tenantId: string,
  content: ContentBlob,
  landedAt: Date,
  index: number,
): string {
  return rawBlobName(tenantId, landedAt, landingIdOf(landedAt, [content], index));
}

function describePart(
  tenantId: string,
  { content }: ReceivedBlob,
  { landedAt, part }: { landedAt: Date; part: StagedPart },
): Landing {
  return {
    landingId: landingIdOf(landedAt, [content], part.index),
    blobName: stagedPartName(tenantId, content, landedAt, part.index),
    landedAt,
    // A content blob counts once, however many raw blobs it fills.
    contentBlobs: part.index === 1 ? 1 : 0,
    records: part.records,
    bytes: part.textBytes,
    oldestContent: content.contentCreated,
  };
}

function blobMetadata(landing: Landing): Readonly<Record<string, string>> {
  return {
    records: String(landing.records),
    contentblobs: String(landing.contentBlobs),
    textbytes: String(landing.bytes),
    landedat: landing.landedAt.toISOString(),
  };
}

function indexRequest(tenantId: string, { landingId, blobName }: Landing) {
  return { version: 1, tenantId, landingId, blobName } as const;
}

async function closeOpen(
  { ledger, tenantId }: LandingWriterOptions,
  blobs: readonly Pick<ReceivedBlob, 'content' | 'wasOpen'>[],
): Promise<void> {
  const settled = blobs.filter((blob) => blob.wasOpen).map((blob) => blob.content);
  if (settled.length > 0) await ledger.close(tenantId, settled);
}

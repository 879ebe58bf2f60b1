/** Gathers received content into landings, and makes them durable in an order that survives a crash. */
import pLimit from 'p-limit';
import type { ContentBlob } from '../activity/activity-feed.ts';
import { contentHashes, contentsDigest, type LandedContent } from '../evidence/contents-digest.ts';
import { createGzipSink, type GzipSink } from './gzip.ts';
import { encodeRuns } from './content-runs.ts';
import type { Landing, LandingStore } from './landing.ts';
import { landingIdOf, rawBlobName } from './landing-names.ts';
import { hashMetadata, type RawStore } from './raw-store.ts';
import { indexRequestFor, type WorkQueues } from './work-queues.ts';
import type { Ledger, Receipt } from './ledger.ts';
import { indexingDelayMs } from './pace.ts';
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
  /** Records of the tenant that wait for the indexer already; none by default. */
  readonly backlog?: number | undefined;
}

/** A content blob received, and how many attempts it took. */
export interface ReceivedBlob {
  readonly content: ContentBlob;
  readonly attempts: number;
  /** It was an open row of the ledger, to be closed once it is settled. */
  readonly wasOpen: boolean;
  /** An earlier attempt may have recorded its loss. */
  readonly mayHaveGap: boolean;
  /** Only the whole records of a rejected body: they become durable, and the content blob stays as it is in the ledger. */
  readonly isPartial?: true;
  /** The time in the names of its staged parts. */
  readonly landedAt: Date;
  readonly received: ReceivedContent;
}

export interface LandingWriter {
  /**
   * Adds a content blob to the current landing; it is durable only after {@link LandingWriter.flush}. One whose text is
   * staged is durable immediately, in landings of its own.
   */
  add(blob: ReceivedBlob): Promise<void>;
  /** Resolves when all that was added is durable. */
  flush(): Promise<void>;
}

/** A content blob without its text. */
interface LandedBlob extends Omit<ReceivedBlob, 'received'> {
  readonly receipt: Receipt;
}

/** A writer, and what it has sent to the indexer. */
interface Writing extends LandingWriterOptions {
  readonly since: Date;
  readonly sent: { records: number };
}

interface OpenLanding {
  readonly landedAt: Date;
  readonly sink: GzipSink;
  readonly blobs: LandedBlob[];
  runsLength: number;
}

export function createLandingWriter(given: LandingWriterOptions): LandingWriter {
  const options: Writing = { ...given, since: given.now(), sent: { records: given.backlog ?? 0 } };
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

  async function append(chunks: readonly Buffer[], blob: LandedBlob): Promise<void> {
    open ??= { landedAt: options.now(), sink: createGzipSink(), blobs: [], runsLength: 0 };
    for (const chunk of chunks) await open.sink.write(chunk);
    open.blobs.push(blob);
    open.runsLength += encodeRuns([runOf(blob)]).length + 1;
    if (isFull(open, limits)) await sealOpen();
  }

  return {
    async add({ received: { receipt, text }, ...blob }) {
      const landed = { ...blob, receipt };
      if (text.kind === 'staged') await sealStaged(options, landed, text.parts);
      else await oneByOne(() => append(text.chunks, landed));
    },
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

/** A content blob in a raw blob, or its part there. */
interface ContentRun extends ContentBlob {
  readonly records: number;
}

function isWhole({ isPartial }: LandedBlob): boolean {
  return isPartial !== true;
}

function runOf({ content, receipt }: LandedBlob): ContentRun {
  return { ...content, records: receipt.records };
}

async function seal(options: Writing, open: OpenLanding): Promise<void> {
  const { landedAt, blobs, sink } = open;
  const { body, textSha256 } = await sink.finish();
  const sealed = describe(options, {
    landedAt,
    textSha256,
    textBytes: sink.textBytes,
    runs: blobs.map(runOf),
    contents: blobs.filter(isWhole),
  });
  await makeDurable(options, [sealed], blobs, ({ landing, metadata }) =>
    options.raw.put(landing.blobName, body, metadata),
  );
}

async function sealStaged(options: Writing, blob: LandedBlob, parts: readonly StagedPart[]): Promise<void> {
  const { content, landedAt } = blob;
  const sealed = parts.map(({ index: part, records, ...text }) =>
    describe(options, {
      ...text,
      landedAt,
      part,
      runs: [{ ...content, records }],
      // A content blob counts once, however many raw blobs it fills: the ledger names the first.
      contents: part === 1 && isWhole(blob) ? [blob] : [],
    }),
  );
  await makeDurable(options, sealed, [blob], ({ landing, metadata }) =>
    options.raw.commit(landing.blobName, metadata),
  );
}

/**
 * Raw blobs, then landing rows, then index messages, then ledger rows. A crash after any step leaves nothing,
 * unreferenced raw blobs, or landings that are repeated. The row is first: indexing claims records, and a landing that
 * claims records must be known as not indexed, or another one with the same records would count them as duplicates.
 * @param publish makes a raw blob visible
 */
async function makeDurable(
  writing: Writing,
  sealed: readonly SealedLanding[],
  blobs: readonly LandedBlob[],
  publish: (landing: SealedLanding) => Promise<void>,
): Promise<void> {
  const { tenantId, landings, ledger } = writing;
  for (const each of sealed) await publish(each);
  for (const { landing, hashes } of sealed) await landings.open(tenantId, landing, hashes);
  for (const { landing } of sealed) await sendToIndexer(writing, landing);
  await settleWhole(ledger, { tenantId, landingId: sealed[0]?.landing.landingId }, blobs.filter(isWhole));
}

async function sendToIndexer(
  { tenantId, queues, since, sent, now }: Writing,
  landing: Landing,
): Promise<void> {
  const delayMs = indexingDelayMs({ since, recordsBefore: sent.records, now: now() });
  sent.records += landing.records;
  await queues.requestIndexing(indexRequestFor(tenantId, landing), delayMs);
}

async function settleWhole(
  ledger: Ledger,
  { tenantId, landingId }: { readonly tenantId: string; readonly landingId: string | undefined },
  blobs: readonly LandedBlob[],
): Promise<void> {
  if (blobs.length === 0) return;
  const found = blobs.filter((blob) => blob.mayHaveGap).map((blob) => blob.content);
  // Before the ledger knows that they landed: after a crash in between they land again, and no gap outlives that.
  if (found.length > 0) await ledger.closeGaps(tenantId, found);
  await ledger.settle(
    tenantId,
    blobs.map((blob) => ({ ...blob, state: 'landed', landingId })),
  );
  const settled = blobs.filter((blob) => blob.wasOpen).map((blob) => blob.content);
  if (settled.length > 0) await ledger.close(tenantId, settled);
}

/** The name under which a part of a large content blob is staged, and later committed. */
export function stagedPartName(tenantId: string, content: ContentBlob, landedAt: Date, part: number): string {
  return rawBlobName(tenantId, landedAt, landingIdOf(landedAt, [content], part));
}

interface SealedLanding {
  readonly landing: Landing;
  /** Of its raw blob. */
  readonly metadata: Readonly<Record<string, string>>;
  /** Of its content blobs. */
  readonly hashes: readonly string[];
}

interface RawText {
  readonly landedAt: Date;
  readonly runs: readonly ContentRun[];
  readonly textBytes: number;
  readonly textSha256: string;
  /** Those whose rows in the ledger name this landing. */
  readonly contents: readonly LandedContent[];
  /** From 1; absent for a landing that holds its contents whole. */
  readonly part?: number;
}

function describe(
  { tenantId }: LandingWriterOptions,
  { landedAt, runs, textBytes, textSha256, contents, part = 0 }: RawText,
): SealedLanding {
  const landingId = landingIdOf(landedAt, runs, part);
  const blobName = rawBlobName(tenantId, landedAt, landingId);
  const records = runs.reduce((sum, run) => sum + run.records, 0);
  const oldestContent = new Date(Math.min(...runs.map((run) => run.contentCreated.getTime())));
  const hashes = contentHashes(contents);
  const landing: Landing = {
    landingId,
    blobName,
    landedAt,
    contentBlobs: contents.length,
    records,
    bytes: textBytes,
    oldestContent,
    textSha256,
    hashedAt: 'landing',
    contentsSha256: contentsDigest(hashes),
  };
  const metadata = {
    runs: encodeRuns(runs),
    records: String(records),
    contentblobs: String(contents.length),
    textbytes: String(textBytes),
    landedat: landedAt.toISOString(),
    ...hashMetadata(landing),
  };
  return { landing, metadata, hashes };
}

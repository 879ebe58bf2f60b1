/** A landing: one raw blob with the records of up to 500 content blobs, exactly as delivered. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { ContentBlob } from '../activity/activity-feed.ts';
import {
  contentTypeOfLetter,
  contentTypeSchema,
  letterOfContentType,
  type ContentType,
} from '../activity/content-types.ts';
import { storedDate } from '../stored-date.ts';

/** What the indexer found in a landing. */
export interface IndexedCounts {
  /** Records in the index because of this landing. */
  readonly indexed: number;
  /** Records that an earlier delivery had already put into the index. */
  readonly duplicates: number;
  /** Of the indexed: no JSON, found by time and text only; or too long, found by what their beginning says. */
  readonly notUnderstood: number;
  readonly rows: number;
}

export const landingSchema = z.object({
  landingId: z.string(),
  blobName: z.string(),
  landedAt: storedDate,
  contentBlobs: z.number(),
  records: z.number(),
  /** Bytes of text, uncompressed. */
  bytes: z.number(),
  /** contentCreated of the oldest content blob in it. */
  oldestContent: storedDate,
  /** The import or backfill that made it; absent for what the feed delivered. */
  importId: z.string().optional(),
  /** SHA-256 of its text, uncompressed, hex. Absent in landings of earlier releases until they are indexed again. */
  textSha256: z.string().optional(),
  /** When the text was hashed: as it landed, or only as it was indexed, for landings of earlier releases. */
  hashedAt: z.enum(['landing', 'indexing']).optional(),
  /** The digest of its content blobs, see shared/evidence/contents-digest.ts. */
  contentsSha256: z.string().optional(),
});
export type Landing = Readonly<z.output<typeof landingSchema>>;

/** An operator's decision that a landing will not be indexed. */
export const givenUpLandingSchema = z.object({
  at: storedDate,
  by: z.string(),
  reason: z.string(),
  /** What its records were published in, by contentCreated; [start, end). */
  holes: z.array(z.object({ contentType: contentTypeSchema, start: storedDate, end: storedDate })).readonly(),
});
export type GivenUpLanding = Readonly<z.output<typeof givenUpLandingSchema>>;

/** A landing that is not indexed yet. */
export interface OpenLanding extends Landing {
  /** Records that the indexer has processed so far, as last reported; absent: none reported. */
  readonly processed?: number | undefined;
  /** Absent unless it was given up. */
  readonly givenUp?: GivenUpLanding | undefined;
}

/** Landings that are not indexed, oldest first. */
export interface NotIndexed {
  /** Those that will be. */
  readonly unindexed: readonly OpenLanding[];
  /** Those that will not: their records are missing until one is indexed after all. */
  readonly givenUp: readonly OpenLanding[];
}

/** Sums over a tenant's landings of the feed. */
export interface LandingTotals {
  readonly contentBlobs: number;
  readonly recordsLanded: number;
  readonly recordsIndexed: number;
  readonly duplicates: number;
  readonly notUnderstood: number;
}

/** Sums over the landings of one import. */
export interface ImportTotals {
  readonly landings: number;
  /** Of them, those in the index. */
  readonly indexedLandings: number;
  /** Records in the index because of this import. */
  readonly recordsIndexed: number;
}

/** What the row of a landing says of it. */
export interface RecordedLanding extends Pick<Landing, 'textSha256' | 'hashedAt' | 'contentsSha256'> {
  readonly isIndexed: boolean;
  /** Its number in the feed, and that of its link in the chain. */
  readonly sequence?: number | undefined;
  readonly link?: number | undefined;
  /** Of its row: closing it again costs no further read while this is the newest. */
  readonly version?: string | undefined;
}

export interface LandingStore {
  /**
   * Records a landing as not indexed yet; if the indexer was faster, it stays indexed.
   * @param contentHashes of its content blobs, sorted, hex
   */
  open(tenantId: string, landing: Landing, contentHashes?: readonly string[]): Promise<void>;
  /**
   * Records that a landing is indexed, whether or not it was opened before, and links it to the tenant's chain, once. One
   * of an import has no number in the feed.
   * @param recorded what {@link LandingStore.recorded} returned before
   */
  close(tenantId: string, landing: Landing, counts: IndexedCounts, recorded?: RecordedLanding): Promise<void>;
  /** Undefined when it has no row. */
  recorded(tenantId: string, landingId: string): Promise<RecordedLanding | undefined>;
  /** Of its content blobs, as it was opened with them; undefined when no row has them. */
  contentHashes(tenantId: string, landingId: string): Promise<readonly string[] | undefined>;
  /** Reports how many records of a landing are processed; no effect on one that is indexed or was not opened. */
  progress(tenantId: string, landingId: string, processed: number): Promise<void>;
  /** Landings not indexed yet and not given up, oldest first. */
  unindexed(tenantId: string): Promise<readonly OpenLanding[]>;
  notIndexed(tenantId: string): Promise<NotIndexed>;
  /** Records that a landing will not be indexed, or who decided it last; false for one that is indexed or was not opened. */
  giveUp(tenantId: string, landingId: string, decision: GivenUpLanding): Promise<boolean>;
  /** Removes such a decision, if there is one. Undefined for a landing that is indexed or was not opened. */
  takeBack(tenantId: string, landingId: string): Promise<OpenLanding | undefined>;
  /** Over landings of the feed of this moment and later. */
  totals(tenantId: string, since: Date): Promise<LandingTotals>;
  /** @param since when the import began */
  importTotals(tenantId: string, importId: string, since: Date): Promise<ImportTotals>;
}

/** The row of a landing, as it is stored. */
export interface LandingRow extends Landing {
  /** Absent until it is indexed. */
  readonly counts?: Pick<IndexedCounts, 'indexed' | 'duplicates'> | undefined;
  /** Number of its link in the chain; absent until it is indexed, and in rows of earlier releases. */
  readonly link?: number | undefined;
}

/** Rows of landings in the order of their IDs, which is that of landing. */
export interface LandingRows {
  /** Rows with IDs in [from, to), at most `limit` (up to 1,000); fewer only if there are no more. */
  rows(tenantId: string, range: IdRange): Promise<readonly LandingRow[]>;
  /** All IDs of the tenant, some at a time. */
  ids(tenantId: string): AsyncIterable<readonly string[]>;
}

export interface IdRange {
  readonly from: string;
  readonly to: string;
  readonly limit: number;
}

/** The names of raw blobs. */
export interface RawNames {
  /** Days on which something landed, `yyyy-MM-dd`, in order. */
  days(tenantId: string): Promise<readonly string[]>;
  /** Names of the raw blobs of a day, in order; other blobs are left out. */
  names(tenantId: string, day: string): Promise<readonly string[]>;
}

/** The raw container. Names are paths within it. */
export interface RawStore {
  /** Writes a blob at once, unless it exists: the name says what is in it. */
  put(name: string, body: Buffer, metadata: Readonly<Record<string, string>>): Promise<void>;
  /** Uploads a blob that becomes visible with {@link RawStore.commit}. */
  stage(name: string, body: Buffer): Promise<void>;
  commit(name: string, metadata: Readonly<Record<string, string>>): Promise<void>;
  /** Keeps a body that could not be split, as received. */
  putRejected(name: string, body: AsyncIterable<Buffer> | Iterable<Buffer>): Promise<void>;
  /** A body that is kept, as received; undefined when there is none. */
  readRejected(name: string): Promise<AsyncIterable<Buffer> | undefined>;
  /** Undefined when the blob does not exist. */
  read(name: string): Promise<RawBlob | undefined>;
}

export interface RawBlob {
  readonly metadata: Readonly<Record<string, string>>;
  readonly body: AsyncIterable<Buffer>;
}

/** Names of the queues. */
export const indexQueue = 'raw-blobs';
export const pollQueue = 'poll-requests';

/** The queue message that requests the indexing of a landing. */
export const indexRequestSchema = z.object({
  version: z.literal(1),
  tenantId: z.guid(),
  landingId: z.string(),
  blobName: z.string(),
});
export type IndexRequest = z.infer<typeof indexRequestSchema>;

export function indexRequestFor(tenantId: string, { landingId, blobName }: Landing): IndexRequest {
  return { version: 1, tenantId, landingId, blobName };
}

/** The queue message that requests a poll of a tenant in addition to the timer's. */
export const pollRequestSchema = z.object({
  version: z.literal(1),
  tenantId: z.guid(),
  /** `notified`: Microsoft announced content, see feed-hints.ts. */
  reason: z.enum(['registered', 'handedOver', 'reconcile', 'notified']),
  /** Where an earlier part of the same reconciliation ended. */
  since: z.iso.datetime().optional(),
});
export type PollRequest = z.infer<typeof pollRequestSchema>;

/** Durable when it resolves. */
export interface WorkQueues {
  /** @param delayMs before it is handled, see {@link indexingDelayMs}; none by default */
  requestIndexing(request: IndexRequest, delayMs?: number): Promise<void>;
  /** @param delayMs before it is handled; none by default */
  requestPoll(request: PollRequest, delayMs?: number): Promise<void>;
}

/** Lines of one content blob within a raw blob, in order. */
export interface Run {
  readonly contentType: ContentType;
  readonly contentCreated: Date;
  readonly records: number;
}

/** Landing time, then a hash of the contents: sorts by time, and two landings with the same time differ. */
export function landingIdOf(
  landedAt: Date,
  contents: readonly Pick<ContentBlob, 'contentId'>[],
  part = 0,
): string {
  const hash = createHash('sha256');
  for (const content of contents) hash.update(content.contentId).update('\n');
  const suffix = part === 0 ? '' : `-${part}`;
  return `${landingStamp(landedAt)}-${hash.digest('hex').slice(0, 16)}${suffix}`;
}

/** The prefix of landing ids with this time: `20260302T091407123`. */
export function landingStamp(landedAt: Date): string {
  return landedAt.toISOString().replaceAll(/[-:.Z]/g, '');
}

const rawEnding = '.ndjson.gz';

/** When it landed, as its ID says. */
export function timeOfLanding(landingId: string): Date {
  const [, year, month, day, hour, minute, second, ms] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})/.exec(landingId) ?? [];
  const date = `${year ?? ''}-${month ?? ''}-${day ?? ''}`;
  return new Date(`${date}T${hour ?? ''}:${minute ?? ''}:${second ?? ''}.${ms ?? ''}Z`);
}

/** `tenant=…/date=…/….ndjson.gz`: hive partitions, which analytics engines read directly. */
export function rawBlobName(tenantId: string, landedAt: Date, landingId: string): string {
  return `tenant=${tenantId}/date=${landedAt.toISOString().slice(0, 10)}/${landingId}${rawEnding}`;
}

/** Undefined for any other blob. */
export function landingIdOfBlob(blobName: string): string | undefined {
  const name = blobName.slice(blobName.lastIndexOf('/') + 1);
  return name.endsWith(rawEnding) ? name.slice(0, -rawEnding.length) : undefined;
}

/** What the metadata of a raw blob says of its text and its contents. */
export function hashMetadata({
  textSha256,
  contentsSha256,
}: Pick<Landing, 'textSha256' | 'contentsSha256'>): Readonly<Record<string, string>> {
  return {
    ...(textSha256 === undefined ? {} : { textsha256: textSha256 }),
    ...(contentsSha256 === undefined ? {} : { contentssha256: contentsSha256 }),
  };
}

/** The name of a rejected body in its container. */
export function rejectedBlobName(
  tenantId: string,
  content: Pick<ContentBlob, 'contentId' | 'contentCreated'>,
  sha256: string,
): string {
  const id = createHash('sha256').update(content.contentId).digest('hex').slice(0, 16);
  return `tenant=${tenantId}/date=${content.contentCreated.toISOString().slice(0, 10)}/${id}-${sha256.slice(0, 16)}`;
}

/**
 * Which lines came from which content, so that a raw blob is self-describing: `E120.kf3k1s,S7.…` is
 * content type letter, records, contentCreated in epoch seconds (base 36).
 */
export function encodeRuns(runs: readonly Run[]): string {
  const parts = runs.map(({ contentType, contentCreated, records }) => {
    const seconds = Math.floor(contentCreated.getTime() / 1000).toString(36);
    return `${letterOfContentType(contentType)}${records}.${seconds}`;
  });
  return parts.join(',');
}

/** The inverse of {@link encodeRuns}; unknown letters are skipped. */
export function decodeRuns(text: string): readonly Run[] {
  return text.split(',').flatMap((part) => {
    const [, letter = '', records, seconds = '0'] = /^([A-Z])(\d+)\.([0-9a-z]+)$/.exec(part) ?? [];
    const contentType = contentTypeOfLetter(letter);
    const contentCreated = new Date(parseInt(seconds, 36) * 1000);
    return contentType === undefined ? [] : [{ contentType, contentCreated, records: Number(records) }];
  });
}

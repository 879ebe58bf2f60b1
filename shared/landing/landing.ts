/** A landing: one raw blob with the records of up to 500 content blobs, exactly as delivered. */
import * as z from 'zod';
import { contentTypeSchema } from '../activity/content-types.ts';
import { storedDate } from '../stored-date.ts';

/** What the indexer found in a landing. */
export interface IndexedCounts {
  /** Records in the index because of this landing. */
  readonly indexed: number;
  /** Records that an earlier delivery had already put into the index. */
  readonly duplicates: number;
  /** Records that the retention deletes, which are in the raw blob only; absent: none. */
  readonly pastRetention?: number | undefined;
  /** Of the indexed: no JSON, found by time and text only; or too long, found by what their beginning says. */
  readonly notUnderstood: number;
  readonly rows: number;
  /** All records of the landing are indexed because of it, under the ids that they were delivered with. */
  readonly allOwn?: boolean | undefined;
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
  /** Records that are not in the index because the retention deletes them. */
  readonly pastRetention: number;
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
   * @returns its number in the feed; undefined if it has none
   */
  close(
    tenantId: string,
    landing: Landing,
    counts: IndexedCounts,
    recorded?: RecordedLanding,
  ): Promise<number | undefined>;
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
  readonly counts?: Pick<IndexedCounts, 'indexed' | 'duplicates' | 'pastRetention'> | undefined;
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

/** The index tables, as the indexer writes them and queries read them. */
import type { Dimension, Month } from './keys.ts';
import type { MatchTerm, MatchValues } from './match-columns.ts';

/** Rows one transaction may hold. */
export const maxTransactionRows = 100;

/** One row of a dimension; in `time` rows with the text of the record. */
export interface IndexRow extends StoredText {
  readonly rowKey: string;
  readonly match: MatchValues;
  /** Packed summary. */
  readonly summary: Uint8Array;
}

/** The exact text of a record, or where it is. */
export interface StoredText {
  /** Packed. */
  readonly text?: Uint8Array | undefined;
  /** If the text is too large for a row. */
  readonly textAt?: TextPointer | undefined;
}

export interface TextPointer {
  readonly blobName: string;
  /** From 0. */
  readonly line: number;
}

/**
 * Which landing delivered a record first. Rows belong to the claim's landing and line for good: a later delivery
 * finds the claim taken and changes nothing.
 */
export interface Claim {
  readonly id: string;
  /** Inverted time under which the record's rows are indexed. */
  readonly inverted: string;
  /** First 8 bytes of the landing id's SHA-256. */
  readonly landing: bigint;
  readonly line: number;
  /** First 8 bytes of the content's hash; {@link anySpelling} for what a backfill found. */
  readonly content: bigint;
}

/** In place of the content of a record whose spelling says nothing: it is compared by id and time. */
export const anySpelling = 0n;

export interface Scan {
  readonly month: Month;
  readonly dimension: Dimension;
  /** Row keys greater than this … */
  readonly after: string;
  /** … and less than this. */
  readonly before: string;
  /** All must hold. Storage may apply only some of them: callers check rows themselves. */
  readonly where: readonly MatchTerm[];
  readonly pageSize: number;
  /** Whether rows of `time` include their texts, which are most of their bytes; `textAt` is always included. */
  readonly withTexts: boolean;
  /** Whether rows include what they are filtered by, which is a third of their bytes. @default false */
  readonly withMatch?: boolean | undefined;
  /** Continues after an earlier page of the same scan. */
  readonly token?: string | undefined;
}

export interface ScanPage {
  /** In ascending order of key. */
  readonly rows: readonly IndexRow[];
  /** Absent at the end of the scan. An empty page may have one. */
  readonly token?: string | undefined;
}

export interface RecordIndex {
  /** Writes all claims (at most 100, distinct ids), or none if any id is taken; returns whether it wrote them. */
  createClaims(tenantId: string, claims: readonly Claim[]): Promise<boolean>;
  /** Existing claims by id. */
  readClaims(tenantId: string, ids: readonly string[]): Promise<ReadonlyMap<string, Claim>>;
  /** Writes at most 100 rows with distinct keys, all or none; existing rows are replaced. */
  writeRows(tenantId: string, month: Month, dimension: Dimension, rows: readonly IndexRow[]): Promise<void>;

  /** Months that have rows, newest first. */
  months(tenantId: string): Promise<readonly Month[]>;
  scan(tenantId: string, scan: Scan): Promise<ScanPage>;
  getRow(tenantId: string, month: Month, dimension: Dimension, rowKey: string): Promise<IndexRow | undefined>;
  /** Deletes all rows of a month, for good; succeeds if there are none. Claims stay. */
  dropMonth(tenantId: string, month: Month): Promise<void>;
}

/** Claims in the order of their IDs: what a verification reads of all records. */
export interface ClaimPages {
  /** Claims with IDs in [from, before), in order, at most `limit` (up to 1,000); fewer only if there are no more. */
  claims(tenantId: string, range: ClaimRange): Promise<readonly Claim[]>;
}

export interface ClaimRange {
  readonly from: string;
  readonly before: string;
  readonly limit: number;
}

/** Rows whole, with the columns that they are filtered by: what a verification compares. */
export interface WholeRows {
  /** Rows with keys in [from, through], in order, at most `limit` (up to 1,000); fewer only if there are no more. */
  wholeRows(tenantId: string, range: RowRange): Promise<readonly IndexRow[]>;
}

/** All that a verification reads of an index. */
export interface VerifiedIndex extends RecordIndex, WholeRows, ClaimPages {}

export interface RowRange {
  readonly month: Month;
  readonly dimension: Dimension;
  readonly from: string;
  readonly through: string;
  readonly limit: number;
}

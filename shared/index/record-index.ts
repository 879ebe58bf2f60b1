/** The sink: index tables, as the indexer writes them and queries read them. */
import type { Dimension, Month } from './keys.ts';
import type { MatchColumn, MatchTerm, MatchValue } from './match-columns.ts';

/** Rows one transaction may hold. */
export const maxTransactionRows = 100;

/** One row of a dimension. */
export interface IndexRow {
  readonly rowKey: string;
  readonly match: Partial<Record<MatchColumn, MatchValue>>;
  /** Packed summary. */
  readonly summary: Uint8Array;
  /** Packed exact text; in `time` rows only. */
  readonly text?: Uint8Array | undefined;
  /** Where the text stands when it is too large for a row: landing blob and line; in `time` rows only. */
  readonly textAt?: TextPointer | undefined;
}

export interface TextPointer {
  readonly blobName: string;
  /** From 0. */
  readonly line: number;
}

/**
 * Who brought a record first. Rows belong to the claim's landing and line for ever: whatever is delivered
 * again finds the claim taken and changes nothing.
 */
export interface Claim {
  readonly id: string;
  /** Inverted time of the record, which its rows are found by. */
  readonly inverted: string;
  /** First 8 bytes of the landing id's SHA-256. */
  readonly landing: bigint;
  readonly line: number;
  /** First 8 bytes of the content's hash. */
  readonly content: bigint;
}

export interface Scan {
  readonly month: Month;
  readonly dimension: Dimension;
  /** Row keys greater than this … */
  readonly after: string;
  /** … and less than this. */
  readonly before: string;
  /** All must hold. Storage may apply fewer of them than asked: callers check rows themselves. */
  readonly where: readonly MatchTerm[];
  readonly pageSize: number;
  /** Whether rows of `time` come with their texts, which are most of their bytes; where a text is they tell anyway. */
  readonly withTexts: boolean;
  /** Goes on where an earlier page of the same scan ended. */
  readonly token?: string | undefined;
}

export interface ScanPage {
  /** In ascending order of key. */
  readonly rows: readonly IndexRow[];
  /** Absent when the scan is at its end. A page may be empty and still have one. */
  readonly token?: string | undefined;
}

export interface RecordIndex {
  /** Writes all claims (at most 100, distinct ids) or, when any id is taken, none; tells whether it did. */
  createClaims(tenantId: string, claims: readonly Claim[]): Promise<boolean>;
  /** The claims there are, by id. */
  readClaims(tenantId: string, ids: readonly string[]): Promise<ReadonlyMap<string, Claim>>;
  /** Writes at most 100 rows with distinct keys, all or none; rows that exist are replaced. */
  writeRows(tenantId: string, month: Month, dimension: Dimension, rows: readonly IndexRow[]): Promise<void>;

  /** Months that have a table, newest first. */
  months(tenantId: string): Promise<readonly Month[]>;
  scan(tenantId: string, scan: Scan): Promise<ScanPage>;
  getRow(tenantId: string, month: Month, dimension: Dimension, rowKey: string): Promise<IndexRow | undefined>;
}

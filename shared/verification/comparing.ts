/** What the comparison of one landing's records works with, and what it has found so far. */
import { landingNumber } from '../index/claim-records.ts';
import type { DeliveredRecord } from '../index/delivered-records.ts';
import type { Month } from '../index/keys.ts';
import type { Claim, RecordIndex, WholeRows } from '../index/record-index.ts';
import type { Adding, AllClaims } from './adding.ts';
import type { Difference, DifferenceKind } from './difference.ts';
import type { IndexPlace } from './index-place.ts';

export interface CompareRecordsDeps {
  readonly index: Pick<RecordIndex, 'readClaims'> & WholeRows;
  /** When a landing with this number landed; undefined if there is none. */
  readonly landedAt: (landing: bigint) => Promise<Date | undefined>;
  /** Whether the landing with this number waits for the indexer. */
  readonly isWaiting: (landing: bigint) => Promise<boolean>;
  /** Requests in flight. */
  readonly concurrency: number;
  /** Records before this moment are not compared with the index: the retention deletes them. @default all are */
  readonly keptFrom?: Date | undefined;
  /** Adds claims and rows up, to be compared with all of the index at once. @default each is read and compared */
  readonly adding?: Adding | undefined;
  /** All claims, to find those that name a landing and belong to none of its records. */
  readonly claims?: AllClaims | undefined;
  /** Gets each row that must exist because of the landing. */
  readonly explained?: ((place: IndexPlace, rowKey: string) => void) | undefined;
}

/** The landing whose records are compared. */
export interface ComparedLanding {
  readonly tenantId: string;
  readonly landingId: string;
  readonly blobName: string;
}

export interface RecordCounts {
  readonly records: number;
  /** Records that are in the index because of this landing. */
  readonly indexed: number;
  /** Rows of the index that were compared. */
  readonly rows: number;
  /** Records that were not compared with the index, as the retention deletes them. */
  readonly pastRetention: number;
}

export type Report = (difference: Difference) => void;

export interface Comparing extends CompareRecordsDeps {
  readonly landing: ComparedLanding;
  readonly report: Report;
  readonly tally: { -readonly [Name in keyof RecordCounts]: RecordCounts[Name] };
  /** What the claim of each line so far says of its content, by line. */
  readonly contents: bigint[];
  /** Lines that count as duplicates of another line of this landing. */
  readonly repeated: { readonly placed: DeliveredRecord; readonly holder: Claim }[];
  /** Of the landing. */
  readonly number: bigint;
  /** Sum of the digests of its claims. */
  readonly owned: { sum: bigint; isUncertain: boolean };
  /** Duplicates that were not found where their owner would have them. */
  readonly notFound: Duplicate[];
}

/** A record whose row was not found where the landing that has its claim would have it. */
export interface Duplicate {
  readonly placed: DeliveredRecord;
  readonly owner: bigint;
  readonly month: Month;
  readonly rowKey: string;
}

/** Nothing is compared yet. */
export function startComparing(
  deps: CompareRecordsDeps,
  landing: ComparedLanding,
  report: Report,
): Comparing {
  return {
    ...deps,
    landing,
    report,
    tally: { records: 0, indexed: 0, rows: 0, pastRetention: 0 },
    contents: [],
    repeated: [],
    notFound: [],
    number: landingNumber(landing.landingId),
    owned: { sum: 0n, isUncertain: false },
  };
}

/** Reports a difference of one record. */
export function differs(
  { landing: { landingId, blobName }, report }: Comparing,
  kind: DifferenceKind,
  { id: recordId, line }: DeliveredRecord,
  more: Pick<Difference, 'table' | 'detail'> = {},
): void {
  report({ kind, landingId, blobName, recordId, line, ...more });
}

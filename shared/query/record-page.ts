/** A page of records, and where the next one begins. */
import type { RecordFilters } from './filters.ts';
import type { FoundRecord } from './found-record.ts';
import type { Places } from './reading/place.ts';
import type { Order } from './record-query.ts';

/** Where a question goes on; empty for its first page. */
export interface QueryPosition {
  /** Moment of the first page: records ingested later are left out of the following ones. */
  readonly snapshot?: Date | undefined;
  /** What was complete then; absent when not everything had been listed. */
  readonly completeThrough?: Date | undefined;
  /** Time of the last record that was counted. */
  readonly countedTo?: Date | undefined;
  readonly places?: Places | undefined;
  /** Oldest first only. */
  readonly slice?: SlicePosition | undefined;
}

/** The slice of time that comes next, [lower, lower + width), in epoch milliseconds. */
export interface SlicePosition {
  readonly lower: number;
  readonly width: number;
  /** Order key of the last record given; only records before it are still wanted. */
  readonly before?: string | undefined;
}

export interface ListOptions {
  /** Records of several tenants are merged by time. */
  readonly tenantIds: readonly string[];
  readonly filters: RecordFilters;
  readonly top: number;
  /** Newest first when absent. */
  readonly order?: Order | undefined;
  readonly position: QueryPosition;
}

/** What reading one page gives. */
export interface ReadPage {
  readonly records: readonly FoundRecord[];
  /** Absent on the last page. */
  readonly next?: QueryPosition | undefined;
}

export interface RecordPage extends ReadPage {
  /** What it cost. */
  readonly requests: number;
  readonly rowsRead: number;
}

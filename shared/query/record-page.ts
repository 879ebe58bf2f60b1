/** A page of records, and where the next one starts. */
import type { TextRoom } from './expand-texts.ts';
import type { FoundRecord } from './found-record.ts';
import type { ReadCost } from './reading/budget.ts';
import type { Cursors } from './reading/cursor.ts';
import type { Query } from './reading/execute-query.ts';
import type { Order } from './record-query.ts';

/** Where a query continues; empty for its first page. */
export interface QueryPosition {
  /**
   * Moment of the first page, by the clock of the host that answered it: records ingested later are left out of the
   * following ones, unless they are from before `completeThrough`.
   */
  readonly snapshot?: Date | undefined;
  /** Completeness at that moment; absent when not everything had been listed. */
  readonly completeThrough?: Date | undefined;
  /** The end of the range, where what is complete was requested: that of the first page. */
  readonly completeTo?: Date | undefined;
  /** Time of the last record that was counted. */
  readonly countedTo?: Date | undefined;
  readonly cursors?: Cursors | undefined;
  /** Oldest first only. */
  readonly slice?: SlicePosition | undefined;
}

/** The next slice of time, [lower, lower + width), in epoch milliseconds. */
export interface SlicePosition {
  readonly lower: number;
  readonly width: number;
  /** Order key of the last record returned; only records before it are still wanted. */
  readonly before?: string | undefined;
}

/** What to read of one or several tenants, merged by time. */
export interface ListOptions extends Omit<Query, 'snapshot' | 'completeThrough'> {
  readonly top: number;
  /** Newest first when absent. */
  readonly order?: Order | undefined;
  readonly position: QueryPosition;
  /** Ends the page where the texts of its records no longer fit. */
  readonly room?: TextRoom | undefined;
}

/** The result of reading one page. */
export interface ReadPage {
  readonly records: readonly FoundRecord[];
  /** Absent on the last page. */
  readonly next?: QueryPosition | undefined;
}

export interface RecordPage extends ReadPage, ReadCost {}

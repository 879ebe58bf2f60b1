/** Queries of the feed: the filters of a list, where to begin, and where to continue. */
import type { RecordFilters } from '../query/filters.ts';
import type { RecordMember } from '../records/members.ts';

export interface FeedQuery {
  readonly filters: RecordFilters;
  /** Maximum number of records in one answer. */
  readonly top: number;
  readonly select?: readonly RecordMember[] | undefined;
  /** Absent on the first call. */
  readonly triggerState?: string | undefined;
  /** Where a first call begins: after all existing records, or before them. */
  readonly start: 'now' | 'beginning';
}

/** The query of parsed parameters. */
export function toFeedQuery({
  top,
  select,
  triggerState,
  start,
  ...filters
}: RecordFilters & Omit<FeedQuery, 'filters'>): FeedQuery {
  return { filters, top, select, triggerState, start };
}

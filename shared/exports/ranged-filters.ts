/** The filters of an export that was started. */
import { withEnd } from '../query/complete-range.ts';
import type { RecordFilters } from '../query/filters.ts';
import type { Export } from './export.ts';
import { filtersOf } from './export-request.ts';

/** With the end that was fixed when it was requested. */
export function rangedFiltersOf({ request, state }: Pick<Export, 'request' | 'state'>): RecordFilters {
  return withEnd(filtersOf(request.filters), state.completeTo ?? state.ingestedThrough);
}

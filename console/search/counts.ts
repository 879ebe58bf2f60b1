/** Counts of what a search finds. */
import { useInfiniteQuery } from '@tanstack/preact-query';
import { answerOf, api } from '../api/client.ts';
import { tokenIn } from '../api/paging.ts';
import type { AnswerTo } from '../api/paths.ts';
import { groupKeyOf } from './count-keys.ts';
import { once } from './queries.ts';
import { askedQuery, type SearchState } from './search-state.ts';
import type { TimeRange } from './time-range.ts';

export type Group = AnswerTo<'CountRecordsOfTenants'>['value'][number];

/** Where more is not known, that is said, and not taken for nothing. */
export interface Counts {
  /** Of all parts so far, each value once. */
  readonly groups: readonly Group[];
  readonly total: number;
  /** Records of values that are not listed. */
  readonly others: number;
}

/** The value of a group; undefined for that of records without one. */
export function valueOf(group: Group, key: ReturnType<typeof groupKeyOf>): string | undefined {
  const value: unknown = Object.hasOwn(group, key) ? Reflect.get(group, key) : undefined;
  return typeof value === 'string' ? value : undefined;
}

/**
 * One request; if that counts only a part, the rest is counted when `fetchNextPage` is called.
 * @param isWanted false: not loaded yet, so that the records come first
 */
export function useCounts(state: SearchState, range: TimeRange, isWanted: boolean) {
  const groupBy = groupKeyOf(state.counts, range);
  const query = { ...askedQuery(state, range), groupBy };
  return useInfiniteQuery({
    queryKey: ['search', 'counts', query],
    queryFn: ({ pageParam, signal }) =>
      answerOf(
        api.GET('/records/summary', {
          params: { query: { ...query, ...(pageParam === '' ? {} : { skiptoken: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: tokenIn,
    select: ({ pages }) => summedUp(pages, groupBy),
    enabled: isWanted,
    ...once,
  });
}

type Part = Pick<AnswerTo<'CountRecordsOfTenants'>, 'value' | 'total' | 'other'>;

function summedUp(parts: readonly Part[], key: ReturnType<typeof groupKeyOf>): Counts {
  const sums = new Map<string | undefined, Group>();
  for (const group of parts.flatMap(({ value }) => value)) {
    const same = valueOf(group, key);
    sums.set(same, { ...group, count: group.count + (sums.get(same)?.count ?? 0) });
  }
  return {
    groups: [...sums.values()],
    total: parts.reduce((sum, { total }) => sum + total, 0),
    others: parts.reduce((sum, { other }) => sum + (other?.count ?? 0), 0),
  };
}

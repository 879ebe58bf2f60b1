/** Lists of which only some pages are there. */
import { useInfiniteQuery, type QueryKey } from '@tanstack/preact-query';
import { filledPage, tokenIn, type Ask } from './paging.ts';

export interface Pages<Item> {
  /** Those that are there, in the order of the API; undefined before the first answer. */
  readonly data: readonly Item[] | undefined;
  readonly error: unknown;
  readonly refetch: () => unknown;
  /** Whether the API has more of them. */
  readonly hasMore: boolean;
  readonly isAsking: boolean;
  readonly more: () => void;
}

const refreshMs = 2000;

/**
 * @param ask for the page that a token continues with; the first one without
 * @param isChanging whether the API may answer otherwise soon, so that the pages that are there are loaded again every two seconds
 */
export function usePages<Item>(
  queryKey: QueryKey,
  ask: Ask<Item>,
  isChanging: (items: readonly Item[]) => boolean = () => false,
): Pages<Item> {
  const query = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam }) => filledPage(ask, pageParam),
    initialPageParam: '',
    getNextPageParam: tokenIn,
    // It would load all pages again.
    refetchOnWindowFocus: false,
    refetchInterval: ({ state }) =>
      isChanging(state.data?.pages.flatMap(({ value }) => value) ?? []) ? refreshMs : false,
  });
  return {
    data: query.data?.pages.flatMap(({ value }) => value),
    error: query.error,
    refetch: query.refetch,
    hasMore: query.hasNextPage,
    isAsking: query.isFetchingNextPage,
    more: () => void query.fetchNextPage(),
  };
}

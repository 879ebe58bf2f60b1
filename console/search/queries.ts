/** What a search asks for. */
import { useInfiniteQuery, useQuery } from '@tanstack/preact-query';
import { useMemo } from 'preact/hooks';
import { answerOf, api } from '../api/client.ts';
import { tokenIn } from '../api/paging.ts';
import type { AnswerTo } from '../api/paths.ts';
import type { Vocabulary } from './filter-fields.ts';
import { askedQuery, type SearchState } from './search-state.ts';
import type { TimeRange } from './time-range.ts';

/** A record with all that was delivered. */
export type WholeRecord = AnswerTo<'GetRecord'>;

/** Records of a page: a few screens, so that the first page is there soon. */
const pageSize = 200;

/** Rows that a page holds: they need 90 MB, and the list is not higher than browsers allow (17 million pixels in Firefox). */
const mostRows = 250_000;

/**
 * All answers are about the same records, whenever a page is loaded: `range` ends at a fixed time, and nothing is
 * loaded again on its own. Answers to a search that was left are dropped, and what is on its way is ended.
 */
export const once = { staleTime: Infinity, refetchOnWindowFocus: false, refetchOnReconnect: false } as const;

export function useRecords(state: SearchState, range: TimeRange) {
  const orderby = state.order === 'oldest' ? 'createdDateTime asc' : 'createdDateTime desc';
  const query = { ...askedQuery(state, range), orderby, top: pageSize };
  const records = useInfiniteQuery({
    queryKey: ['search', 'records', query],
    queryFn: ({ pageParam, signal }) =>
      answerOf(api.GET('/records', { params: { query: { ...query, ...pageParam } }, signal })),
    initialPageParam: firstPage,
    getNextPageParam: skiptokenOf,
    // Comparing all records of all pages with each other would take longer than showing them.
    structuralSharing: false,
    ...once,
  });
  const rows = useMemo(() => records.data?.pages.flatMap(({ value }) => value) ?? [], [records.data]);
  return { ...records, rows, isFull: records.hasNextPage && rows.length >= mostRows };
}

interface PageParam {
  readonly skiptoken?: string;
}

const firstPage: PageParam = {};

function skiptokenOf(page: { readonly nextLink?: string | undefined }): PageParam | undefined {
  const skiptoken = tokenIn(page);
  return skiptoken === undefined ? undefined : { skiptoken };
}

/** The record with its members and its parsed data. */
export function useRecord(tenantId: string, recordId: string) {
  return useQuery({
    queryKey: ['search', 'record', tenantId, recordId],
    queryFn: ({ signal }) =>
      answerOf(
        api.GET('/tenants/{tenantId}/records/{recordId}', {
          params: { path: { tenantId, recordId } },
          signal,
        }),
      ),
    ...once,
  });
}

/** The bytes that were delivered; only loaded when they are shown. */
export function useDelivered(tenantId: string, recordId: string) {
  return useQuery({
    queryKey: ['search', 'delivered', tenantId, recordId],
    queryFn: async ({ signal }) => {
      const path = '/tenants/{tenantId}/records/{recordId}/auditData' as const;
      const params = { path: { tenantId, recordId } };
      return await answerOf(api.GET(path, { params, signal, parseAs: 'arrayBuffer' }));
    },
    ...once,
  });
}

export interface Choice {
  readonly name: string;
  readonly displayName: string;
}

/** Values that a filter offers. @param isWanted false: not loaded yet, so that the records come first */
export function useVocabulary(name: Vocabulary, isWanted: boolean) {
  return useQuery<readonly Choice[]>({
    queryKey: ['vocabulary', name],
    queryFn: async () => (await answerOf(api.GET(`/${name}`))).value,
    enabled: isWanted,
    staleTime: Infinity,
  });
}

/** All tenants, each tag, and each tenant. */
export function useTenantChoices(isWanted: boolean) {
  return useQuery<readonly Choice[]>({
    queryKey: ['tenants', 'choices'],
    queryFn: async () => (await answerOf(api.GET('/tenantChoices'))).value,
    enabled: isWanted,
  });
}

/** The readable name of a value. */
export function nameIn(choices: readonly Choice[] | undefined, value: string): string {
  return choices?.find(({ name }) => name.toLowerCase() === value.toLowerCase())?.displayName ?? value;
}

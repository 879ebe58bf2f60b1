/** What exports of a search ask for. */
import { useQuery } from '@tanstack/preact-query';
import { answerOf, api } from '../api/client.ts';
import type { AnswerTo } from '../api/paths.ts';
import { membersOf } from './column-ids.ts';
import { askedQuery, shownColumns, type SearchState } from './search-state.ts';
import type { TimeRange } from './time-range.ts';

export type ExportView = AnswerTo<'GetBundle'>;

export const exportsKey = ['search', 'exports'] as const;

export interface Wanted {
  readonly state: SearchState;
  readonly range: TimeRange;
  readonly format: 'csvFlat' | 'xlsx';
}

/** The records, the tenants, and the columns that the list has. */
export function startExport({ state, range, format }: Wanted) {
  const form = {
    layout: 'oneFile',
    format,
    bom: format === 'csvFlat',
    select: membersOf(shownColumns(state)),
  } as const;
  const body = { ...askedQuery(state, range), ...form };
  return answerOf(api.POST('/exports', { body }));
}

const refreshMs = 1000;

/** Asked again while it is being written. */
export function useExport(bundleId: string) {
  return useQuery({
    queryKey: [...exportsKey, bundleId],
    queryFn: () => answerOf(api.GET('/exports/{bundleId}', { params: { path: { bundleId } } })),
    refetchInterval: ({ state }) => (isWriting(state.data?.status) ? refreshMs : false),
  });
}

/** The newest, of everyone who sees the same tenants. @param isWanted false: not loaded yet */
export function useExports(isWanted: boolean) {
  return useQuery({
    queryKey: exportsKey,
    queryFn: async () => (await answerOf(api.GET('/exports', { params: { query: { top: 10 } } }))).value,
    enabled: isWanted,
  });
}

export function cancelExport(bundleId: string) {
  return answerOf(api.POST('/exports/{bundleId}/cancel', { params: { path: { bundleId } } }));
}

/** @throws ApiError when the API refuses, or nothing answers */
export async function contentOf(bundleId: string): Promise<Blob> {
  const params = { path: { bundleId } };
  return await answerOf(api.GET('/exports/{bundleId}/content', { params, parseAs: 'blob' }));
}

export function isWriting(status: string | undefined): boolean {
  return status === 'NotStarted' || status === 'Running' || status === 'Waiting';
}

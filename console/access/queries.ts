/** What the pages of access ask the API. */
import { useQuery } from '@tanstack/preact-query';
import { answerOf, api } from '../api/client.ts';
import type { Paths } from '../api/paths.ts';
import { usePages } from '../api/pages.ts';

export const keysKey = ['keys'] as const;

export function useKeys() {
  return useQuery({ queryKey: keysKey, queryFn: () => answerOf(api.GET('/keys')) });
}

type NewKey = Paths['/keys']['post']['requestBody']['content']['application/json'];
export type CreatedKey = Awaited<ReturnType<typeof createKey>>;

/** The key itself is in this answer and in no other. */
export function createKey(body: NewKey) {
  return answerOf(api.POST('/keys', { body }));
}

export interface LogFilters {
  readonly tenant?: string;
  readonly caller?: string;
  readonly from?: string;
  readonly to?: string;
}

export function useAccessLog(filters: LogFilters) {
  return usePages(['access-log', filters], (continued) =>
    answerOf(api.GET('/access-log', { params: { query: { ...filters, ...continued } } })),
  );
}

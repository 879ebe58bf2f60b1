/** Watches: which rules are applied to new records. */
import { useQuery } from '@tanstack/preact-query';
import { answerOf, api, doneOf } from '../api/client.ts';
import type { NewSuppression, NewWatch, RuleSource } from './watch-texts.ts';

export const watchesKey = ['watches'] as const;

const at = (watchId: string) => ({ params: { path: { watchId } } });

export function useWatches({ enabled = true }: { readonly enabled?: boolean } = {}) {
  return useQuery({ queryKey: watchesKey, queryFn: () => answerOf(api.GET('/watches')), enabled });
}

export function useWatch(watchId: string) {
  return useQuery({
    queryKey: [...watchesKey, watchId],
    queryFn: () => answerOf(api.GET('/watches/{watchId}', at(watchId))),
  });
}

/** The rules that come with Auditkeep. */
export function usePackRules() {
  return useQuery({
    queryKey: ['packRules'],
    queryFn: () => answerOf(api.GET('/packRules')),
    staleTime: Infinity,
  });
}

export function createWatch(body: NewWatch) {
  return answerOf(api.POST('/watches', { body }));
}

export function enableWatch(watchId: string, enabled: boolean) {
  return answerOf(api.PATCH('/watches/{watchId}', { ...at(watchId), body: { enabled } }));
}

export function deleteWatch(watchId: string) {
  return doneOf(api.DELETE('/watches/{watchId}', at(watchId)));
}

export function suppress(watchId: string, body: NewSuppression) {
  return answerOf(api.POST('/watches/{watchId}/suppressions', { ...at(watchId), body }));
}

export function endSuppression(watchId: string, suppressionId: string) {
  const params = { path: { watchId, suppressionId } };
  return doneOf(api.DELETE('/watches/{watchId}/suppressions/{suppressionId}', { params }));
}

export const dryRunDays = 30;

/** @param tenants terms of a set */
export function dryRun(source: RuleSource, tenants: readonly string[]) {
  return answerOf(api.POST('/dryRuns', { body: { ...source, tenants: [...tenants], days: dryRunDays } }));
}

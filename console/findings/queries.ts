/** Findings: what watches found. */
import { useQuery } from '@tanstack/preact-query';
import { answerOf, api } from '../api/client.ts';
import { usePages } from '../api/pages.ts';
import type { Finding } from './finding-texts.ts';

export const findingsKey = ['findings'] as const;

/** Of a page, in the form of the API; absent: all. */
export interface FindingFilters {
  readonly tenants?: string;
  readonly state?: string;
  readonly severity?: string;
  readonly watchId?: string;
}

/** Newest first. */
export function useFindings(filters: FindingFilters) {
  return usePages([...findingsKey, 'list', filters], (continued) =>
    answerOf(api.GET('/findings', { params: { query: { ...filters, ...continued } } })),
  );
}

const at = (tenantId: string, findingId: string) => ({ params: { path: { tenantId, findingId } } });

export function useFinding(tenantId: string, findingId: string) {
  return useQuery({
    queryKey: [...findingsKey, tenantId, findingId],
    queryFn: () => answerOf(api.GET('/tenants/{tenantId}/findings/{findingId}', at(tenantId, findingId))),
  });
}

/** What someone makes of a finding; without a reason, an earlier one is not kept. */
export interface Decision {
  readonly state: Finding['state'];
  readonly reason?: string;
}

export function changeFinding({ tenantId, id }: Pick<Finding, 'tenantId' | 'id'>, body: Decision) {
  return answerOf(api.PATCH('/tenants/{tenantId}/findings/{findingId}', { ...at(tenantId, id), body }));
}

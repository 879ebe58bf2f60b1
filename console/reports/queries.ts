/** What the pages of reports ask for. */
import { useQuery } from '@tanstack/preact-query';
import type { ReportContent } from '../../shared/api/schemas/reports.ts';
import { answerOf, api } from '../api/client.ts';
import type { AnswerTo } from '../api/paths.ts';
import { kindsIn } from './kinds-in.ts';

export const reportsKey = ['reports'] as const;
export type ReportView = AnswerTo<'GetReport'>;
export type { ReportContent };

/** Of this release of the app. */
export function useKinds() {
  return useQuery({
    queryKey: ['reportKinds'],
    queryFn: async () => kindsIn(await answerOf(api.GET('/openapi.json'))),
    staleTime: Infinity,
  });
}

const refreshMs = 2000;

/** The newest 100; asked again while one of them is computed. */
export function useReports(tenantId: string) {
  return useQuery({
    queryKey: [...reportsKey, tenantId],
    queryFn: async () =>
      (await answerOf(api.GET('/tenants/{tenantId}/reports', { params: { path: { tenantId } } }))).value,
    refetchInterval: ({ state }) =>
      state.data?.some(({ status }) => isRunning(status)) === true ? refreshMs : false,
  });
}

/** Asked again while it is computed. */
export function useReport(tenantId: string, reportId: string) {
  return useQuery({
    queryKey: [...reportsKey, tenantId, reportId],
    queryFn: () =>
      answerOf(
        api.GET('/tenants/{tenantId}/reports/{reportId}', { params: { path: { tenantId, reportId } } }),
      ),
    refetchInterval: ({ state }) => (isRunning(state.data?.status) ? refreshMs : false),
  });
}

/** The whole report; it never changes. */
export function useContent(tenantId: string, reportId: string) {
  return useQuery({
    queryKey: [...reportsKey, tenantId, reportId, 'content'],
    queryFn: async ({ signal }) => {
      const params = { path: { tenantId, reportId } };
      const path = '/tenants/{tenantId}/reports/{reportId}/content' as const;
      // Declared as unknown, because other formats are not JSON.
      return (await answerOf(api.GET(path, { params, signal }))) as ReportContent;
    },
    staleTime: Infinity,
  });
}

/** @throws ApiError when the API refuses, or nothing answers */
export async function contentAs(
  { tenantId, id }: Pick<ReportView, 'tenantId' | 'id'>,
  query: { readonly format: string; readonly table?: string },
): Promise<Blob> {
  const params = { path: { tenantId, reportId: id }, query };
  const path = '/tenants/{tenantId}/reports/{reportId}/content' as const;
  return await answerOf(api.GET(path, { params, parseAs: 'blob' }));
}

export function isRunning(status: string | undefined): boolean {
  return status === 'NotStarted' || status === 'Running';
}

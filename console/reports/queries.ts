/** What the pages of reports ask for. */
import { useQuery } from '@tanstack/preact-query';
import type { ReportContent } from '../../shared/api/schemas/reports.ts';
import { answerOf, api } from '../api/client.ts';
import { usePages } from '../api/pages.ts';
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

const setsKey = [...reportsKey, 'sets'] as const;

/** Of all callers who see the same tenants, the newest first; asked again while one of them is computed. */
export function useReportSets() {
  return usePages(
    setsKey,
    (query) => answerOf(api.GET('/reports', { params: { query } })),
    (sets) => sets.some(({ status }) => isRunning(status)),
  );
}

/** Of one on several tenants, its tenants, and its content. */
export function keyOfSet(reportSetId: string) {
  return [...setsKey, reportSetId] as const;
}

/** Asked again while it is computed. */
export function useReportSet(reportSetId: string) {
  return useQuery({
    queryKey: keyOfSet(reportSetId),
    queryFn: () => answerOf(api.GET('/reports/{reportSetId}', { params: { path: { reportSetId } } })),
    refetchInterval: ({ state }) => (isRunning(state.data?.status) ? refreshMs : false),
  });
}

export function keyOfSetTenants(reportSetId: string) {
  return [...setsKey, reportSetId, 'tenants'] as const;
}

/** What became of each of its tenants, the worst first. */
export function useReportSetTenants(reportSetId: string) {
  return usePages(keyOfSetTenants(reportSetId), (query) =>
    answerOf(api.GET('/reports/{reportSetId}/tenants', { params: { path: { reportSetId }, query } })),
  );
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

/** Which form of a report, and which of its tables. */
export interface Form {
  readonly format: string;
  readonly table?: string;
}

/** @throws ApiError when the API refuses, or nothing answers */
export async function contentOfSetAs(reportSetId: string, query: Form): Promise<Blob> {
  const params = { path: { reportSetId }, query };
  return await answerOf(api.GET('/reports/{reportSetId}/content', { params, parseAs: 'blob' }));
}

/** @throws ApiError when the API refuses, or nothing answers */
export async function contentAs(
  { tenantId, id }: Pick<ReportView, 'tenantId' | 'id'>,
  query: Form,
): Promise<Blob> {
  const params = { path: { tenantId, reportId: id }, query };
  const path = '/tenants/{tenantId}/reports/{reportId}/content' as const;
  return await answerOf(api.GET(path, { params, parseAs: 'blob' }));
}

export function isRunning(status: string | undefined): boolean {
  return status === 'NotStarted' || status === 'Running';
}

/** What the pages of ingestion ask for. */
import { useQuery } from '@tanstack/preact-query';
import { allPages, answerOf, api } from '../api/client.ts';
import { usePages } from '../api/pages.ts';
import { isRunning } from '../tenants/queries.ts';

export const ingestionKey = ['ingestion'] as const;

/** Of all tenants in a set: all pages, because those of many tenants begin with empty ones. @param tenants as the API takes it */
export function useIngestionOf(tenants: string) {
  return useQuery({
    queryKey: [...ingestionKey, 'list', tenants],
    queryFn: () =>
      allPages((skiptoken) =>
        answerOf(
          api.GET('/ingestion', {
            params: { query: { tenants, ...(skiptoken === undefined ? {} : { skiptoken }) } },
          }),
        ),
      ),
  });
}

export function useRejectedBodies(tenantId: string) {
  return usePages([...ingestionKey, tenantId, 'rejected'], (continued) =>
    answerOf(
      api.GET('/tenants/{tenantId}/rejectedBodies', { params: { path: { tenantId }, query: continued } }),
    ),
  );
}

export interface LedgerFilters {
  readonly contentType?: string;
  readonly state?: string;
  readonly from?: string;
  readonly to?: string;
}

export function useLedger(tenantId: string, filters: LedgerFilters) {
  return usePages([...ingestionKey, tenantId, 'ledger', filters], (continued) =>
    answerOf(
      api.GET('/tenants/{tenantId}/ingestion/ledger', {
        params: { path: { tenantId }, query: { ...filters, ...continued } },
      }),
    ),
  );
}

const refreshMs = 2000;

/** Asked again while one is running. */
export function useVerifications(tenantId: string) {
  return useQuery({
    queryKey: [...ingestionKey, tenantId, 'verifications'],
    queryFn: () =>
      answerOf(api.GET('/tenants/{tenantId}/ingestion/verifications', { params: { path: { tenantId } } })),
    refetchInterval: ({ state }) =>
      state.data?.value.some(({ status }) => isRunning(status)) === true ? refreshMs : false,
  });
}

/** Asked again while it is running. */
export function useVerification(tenantId: string, verificationId: string) {
  return useQuery({
    queryKey: [...ingestionKey, tenantId, 'verifications', verificationId],
    queryFn: () =>
      answerOf(
        api.GET('/tenants/{tenantId}/ingestion/verifications/{verificationId}', {
          params: { path: { tenantId, verificationId } },
        }),
      ),
    refetchInterval: ({ state }) => (isRunning(state.data?.status) ? refreshMs : false),
  });
}

/** With its differences. */
export function useVerificationResult(tenantId: string, verificationId: string) {
  return useQuery({
    queryKey: [...ingestionKey, tenantId, 'verifications', verificationId, 'result'],
    queryFn: () =>
      answerOf(
        api.GET('/tenants/{tenantId}/ingestion/verifications/{verificationId}/result', {
          params: { path: { tenantId, verificationId } },
        }),
      ),
  });
}

/** What the pages of tenants ask for. Keys begin with `tenants`, so that a change can renew all of them. */
import { useQuery } from '@tanstack/preact-query';
import { allPages, answerOf, api } from '../api/client.ts';

export const tenantsKey = ['tenants'] as const;

export function useTenants({ enabled = true }: { readonly enabled?: boolean } = {}) {
  return useQuery({
    queryKey: [...tenantsKey, 'list'],
    queryFn: () => answerOf(api.GET('/tenants')),
    enabled,
  });
}

/** Of all tenants that the session sees. */
export function useAllIngestion() {
  return useQuery({
    queryKey: [...tenantsKey, 'ingestion'],
    queryFn: () =>
      allPages((skiptoken) => answerOf(api.GET('/ingestion', { params: { query: pageOf(skiptoken) } }))),
  });
}

/** Of all tenants that the session sees. */
export function useAllPostures() {
  return useQuery({
    queryKey: [...tenantsKey, 'posture'],
    queryFn: () =>
      allPages((skiptoken) => answerOf(api.GET('/posture', { params: { query: pageOf(skiptoken) } }))),
  });
}

function pageOf(skiptoken: string | undefined) {
  return skiptoken === undefined ? {} : { skiptoken };
}

const at = (tenantId: string) => ({ params: { path: { tenantId } } });

export function useTenant(tenantId: string) {
  return useQuery({
    queryKey: [...tenantsKey, tenantId],
    queryFn: () => answerOf(api.GET('/tenants/{tenantId}', at(tenantId))),
  });
}

export function usePostures(tenantId: string) {
  return useQuery({
    queryKey: [...tenantsKey, tenantId, 'posture'],
    queryFn: () => answerOf(api.GET('/tenants/{tenantId}/posture', at(tenantId))),
  });
}

export function useIngestion(tenantId: string) {
  return useQuery({
    queryKey: [...tenantsKey, tenantId, 'ingestion'],
    queryFn: () => answerOf(api.GET('/tenants/{tenantId}/ingestion', at(tenantId))),
  });
}

/** All gaps. */
export function useGaps(tenantId: string) {
  return useQuery({
    queryKey: [...tenantsKey, tenantId, 'gaps'],
    queryFn: () =>
      allPages((skiptoken) =>
        answerOf(
          api.GET('/tenants/{tenantId}/ingestion/gaps', {
            params: { path: { tenantId }, query: pageOf(skiptoken) },
          }),
        ),
      ),
  });
}

const refreshMs = 2000;

/** Asked again while it is running. */
export function useEnablement(tenantId: string, enablementId: string) {
  return useQuery({
    queryKey: [...tenantsKey, tenantId, 'enablements', enablementId],
    queryFn: () =>
      answerOf(
        api.GET('/tenants/{tenantId}/enablements/{enablementId}', {
          params: { path: { tenantId, enablementId } },
        }),
      ),
    refetchInterval: ({ state }) => (isRunning(state.data?.status) ? refreshMs : false),
  });
}

/** Asked again while it is running. */
export function useOnboarding(onboardingId: string) {
  return useQuery({
    queryKey: ['onboardings', onboardingId],
    queryFn: () => answerOf(api.GET('/onboardings/{onboardingId}', { params: { path: { onboardingId } } })),
    refetchInterval: ({ state }) => (isRunning(state.data?.status) ? refreshMs : false),
  });
}

export function isRunning(status: string | undefined): boolean {
  return status === 'NotStarted' || status === 'Running';
}

import { useQuery } from '@tanstack/preact-query';
import { answerOf, api } from '../api/client.ts';
import { useTenants } from '../tenants/queries.ts';
import { needs, refusalFor, type Action } from './permissions.ts';

const fiveMinutesMs = 300_000;

/** Who is signed in, as the API knows it. */
export function useCaller() {
  return useQuery({
    queryKey: ['me'],
    queryFn: () => answerOf(api.GET('/me')),
    staleTime: fiveMinutesMs,
  });
}

/** Why the session may do this nowhere; undefined if it may, or if that is not known yet. */
export function useRefusal(action: Action): string | undefined {
  return refusalFor(useCaller().data?.access, action);
}

/** As {@link useRefusal}, in one tenant. */
export function useRefusalIn(tenantId: string, action: Action): string | undefined {
  const access = useCaller().data?.access;
  const isByTag = access?.some(({ tenants }) => tenants.includes('tag:')) ?? false;
  const tenants = useTenants({ enabled: isByTag }).data?.value;
  const tags = tenants?.find((tenant) => tenant.tenantId === tenantId)?.tags;
  return refusalFor(access, action, { tenantId, tags });
}

/** Whether a page may ask the API for what it shows. Most callers may read, so pages that only read do not wait for it. */
export function usePagePermission(
  actions: readonly Action[],
): 'allowed' | 'unknown' | { readonly refusal: string } {
  const { data, isPending } = useCaller();
  if (isPending && actions.every((action) => needs[action].scope !== 'records.read')) return 'unknown';
  const refusals = actions.map((action) => refusalFor(data?.access, action));
  const [refusal] = refusals;
  return refusal === undefined || refusals.includes(undefined) ? 'allowed' : { refusal };
}

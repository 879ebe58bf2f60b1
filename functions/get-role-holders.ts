/** `GET /tenants/{tenantId}/roleHolders`: who holds, or held in a range of days, Global Administrator. */
import type { HttpFunctionOptions } from '@azure/functions';
import { parseRange } from '../shared/query/filters.ts';
import { mergeSnapshots, type RoleHolderStore } from '../shared/tenants/role-holders.ts';
import { authenticated, pathParameter, type HttpDeps } from './http.ts';

export interface RoleHoldersDeps extends HttpDeps {
  readonly roleHolders: RoleHolderStore;
  readonly now: () => Date;
}

const defaultDays = 30;

export function getRoleHoldersFunction(deps: RoleHoldersDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['GET'],
    route: 'tenants/{tenantId}/roleHolders',
    async handler({ request, caller }) {
      const tenant = await deps.access.openTenant(caller, pathParameter(request, 'tenantId'), 'records.read');
      const { from, to = deps.now() } = parseRange(request.query);
      const start = from ?? new Date(to.getTime() - defaultDays * 24 * 60 * 60_000);
      const snapshots = await deps.roleHolders.list(tenant.tenantId, start, to);
      const value = mergeSnapshots(snapshots).map(({ firstSeenDateTime, lastSeenDateTime, ...holder }) => ({
        ...holder,
        firstSeenDateTime: firstSeenDateTime.toISOString(),
        lastSeenDateTime: lastSeenDateTime.toISOString(),
      }));
      return { jsonBody: { generatedDateTime: snapshots.at(-1)?.takenAt.toISOString(), value } };
    },
  });
}

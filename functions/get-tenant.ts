/** `GET /tenants/{tenantId}`: one tenant, what it has granted, its subscriptions and how its last poll went. */
import type { HttpFunctionOptions } from '@azure/functions';
import { publicTenant } from '../shared/tenants/public-tenant.ts';
import type { TenantStore } from '../shared/tenants/tenant.ts';
import { authenticated, pathParameter, type HttpDeps } from './http.ts';

export function getTenantFunction(deps: HttpDeps & { readonly tenants: TenantStore }): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['GET'],
    route: 'tenants/{tenantId}',
    async handler({ request, caller }) {
      const opened = await deps.access.openTenant(caller, pathParameter(request, 'tenantId'), 'records.read');
      // What access remembers may be a minute old, and consent may just have been given.
      const tenant = (await deps.tenants.get(opened.tenantId)) ?? opened;
      return { jsonBody: publicTenant(tenant) };
    },
  });
}

/** `GET /tenants/{tenantId}`: one tenant, its subscriptions and how its last poll went. */
import type { HttpFunctionOptions } from '@azure/functions';
import { publicTenant } from '../shared/tenants/public-tenant.ts';
import { authenticated, pathParameter, type HttpDeps } from './http.ts';

export function getTenantFunction(deps: HttpDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['GET'],
    route: 'tenants/{tenantId}',
    async handler({ request, caller }) {
      const tenant = await deps.access.openTenant(caller, pathParameter(request, 'tenantId'), 'records.read');
      return { jsonBody: publicTenant(tenant) };
    },
  });
}

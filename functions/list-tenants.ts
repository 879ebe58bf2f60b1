/** `GET /tenants`: the tenants the caller may see. */
import type { HttpFunctionOptions } from '@azure/functions';
import { publicTenant } from '../shared/tenants/public-tenant.ts';
import { authenticated, type HttpDeps } from './http.ts';

export function listTenantsFunction(deps: HttpDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['GET'],
    route: 'tenants',
    async handler({ caller }) {
      deps.access.require(caller, 'records.read');
      const tenants = await deps.access.visibleTenants(caller);
      return { jsonBody: { value: tenants.map(publicTenant) } };
    },
  });
}

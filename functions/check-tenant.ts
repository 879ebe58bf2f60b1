/** `POST /tenants/{tenantId}/checks`: looks at a tenant now, with fresh tokens, and activates it if it may. */
import type { HttpFunctionOptions } from '@azure/functions';
import { checkTenant, type CheckTenantDeps } from '../shared/tenants/check-tenant.ts';
import { publicTenant } from '../shared/tenants/public-tenant.ts';
import { authenticated, pathParameter, type HttpDeps } from './http.ts';

export function checkTenantFunction(deps: HttpDeps & CheckTenantDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['POST'],
    route: 'tenants/{tenantId}/checks',
    async handler({ request, caller }) {
      const requested = pathParameter(request, 'tenantId');
      const opened = await deps.access.openTenant(caller, requested, 'tenants.manage');
      // What access remembers may be a minute old; one that is gone since is not taken up again.
      const gone = { ...opened, state: 'Removing' as const };
      const tenant = (await deps.tenants.get(opened.tenantId)) ?? gone;
      return { jsonBody: publicTenant(await checkTenant(deps, tenant)) };
    },
  });
}

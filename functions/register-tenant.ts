/** `POST /tenants`: takes a tenant into care. */
import type { HttpFunctionOptions } from '@azure/functions';
import { publicTenant } from '../shared/tenants/public-tenant.ts';
import {
  registerTenant,
  tenantRegistrationSchema,
  type RegisterDeps,
} from '../shared/tenants/register-tenant.ts';
import { addressOf, authenticated, readBody, type HttpDeps } from './http.ts';

export function registerTenantFunction(deps: HttpDeps & RegisterDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['POST'],
    route: 'tenants',
    async handler({ request, caller }) {
      deps.access.requireAllTenants(caller, 'tenants.manage');
      const registration = await readBody(request, tenantRegistrationSchema);
      const { tenant, created } = await registerTenant(deps, registration);
      const headers = { Location: addressOf(request, tenant.tenantId) };
      return { status: created ? 201 : 200, jsonBody: publicTenant(tenant), headers };
    },
  });
}

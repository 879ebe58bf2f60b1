/** `POST /tenants/{tenantId}/consentLinks`: a new link for the administrator of the tenant. */
import type { HttpFunctionOptions } from '@azure/functions';
import { consentCallbackUrl, createConsentLink, type ConsentLinkDeps } from '../shared/tenants/consent.ts';
import { publicConsentLink } from '../shared/tenants/public-tenant.ts';
import { readManagedTenant } from '../shared/tenants/managed.ts';
import type { TenantStore } from '../shared/tenants/tenant.ts';
import { authenticated, pathParameter, type HttpDeps } from './http.ts';

export function createConsentLinkFunction(
  deps: HttpDeps &
    ConsentLinkDeps & { readonly publicUrl: string | undefined; readonly tenants: TenantStore },
): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['POST'],
    route: 'tenants/{tenantId}/consentLinks',
    async handler({ request, caller }) {
      const tenantId = pathParameter(request, 'tenantId');
      const opened = await deps.access.openTenant(caller, tenantId, 'tenants.manage');
      const tenant = await readManagedTenant(deps.tenants, opened.tenantId);
      const link = await createConsentLink(deps, tenant, consentCallbackUrl(deps.publicUrl, request.url));
      return { jsonBody: publicConsentLink(link) };
    },
  });
}

/** `POST /tenants`: takes a tenant into care, and gives the consent link where consent is still wanted. */
import type { HttpFunctionOptions } from '@azure/functions';
import {
  consentCallbackUrl,
  createConsentLink,
  needsConsent,
  type ConsentLinkDeps,
} from '../shared/tenants/consent.ts';
import type { CheckTenantDeps } from '../shared/tenants/check-tenant.ts';
import { publicConsentLink, publicTenant } from '../shared/tenants/public-tenant.ts';
import { registerTenant, tenantRegistrationSchema } from '../shared/tenants/register-tenant.ts';
import type { Tenant } from '../shared/tenants/tenant.ts';
import { addressOf, authenticated, readBody, type HttpDeps } from './http.ts';

export type RegisterTenantDeps = HttpDeps &
  CheckTenantDeps &
  ConsentLinkDeps & { readonly publicUrl: string | undefined };

export function registerTenantFunction(deps: RegisterTenantDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['POST'],
    route: 'tenants',
    async handler({ request, caller }) {
      deps.access.requireAllTenants(caller, 'tenants.manage');
      const registration = await readBody(request, tenantRegistrationSchema);
      const { tenant, created } = await registerTenant(deps, registration);
      const headers = { Location: addressOf(request, tenant.tenantId) };
      const consent = needsConsent(tenant) ? await consentMembers(deps, request.url, tenant) : {};
      return { status: created ? 201 : 200, jsonBody: { ...publicTenant(tenant), ...consent }, headers };
    },
  });
}

async function consentMembers(deps: RegisterTenantDeps, url: string, tenant: Tenant) {
  const link = await createConsentLink(deps, tenant, consentCallbackUrl(deps.publicUrl, url));
  const { url: consentUrl, expiresDateTime } = publicConsentLink(link);
  return { consentUrl, consentUrlExpiresDateTime: expiresDateTime };
}

/** Tenants: register, look up, check, remove. */
import * as api from '../../shared/api/tenants.ts';
import type { Access } from '../../shared/access/access.ts';
import { tenantNotFound } from '../../shared/access/refusals.ts';
import { tenantChoices } from '../../shared/access/tenant-choices.ts';
import { handler } from '../../shared/http/handler.ts';
import { addressOf } from '../../shared/http/request.ts';
import { tenantIdIn } from '../../shared/http/tenant-id-in-path.ts';
import { holdIn, holdMembers, type LegalHolds } from '../../shared/offboarding/legal-hold.ts';
import { removalMembers, type RemovalStore } from '../../shared/offboarding/removal.ts';
import { checkTenant, type CheckTenantDeps } from '../../shared/tenants/check-tenant.ts';
import {
  consentCallbackUrl,
  createConsentLink,
  needsConsent,
  type ConsentLinkDeps,
} from '../../shared/tenants/consent.ts';
import { policyShownTo, type PolicyDeps } from '../../shared/tenants/policy.ts';
import { publicConsentLink, publicTenant } from '../../shared/tenants/public-tenant.ts';
import { registerTenant } from '../../shared/tenants/register-tenant.ts';
import { subscriptionsOf } from '../../shared/tenants/tenant-checks.ts';
import type { StoredTenant, Tenant, TenantStore } from '../../shared/tenants/tenant.ts';
import { updateTenant } from '../../shared/tenants/update-tenant.ts';

interface ConsentDeps extends ConsentLinkDeps {
  /** Public address of the app; by default the address that the request was sent to. */
  readonly publicUrl: string | undefined;
}

export const listTenantsHandler = handler(
  api.listTenants,
  async (deps: { readonly access: Access } & PolicyDeps, { caller, seesAll, reply }) => {
    const read = [deps.access.visibleTenants(caller), policyShownTo(deps, { seesAll })] as const;
    const [tenants, wanted] = await Promise.all(read);
    return reply(200, { value: tenants.map((tenant) => publicTenant(tenant, wanted)) });
  },
);

/** As the parameter `tenants` of queries takes them. */
export const listTenantChoicesHandler = handler(
  api.listTenantChoices,
  async ({ access }: { readonly access: Access }, { caller, reply }) => {
    const tenants = await access.visibleTenants(caller, 'records.read');
    return reply(200, { value: tenantChoices(tenants) });
  },
);

export const registerTenantHandler = handler(
  api.registerTenant,
  async (deps: CheckTenantDeps & ConsentDeps, { request, seesAll, body, reply }) => {
    const { tenant, created } = await registerTenant(deps, body);
    const consent = needsConsent(tenant) ? await consentMembers(deps, request.url, tenant) : {};
    const headers = { Location: addressOf(request, tenant.tenantId) };
    return reply(created ? 201 : 200, { ...(await shownTenant(deps, seesAll, tenant)), ...consent }, headers);
  },
);

/** With what differs from the policy now. */
async function shownTenant(deps: PolicyDeps, seesAll: boolean, tenant: StoredTenant | Tenant) {
  return publicTenant(tenant, await policyShownTo(deps, { seesAll }));
}

async function consentMembers(deps: ConsentDeps, url: string, tenant: Tenant) {
  const link = await createConsentLink(deps, tenant, consentCallbackUrl(deps.publicUrl, url));
  const { url: consentUrl, expiresDateTime } = publicConsentLink(link);
  return { consentUrl, consentUrlExpiresDateTime: expiresDateTime };
}

interface GetTenantDeps extends PolicyDeps {
  readonly tenants: TenantStore;
  readonly legalHolds: LegalHolds;
  readonly removals: RemovalStore;
}

export const getTenantHandler = handler(
  api.getTenant,
  async (deps: GetTenantDeps, { seesAll, tenant, reply }) => {
    const { tenantId } = tenant;
    // The opened tenant may be cached for a minute, and consent may just have been granted.
    const [stored, events] = await Promise.all([
      deps.tenants.get(tenantId),
      deps.legalHolds.events(tenantId),
    ]);
    const shown = await shownTenant(deps, seesAll, stored ?? tenant);
    const hold = holdIn(events);
    const removal =
      shown.removalId === undefined ? undefined : await deps.removals.get({ id: shown.removalId });
    return reply(200, {
      ...shown,
      removal: removal && removalMembers(removal),
      legalHold: hold && holdMembers(hold),
    });
  },
);

export const updateTenantHandler = handler(
  api.updateTenant,
  async (deps: CheckTenantDeps, { seesAll, path, body, reply }) => {
    const tenant = await updateTenant(deps, tenantIdIn(path), body);
    if (tenant === undefined) throw tenantNotFound();
    return reply(200, await shownTenant(deps, seesAll, tenant));
  },
);

export const checkTenantHandler = handler(
  api.checkTenant,
  async (deps: CheckTenantDeps, { seesAll, tenant: opened, reply }) => {
    // The opened tenant may be cached for a minute: one that is gone since must not be activated again.
    const gone = { ...opened, state: 'Removing' as const };
    const tenant = (await deps.tenants.get(opened.tenantId)) ?? gone;
    return reply(200, await shownTenant(deps, seesAll, await checkTenant(deps, tenant)));
  },
);

export const createConsentLinkHandler = handler(
  api.createConsentLink,
  async (deps: ConsentDeps, { request, tenant, reply }) => {
    const link = await createConsentLink(deps, tenant, consentCallbackUrl(deps.publicUrl, request.url));
    return reply(200, publicConsentLink(link));
  },
);

/** A content type without a subscription has not been subscribed to yet. */
export const listContentTypesHandler = handler(
  api.listContentTypes,
  async ({ tenants }: { readonly tenants: TenantStore }, { tenant: opened, reply }) => {
    // As for a tenant: the opened one may be cached.
    const tenant = (await tenants.get(opened.tenantId)) ?? opened;
    const states = new Map(subscriptionsOf(tenant).map((state) => [state.contentType, state]));
    const value = tenant.contentTypes.map((contentType) => ({ contentType, ...states.get(contentType) }));
    return reply(200, { value });
  },
);

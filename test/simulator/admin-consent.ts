/** The page on which an administrator consents to the application; the decision is configured in advance. */

import type { Cell } from './cell.ts';
import { entraErrorReply } from './entra-errors.ts';
import { queryOf, type Reply, type Router } from './http.ts';
import { changePolicyOf, type PolicyChange } from './policy-change.ts';
import type { Settings } from './settings.ts';
import { registeredRoles, type TenantState, type TenantStates } from './tenant-states.ts';

export interface AdminConsentOptions {
  readonly app: {
    readonly clientId: string;
    /** Undefined accepts any. */
    readonly redirectUris?: readonly string[] | undefined;
  };
  readonly tenants: TenantStates;
  readonly settings: Cell<Settings>;
}

const path = /^\/(?<tenant>[^/]+)\/(?:v2\.0\/)?adminconsent$/;
const anyTenant: readonly string[] = ['organizations', 'common'];
const notTheApp = 700016;
const noSuchTenant = 90002;
const notThisAddress = 50011;
const declinedText = 'AADSTS65004: The administrator declined to consent to the application.';

export const createAdminConsentRouter =
  (options: AdminConsentOptions): Router =>
  (request) => {
    const idOrDomain = path.exec(request.url.pathname)?.groups?.['tenant'];
    if (idOrDomain === undefined || request.method !== 'GET') return undefined;
    const state = tenantOf(options.tenants, idOrDomain);
    return {
      call: { operation: 'consent', tenantId: state?.tenant.tenantId ?? idOrDomain },
      answer: () =>
        state === undefined
          ? entraErrorReply(noSuchTenant)
          : answerConsent(options, state, queryOf(request.url)),
    };
  };

/** If the link does not name a tenant, the administrator belongs to the first tenant that has not consented yet. */
const tenantOf = (tenants: TenantStates, idOrDomain: string): TenantState | undefined => {
  if (!anyTenant.includes(idOrDomain)) return tenants.find(idOrDomain);
  return tenants.all().find(({ policy }) => !policy.get().consented) ?? tenants.all()[0];
};

const answerConsent = (
  { app, settings }: AdminConsentOptions,
  state: TenantState,
  query: ReadonlyMap<string, string>,
): Reply => {
  const address = query.get('redirect_uri');
  if (query.get('client_id') !== app.clientId) return entraErrorReply(notTheApp);
  if (address === undefined || app.redirectUris?.includes(address) === false) {
    return entraErrorReply(notThisAddress);
  }
  const isDeclined = state.policy.get().declinesConsent;
  if (!isDeclined) changePolicyOf(state, consentTo(state), settings.get());
  return redirectTo(address, {
    admin_consent: 'True',
    ...(isDeclined
      ? { error: 'consent_required', error_description: declinedText }
      : { tenant: state.tenant.tenantId, scope: query.get('scope') }),
    state: query.get('state'),
  });
};

/** All permissions that the registration requests, and the directory roles that the administrator assigns at the same time. */
const consentTo = ({ policy, rolesWithConsent }: TenantState): PolicyChange => ({
  consented: true,
  grantedRoles: registeredRoles,
  ...(rolesWithConsent.length === 0
    ? {}
    : { directoryRoles: [...new Set([...policy.get().directoryRoles, ...rolesWithConsent])] }),
});

const redirectTo = (address: string, parameters: Readonly<Record<string, string | undefined>>): Reply => {
  const url = new URL(address);
  for (const [name, value] of Object.entries(parameters)) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  return { status: 302, headers: { Location: url.href }, body: Buffer.alloc(0) };
};

/** Tokens for the partner's user: of Partner Center at home, and of Graph in the tenants of customers. */

import { entraErrorReply } from '../entra-errors.ts';
import { jsonReply, type Reply } from '../http.ts';
import { graphAudience, partnerCenterAudience, resourceOfScope } from '../resources.ts';
import type { TenantStates } from '../tenant-states.ts';
import type { AccessToken, Tokens } from '../tokens.ts';
import type { Partner } from './relationships.ts';

export interface RefreshTokenGrant {
  readonly partner: Partner;
  readonly tenants: TenantStates;
  readonly tokens: Tokens;
  readonly clientId: string;
  /** ID of the partner's own tenant. */
  readonly homeTenantId: string;
  readonly lifetimeSeconds: number;
}

/** Of tokens of the partner's user. */
const subject = 'partner user';
const notValid = 70000;
const noConsent = 65001;
/** The user's account does not exist in the tenant: there is no relationship. */
const notHere = 50020;
const signInErrors = { accepted: undefined, expired: 700082, mfaRequired: 50076 } as const;

/** @param tenantId the tenant in whose token endpoint the user signs in */
export const answerRefreshToken = async (
  grant: RefreshTokenGrant,
  form: URLSearchParams,
  tenantId: string,
): Promise<Reply> => {
  const resource = resourceOfScope(form.get('scope') ?? '');
  const found = scopesFor(grant, form, { tenantId: tenantId.toLowerCase(), resource });
  if (typeof found === 'number') return entraErrorReply(found);
  const { clientId, lifetimeSeconds, partner } = grant;
  const claims = {
    ...{ appid: clientId, idtyp: 'user', scp: found.join(' ') },
    amr: partner.user.get().hasMfa ? ['pwd', 'mfa'] : ['pwd'],
  };
  const issuer = `https://sts.windows.net/${tenantId}/`;
  const token = { tenantId, audience: resource ?? '', issuer, subject, roles: [], claims };
  return jsonReply(200, {
    ...{ token_type: 'Bearer', expires_in: lifetimeSeconds, scope: found.join(' ') },
    access_token: await grant.tokens.mint(token, lifetimeSeconds),
    refresh_token: partner.user.get().refreshToken,
  });
};

/** Delegated permissions, or the AADSTS number of the refusal. */
const scopesFor = (
  { partner, tenants, homeTenantId }: RefreshTokenGrant,
  form: URLSearchParams,
  { tenantId, resource }: { readonly tenantId: string; readonly resource: string | undefined },
): readonly string[] | number => {
  const { refreshToken, signIn } = partner.user.get();
  if (form.get('refresh_token') !== refreshToken) return notValid;
  const refusal = signInErrors[signIn];
  if (refusal !== undefined) return refusal;
  if (tenantId === homeTenantId) return resource === partnerCenterAudience ? ['user_impersonation'] : 500011;
  const relationship = partner.find(tenantId);
  if (relationship?.roles === undefined) return notHere;
  const isConsented = tenants.get(tenantId).policy.get().consented && relationship.scopes.length > 0;
  if (!isConsented) return noConsent;
  return resource === graphAudience ? relationship.scopes : 500011;
};

/** The delegated permissions of a token of the partner's user; undefined for any other token. */
export const scopesIn = (token: AccessToken | undefined): readonly string[] | undefined => {
  const scopes = token?.claims['scp'];
  return token?.subject === subject && typeof scopes === 'string' ? scopes.split(' ') : undefined;
};

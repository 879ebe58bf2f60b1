/** Identifies a caller by a Microsoft Entra ID token, and maps its roles to scopes. */
import { scopes, type Scope } from './api-keys.ts';
import type { Caller } from './caller.ts';

/** The claims of a token, once its signature, issuer, audience and times have been checked. */
export interface TokenClaims {
  /** Tenant that the token was issued in, lower case. */
  readonly tenantId: string;
  /** Id of the user or service principal in that tenant. */
  readonly objectId: string;
  readonly roles: readonly string[];
}

export interface TokenVerifier {
  /**
   * The claims of the token; undefined when it is not valid for this app, whatever the reason.
   * @throws RequestError 503 when the issuer's keys are unavailable: an outage does not make a token invalid
   */
  verify(token: string): Promise<TokenClaims | undefined>;
}

export interface TokenTrust {
  readonly verifier: TokenVerifier;
  /** The partner's own tenant, whose roles count for all tenants. */
  readonly publisherId: string;
}

/** Tokens of users in very many groups are long; no legitimate token is longer than this. */
const maxTokenLength = 16_384;
const bearer = /^Bearer +([\w-]+\.[\w-]+\.[\w-]+)$/i;

/** The token in an `Authorization` header; undefined when there is none that could be a token. */
export function bearerToken(authorization: string): string | undefined {
  return authorization.length > maxTokenLength ? undefined : bearer.exec(authorization)?.[1];
}

/**
 * The caller of a token. A customer's token covers its own tenant. The partner's token covers all tenants if it has a
 * role, and otherwise nothing, not even the list of tenants.
 */
export function callerOfToken({ tenantId, objectId, roles }: TokenClaims, publisherId: string): Caller {
  const granted = scopesOf(roles);
  const seesAll = tenantId === publisherId && granted.length > 0;
  return { id: `entra:${tenantId}/${objectId}`, tenants: seesAll ? '*' : tenantId, scopes: granted };
}

/** App roles are named like scopes: `Records.Read` is `records.read`. Other roles are ignored. */
function scopesOf(roles: readonly string[]): readonly Scope[] {
  const named = new Set(roles.map((role) => role.toLowerCase()));
  return scopes.filter((scope) => named.has(scope));
}

/** Identifies a caller by a Microsoft Entra ID token, and maps its roles to scopes. */
import { groupBy } from '../group-by.ts';
import { tagSchema } from '../tenants/tags.ts';
import { scopes } from './api-keys.ts';
import { callerWith, type Caller, type Grant, type Identity } from './caller.ts';
import { allTenants, termOfTag } from './tenant-set.ts';

/** The claims of a token, once its signature, issuer, audience and times have been checked. */
export interface TokenClaims {
  /** Tenant that the token was issued in, lower case. */
  readonly tenantId: string;
  /** Id of the user or service principal in that tenant. */
  readonly objectId: string;
  readonly roles: readonly string[];
  readonly identity: Identity;
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
 * The caller of a token. A customer's token covers its own tenant. A role in the partner's token covers all tenants, or
 * those with a tag: `Records.Read@gold`. Without a role it covers nothing, not even the list of tenants.
 */
export function callerOfToken(
  { tenantId, objectId, roles, identity }: TokenClaims,
  publisherId: string,
): Caller {
  const id = `entra:${tenantId}/${objectId}`;
  const granted = grantsOf(roles);
  if (tenantId === publisherId && granted.length > 0) return { id, identity, grants: granted };
  const own = granted.filter(({ tenants }) => tenants === allTenants).flatMap(({ scopes: all }) => all);
  return { ...callerWith(id, { tenants: tenantId, scopes: own }), identity };
}

/** One for each set of tenants. */
function grantsOf(roles: readonly string[]): readonly Grant[] {
  const named = roles.flatMap((role) => grantOf(role) ?? []);
  return [...groupBy(named, ({ tenants }) => tenants)].map(([tenants, grants]) => {
    const held = new Set(grants.flatMap((grant) => grant.scopes));
    return { tenants, scopes: scopes.filter((scope) => held.has(scope)) };
  });
}

/** App roles are named like scopes: `Records.Read` is `records.read`. Other roles are ignored. */
function grantOf(role: string): Grant | undefined {
  const [name = '', tag, ...rest] = role.toLowerCase().split('@');
  const scope = scopes.find((one) => one === name);
  if (scope === undefined || rest.length > 0) return undefined;
  if (tag === undefined) return { tenants: allTenants, scopes: [scope] };
  const parsed = tagSchema.safeParse(tag).data;
  return parsed === undefined ? undefined : { tenants: termOfTag(parsed), scopes: [scope] };
}

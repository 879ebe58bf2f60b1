/** Authentication and authorization: every request passes through here and is refused unless it is allowed. */
import { LRUCache } from 'lru-cache';
import { RequestError } from '../errors.ts';
import type { Telemetry } from '../telemetry.ts';
import type { StoredTenant, TenantStore } from '../tenants/tenant.ts';
import { parseApiKey, type ApiKeyStore, type Scope } from './api-keys.ts';
import { createCallLimits, type CallLimits, type CallLimitSettings } from './call-limits.ts';
import { maySee, type Caller } from './caller.ts';
import { bearerToken, callerOfToken, type TokenTrust } from './entra-token.ts';
import { createKeyAuthenticator } from './key-authenticator.ts';
import { unauthorized, WrongSecretError } from './refusals.ts';
import { createTenantNames, type TenantIdOf } from './tenant-names.ts';

export type { Caller } from './caller.ts';

/** The credentials of a request. When a key is sent, the token is ignored. */
export interface Credentials {
  /** Header `x-api-key`. */
  readonly apiKey: string | null;
  /** Header `Authorization`. */
  readonly authorization: string | null;
}

export interface Access extends CallLimits {
  /**
   * @throws RequestError 401, the same for every reason; 429 for too many wrong secrets for one key; 503 when a token's
   *   issuer cannot be reached
   */
  authenticate(credentials: Credentials): Promise<Caller>;
  /** @throws RequestError 403 when the caller lacks the scope */
  require(caller: Caller, scope: Scope): void;
  /** @throws RequestError 403 when the caller lacks the scope or is bound to one tenant */
  requireAllTenants(caller: Caller, scope: Scope): void;
  readonly tenantIdOf: TenantIdOf;
  /**
   * The tenant, if the caller may see it.
   * @param name its ID, or a domain
   * @throws RequestError 404, the same for a tenant that does not exist and for one that is not theirs; then 403
   */
  openTenant(caller: Caller, name: string, scope: Scope): Promise<StoredTenant>;
  /** The tenants a caller may see. */
  visibleTenants(caller: Caller): Promise<readonly StoredTenant[]>;
  /** Ids of the tenants that {@link Access.openTenant} returned for this caller object, which belongs to one call. */
  openedBy(caller: Caller): readonly string[];
}

export interface AccessDeps {
  readonly keys: ApiKeyStore;
  readonly tenants: TenantStore;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
  readonly tokens: TokenTrust;
  readonly limits: CallLimitSettings;
}

/** A removed tenant may still be served for this long. */
const cacheMs = 60_000;
const cachedTenants = 1000;

export function createAccess(deps: AccessDeps): Access {
  const byKey = createKeyAuthenticator({ ...deps, failuresPerMinute: deps.limits.failuresPerMinute });
  const tenants = new LRUCache<string, StoredTenant>({
    max: cachedTenants,
    ttl: cacheMs,
    // Absent tenants are not cached: a tenant that was just registered must be found immediately.
    fetchMethod: (tenantId) => deps.tenants.get(tenantId),
  });
  const tenantOf = async (tenantId: string) => await tenants.fetch(tenantId);
  const tenantIdOf = createTenantNames({ tenants: deps.tenants, tenantOf });
  const opened = new WeakMap<Caller, Set<string>>();
  const refuse = (error: RequestError, about: RefusalFields): never => {
    deps.telemetry('access.request.refused', { code: error.code, ...about });
    throw error;
  };
  const requireScope = (caller: Caller, scope: Scope, tenantId?: string): void => {
    const about = { caller: caller.id, scope, tenantId };
    if (!caller.scopes.includes(scope)) refuse(forbidden(scope), about);
    if (scope !== 'records.read') deps.telemetry('access.privileged.called', about);
  };
  return {
    ...createCallLimits(deps.limits, deps.now),
    async authenticate({ apiKey, authorization }) {
      const caller =
        apiKey === null
          ? await callerByToken(deps.tokens, tenantOf, authorization ?? '')
          : await byKey(apiKey);
      if (typeof caller === 'object') return caller;
      const refusal = caller === 'wrongSecret' ? new WrongSecretError() : unauthorized();
      return refuse(refusal, { caller: parseApiKey(apiKey ?? '')?.id });
    },
    require: requireScope,
    requireAllTenants(caller, scope) {
      if (caller.tenants !== '*') refuse(forbidden(`${scope} for all tenants`), { caller: caller.id, scope });
      requireScope(caller, scope);
    },
    tenantIdOf,
    async openTenant(caller, name, scope) {
      const id = await tenantIdOf(caller, name);
      const tenant = id !== undefined && maySee(caller, id) ? await tenantOf(id) : undefined;
      if (tenant === undefined) return refuse(tenantNotFound(), { caller: caller.id, scope, tenantId: id });
      opened.set(caller, (opened.get(caller) ?? new Set()).add(tenant.tenantId));
      requireScope(caller, scope, tenant.tenantId);
      return tenant;
    },
    async visibleTenants(caller) {
      const all = await deps.tenants.list();
      return all.filter((tenant) => maySee(caller, tenant.tenantId));
    },
    openedBy: (caller) => [...(opened.get(caller) ?? [])],
  };
}

async function callerByToken(
  { verifier, publisherId }: TokenTrust,
  tenantOf: (tenantId: string) => Promise<StoredTenant | undefined>,
  authorization: string,
): Promise<Caller | undefined> {
  const token = bearerToken(authorization);
  const claims = token === undefined ? undefined : await verifier.verify(token);
  if (claims === undefined) return undefined;
  // Anyone can sign in to a multi-tenant application from their own tenant.
  const isKnown = claims.tenantId === publisherId || (await tenantOf(claims.tenantId)) !== undefined;
  return isKnown ? callerOfToken(claims, publisherId) : undefined;
}

interface RefusalFields {
  readonly caller: string | undefined;
  readonly tenantId?: string | undefined;
  readonly scope?: Scope;
}

function forbidden(scope: string): RequestError {
  const message = `This operation requires the scope or role ${scope}. Use a key or token that has it.`;
  return new RequestError(403, 'Forbidden', message);
}

function tenantNotFound(): RequestError {
  const message = 'The tenant does not exist, or you have no access to it. GET /tenants lists your tenants.';
  return new RequestError(404, 'TenantNotFound', message);
}

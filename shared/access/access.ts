/** Authentication and authorization: every request passes through here and is refused unless it is allowed. */
import { LRUCache } from 'lru-cache';
import { RequestError } from '../errors.ts';
import type { Telemetry } from '../telemetry.ts';
import { tenantIdSchema, type StoredTenant, type TenantStore } from '../tenants/tenant.ts';
import { parseApiKey, type ApiKeyStore, type Scope } from './api-keys.ts';
import { createCallLimits, type CallLimitSettings, type Origin } from './call-limits.ts';
import { maySee, type Caller } from './caller.ts';
import { bearerToken, callerOfToken, type TokenTrust } from './entra-token.ts';
import { createKeyAuthenticator, type KeyAuthenticator } from './key-authenticator.ts';

export type { Caller } from './caller.ts';

/** The credentials of a request. When a key is sent, the token is ignored. */
export interface Credentials {
  /** Header `x-api-key`. */
  readonly apiKey: string | null;
  /** Header `Authorization`. */
  readonly authorization: string | null;
}

export interface Access {
  /** @throws RequestError 401, the same for every reason; 503 when a token's issuer cannot be reached */
  authenticate(credentials: Credentials): Promise<Caller>;
  /**
   * Runs an attempt to identify the caller.
   * @throws RequestError 429 when too many such attempts have failed
   */
  admit(origin: Origin, identify: () => Promise<Caller>): Promise<Caller>;
  /** @throws RequestError 429 when the caller calls too often */
  count(caller: Caller): void;
  /** @throws RequestError 403 when the caller lacks the scope */
  require(caller: Caller, scope: Scope): void;
  /** @throws RequestError 403 when the caller lacks the scope or is bound to one tenant */
  requireAllTenants(caller: Caller, scope: Scope): void;
  /**
   * The tenant, if the caller may see it.
   * @throws RequestError 404, the same for a tenant that does not exist and for one that is not theirs; then 403
   */
  openTenant(caller: Caller, tenantId: string, scope: Scope): Promise<StoredTenant>;
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
  /** Which tokens are trusted. Undefined: none. */
  readonly tokens: TokenTrust | undefined;
  /** Undefined: calls are not limited. */
  readonly limits: CallLimitSettings | undefined;
}

/** A removed tenant may still be served for this long. */
const cacheMs = 60_000;
const cachedTenants = 1000;
const unlimited = {
  attempt: (_: Origin, identify: () => Promise<Caller>) => identify(),
  count: () => undefined,
};

export function createAccess(deps: AccessDeps): Access {
  const byKey = createKeyAuthenticator(deps);
  const tenants = new LRUCache<string, StoredTenant>({
    max: cachedTenants,
    ttl: cacheMs,
    // Absent tenants are not cached: a tenant that was just registered must be found immediately.
    fetchMethod: (tenantId) => deps.tenants.get(tenantId),
  });
  const tenantOf = async (tenantId: string) => await tenants.fetch(tenantId);
  const limits = deps.limits === undefined ? unlimited : createCallLimits(deps.limits, deps.now);
  const opened = new WeakMap<Caller, Set<string>>();
  const refuse = refuser(deps.telemetry);
  const requireScope = (caller: Caller, scope: Scope, tenantId?: string): void => {
    const about = { caller: caller.id, scope, ...(tenantId === undefined ? {} : { tenantId }) };
    if (!caller.scopes.includes(scope)) refuse(forbidden(scope), about);
    if (scope !== 'records.read') deps.telemetry('access.privileged.called', about);
  };
  return {
    async authenticate(credentials) {
      const caller = await identify({ byKey, tokens: deps.tokens, tenantOf }, credentials);
      if (caller !== undefined) return caller;
      const id = parseApiKey(credentials.apiKey ?? '')?.id;
      return refuse(unauthorized(), id === undefined ? {} : { caller: id });
    },
    admit: (origin, attempt) => limits.attempt(origin, attempt),
    count: (caller) => {
      limits.count(caller);
    },
    require: requireScope,
    requireAllTenants(caller, scope) {
      if (caller.tenants !== '*') refuse(forbidden(scope), { caller: caller.id, scope });
      requireScope(caller, scope);
    },
    async openTenant(caller, tenantId, scope) {
      const id = tenantIdSchema.safeParse(tenantId).data;
      const tenant = id !== undefined && maySee(caller, id) ? await tenantOf(id) : undefined;
      if (tenant === undefined) {
        const about = { caller: caller.id, scope, ...(id === undefined ? {} : { tenantId: id }) };
        return refuse(tenantNotFound(), about);
      }
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

interface Identification {
  readonly byKey: KeyAuthenticator;
  readonly tokens: TokenTrust | undefined;
  readonly tenantOf: (tenantId: string) => Promise<StoredTenant | undefined>;
}

async function identify(
  { byKey, tokens, tenantOf }: Identification,
  { apiKey, authorization }: Credentials,
): Promise<Caller | undefined> {
  if (apiKey !== null) return await byKey(apiKey);
  const token = bearerToken(authorization ?? '');
  if (token === undefined || tokens === undefined) return undefined;
  const claims = await tokens.verifier.verify(token);
  if (claims === undefined) return undefined;
  // Anyone can sign in to a multi-tenant application from their own tenant.
  const isKnown = claims.tenantId === tokens.publisherId || (await tenantOf(claims.tenantId)) !== undefined;
  return isKnown ? callerOfToken(claims, tokens.publisherId) : undefined;
}

type RefusalFields = Readonly<{ caller?: string; tenantId?: string; scope?: Scope }>;

function refuser(telemetry: Telemetry) {
  return (error: RequestError, fields: RefusalFields): never => {
    telemetry('access.request.refused', { code: error.code, ...fields });
    throw error;
  };
}

function unauthorized(): RequestError {
  const message =
    'Send a valid client key in the header x-api-key, or a valid token as Authorization: Bearer.';
  const headers = { 'WWW-Authenticate': 'ApiKey realm="auditkeep", Bearer realm="auditkeep"' };
  return new RequestError(401, 'Unauthorized', message, { headers });
}

function forbidden(scope: Scope): RequestError {
  return new RequestError(403, 'Forbidden', `This operation requires the ${scope} scope or role.`);
}

function tenantNotFound(): RequestError {
  return new RequestError(404, 'TenantNotFound', 'The tenant does not exist, or you may not see it.');
}

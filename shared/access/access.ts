/** Authentication and authorization: every request passes through here and is refused unless it is allowed. */
import { RequestError } from '../errors.ts';
import type { Telemetry } from '../telemetry.ts';
import type { StoredTenant, TenantStore } from '../tenants/tenant.ts';
import { parseApiKey, type ApiKeyStore, type Scope } from './api-keys.ts';
import { createCallLimits, type CallLimits, type CallLimitSettings } from './call-limits.ts';
import { holds, maySee, seesAll, type Caller } from './caller.ts';
import { bearerToken, callerOfToken, type TokenTrust } from './entra-token.ts';
import { createKeyAuthenticator } from './key-authenticator.ts';
import { createOpenedByCalls, type OpenedByCalls } from './opened.ts';
import { tenantNotFound, unauthorized, WrongSecretError } from './refusals.ts';
import {
  createTenantLookup,
  type FindMember,
  type TenantLookup,
  type WantedMembers,
} from './tenant-lookup.ts';
import { createTenantNames, type TenantIdOf } from './tenant-names.ts';

export type { Caller } from './caller.ts';

/** The credentials of a request. When a key is sent, the token is ignored. */
export interface Credentials {
  /** Header `x-api-key`. */
  readonly apiKey: string | null;
  /** Header `Authorization`. */
  readonly authorization: string | null;
}

export interface Access extends CallLimits, OpenedByCalls {
  /**
   * @throws RequestError 401, the same for every reason; 429 for too many wrong secrets for one key; 503 when a token's
   *   issuer cannot be reached
   */
  authenticate(credentials: Credentials): Promise<Caller>;
  /** @throws RequestError 403 when the caller lacks the scope */
  require(caller: Caller, scope: Scope): void;
  /** @throws RequestError 403 when the caller does not have the scope for all tenants */
  requireAllTenants(caller: Caller, scope: Scope): void;
  readonly tenantIdOf: TenantIdOf;
  /**
   * The tenant, if the caller may see it.
   * @param name its ID, or a domain
   * @throws RequestError 404, the same for a tenant that does not exist and for one that is not theirs; then 403
   */
  openTenant(caller: Caller, name: string, scope: Scope): Promise<StoredTenant>;
  /**
   * Finds members of a set in which the caller has the scope, for one piece of work. Nothing is read before it is called;
   * then, unless all are named by ID, the list of tenants once: one request per thousand.
   */
  membersOf(caller: Caller, wanted: WantedMembers): FindMember;
  /** The tenants that a caller may see or, with a scope, in which it has that; in order of ID. */
  visibleTenants(caller: Caller, scope?: Scope): Promise<readonly StoredTenant[]>;
}

export interface AccessDeps {
  readonly keys: ApiKeyStore;
  readonly tenants: TenantStore;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
  readonly tokens: TokenTrust;
  readonly limits: CallLimitSettings;
}

export function createAccess(deps: AccessDeps): Access {
  const byKey = createKeyAuthenticator({ ...deps, failuresPerMinute: deps.limits.failuresPerMinute });
  const lookup = createTenantLookup(deps.tenants);
  const tenantIdOf = createTenantNames({ tenants: deps.tenants, ...lookup });
  const opened = createOpenedByCalls();
  const refuse = (error: RequestError, about: RefusalFields): never => {
    deps.telemetry('access.request.refused', { code: error.code, ...about });
    throw error;
  };
  const requireScope = (caller: Caller, scope: Scope, tenant?: StoredTenant): void => {
    const about = { caller: caller.id, scope, tenantId: tenant?.tenantId };
    if (!holds(caller, scope, tenant)) refuse(forbidden(scope), about);
    if (scope !== 'records.read') deps.telemetry('access.privileged.called', about);
  };
  return {
    ...createCallLimits(deps.limits, deps.now),
    ...opened,
    async authenticate({ apiKey, authorization }) {
      const caller =
        apiKey === null ? await callerByToken(deps.tokens, lookup, authorization ?? '') : await byKey(apiKey);
      if (typeof caller === 'object') return caller;
      const refusal = caller === 'wrongSecret' ? new WrongSecretError() : unauthorized();
      return refuse(refusal, { caller: parseApiKey(apiKey ?? '')?.id });
    },
    require(caller, scope) {
      requireScope(caller, scope);
    },
    requireAllTenants(caller, scope) {
      if (!seesAll(caller)) refuse(forbidden(`${scope} for all tenants`), { caller: caller.id, scope });
      if (!seesAll(caller, scope)) refuse(forbidden(scope), { caller: caller.id, scope });
      requireScope(caller, scope);
    },
    tenantIdOf,
    async openTenant(caller, name, scope) {
      const id = await tenantIdOf(caller, name);
      const tenant = id === undefined ? undefined : await lookup.visibleTo(caller, id);
      if (tenant === undefined) return refuse(tenantNotFound(), { caller: caller.id, scope, tenantId: id });
      opened.open(caller, [tenant.tenantId]);
      requireScope(caller, scope, tenant);
      return tenant;
    },
    membersOf: (caller, wanted) => lookup.membersOf(caller, wanted),
    async visibleTenants(caller, scope) {
      const all = await deps.tenants.list();
      const isVisible = (tenant: StoredTenant) =>
        scope === undefined ? maySee(caller, tenant) : holds(caller, scope, tenant);
      return all.filter(isVisible);
    },
  };
}

async function callerByToken(
  { verifier, publisherId }: TokenTrust,
  lookup: TenantLookup,
  authorization: string,
): Promise<Caller | undefined> {
  const token = bearerToken(authorization);
  const claims = token === undefined ? undefined : await verifier.verify(token);
  if (claims === undefined) return undefined;
  // Anyone can sign in to a multi-tenant application from their own tenant.
  const isKnown = claims.tenantId === publisherId || (await lookup.tenantOf(claims.tenantId)) !== undefined;
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

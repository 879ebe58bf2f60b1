/** Who calls, and what they may see: every request passes here, and what is not allowed is refused. */
import { LRUCache } from 'lru-cache';
import { RequestError } from '../errors.ts';
import type { Telemetry } from '../telemetry.ts';
import { tenantIdSchema, type StoredTenant, type TenantStore } from '../tenants/tenant.ts';
import { parseApiKey, secretMatches, type ApiKey, type ApiKeyStore, type Scope } from './api-keys.ts';

/** Somebody who proved who they are. */
export interface Caller {
  readonly id: string;
  /** One tenant's id, or `*`. */
  readonly tenants: string;
  readonly scopes: readonly Scope[];
}

export interface Access {
  /** @throws RequestError 401, the same for every reason */
  authenticate(apiKey: string | null | undefined): Promise<Caller>;
  /** @throws RequestError 403 when the caller lacks the scope */
  require(caller: Caller, scope: Scope): void;
  /** @throws RequestError 403 when the caller lacks the scope or is bound to one tenant */
  requireAllTenants(caller: Caller, scope: Scope): void;
  /**
   * The tenant, if the caller may see it.
   * @throws RequestError 404, the same for a tenant that is not there and for one that is not theirs; then 403
   */
  openTenant(caller: Caller, tenantId: string, scope: Scope): Promise<StoredTenant>;
  /** The tenants a caller may see. */
  visibleTenants(caller: Caller): Promise<readonly StoredTenant[]>;
}

export interface AccessDeps {
  readonly keys: ApiKeyStore;
  readonly tenants: TenantStore;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
}

/** A key that is revoked, and a tenant that is removed, may be served for this long. */
const cacheMs = 60_000;
const touchEveryMs = 60 * 60_000;
const cachedKeys = 1000;

export function createAccess(deps: AccessDeps): Access {
  const keys = new LRUCache<string, { key: ApiKey | undefined }>({
    max: cachedKeys,
    ttl: cacheMs,
    fetchMethod: async (id) => ({ key: await loadKey(deps, id) }),
  });
  const tenants = new LRUCache<string, StoredTenant>({
    max: cachedKeys,
    ttl: cacheMs,
    // Absent tenants are not cached: one that was just registered must be there at once.
    fetchMethod: (tenantId) => deps.tenants.get(tenantId),
  });
  const refuse = (
    error: RequestError,
    fields: { caller?: string; tenantId?: string; scope?: Scope },
  ): never => {
    deps.telemetry('access.request.refused', { code: error.code, ...fields });
    throw error;
  };
  const requireScope = (caller: Caller, scope: Scope, tenantId?: string): void => {
    const about = { caller: caller.id, scope, ...(tenantId === undefined ? {} : { tenantId }) };
    if (!caller.scopes.includes(scope)) refuse(forbidden(scope), about);
    if (scope !== 'records.read') deps.telemetry('access.privileged.called', about);
  };
  return {
    async authenticate(apiKey) {
      const presented = parseApiKey(apiKey ?? '');
      const key = presented === undefined ? undefined : (await keys.fetch(presented.id))?.key;
      const valid =
        presented !== undefined &&
        key !== undefined &&
        isLive(key, deps.now()) &&
        secretMatches(key, presented.secret);
      if (!valid) return refuse(unauthorized(), presented === undefined ? {} : { caller: presented.id });
      return { id: key.id, tenants: key.tenants, scopes: key.scopes };
    },
    require: requireScope,
    requireAllTenants(caller, scope) {
      if (caller.tenants !== '*') refuse(forbidden(scope), { caller: caller.id, scope });
      requireScope(caller, scope);
    },
    async openTenant(caller, tenantId, scope) {
      const id = tenantIdSchema.safeParse(tenantId).data;
      const tenant = id !== undefined && maySee(caller, id) ? await tenants.fetch(id) : undefined;
      if (tenant === undefined) {
        return refuse(tenantNotFound(), {
          caller: caller.id,
          scope,
          ...(id === undefined ? {} : { tenantId: id }),
        });
      }
      requireScope(caller, scope, tenant.tenantId);
      return tenant;
    },
    async visibleTenants(caller) {
      const all = await deps.tenants.list();
      return all.filter((tenant) => maySee(caller, tenant.tenantId));
    },
  };
}

async function loadKey(deps: AccessDeps, id: string): Promise<ApiKey | undefined> {
  const key = await deps.keys.get(id);
  const now = deps.now();
  const stale = key !== undefined && now.getTime() - (key.lastUsedDateTime?.getTime() ?? 0) > touchEveryMs;
  if (stale) await deps.keys.touch(id, now);
  return key;
}

function isLive(key: ApiKey, now: Date): boolean {
  return key.expiresDateTime === undefined || key.expiresDateTime > now;
}

function maySee(caller: Caller, tenantId: string): boolean {
  return caller.tenants === '*' || caller.tenants === tenantId;
}

function unauthorized(): RequestError {
  return new RequestError(401, 'Unauthorized', 'Send a valid client key in the header x-api-key.', {
    headers: { 'WWW-Authenticate': 'ApiKey realm="auditkeep"' },
  });
}

function forbidden(scope: Scope): RequestError {
  return new RequestError(
    403,
    'Forbidden',
    `This key may not do that: it needs the scope ${scope} for what is asked.`,
  );
}

function tenantNotFound(): RequestError {
  return new RequestError(404, 'TenantNotFound', 'There is no such tenant, or this key may not see it.');
}

/** An authenticated caller. */
import type { Scope } from './api-keys.ts';
import { canonicalSet, contains, containsId, readSet, type SetMember } from './tenant-set.ts';

/** Scopes that hold for the tenants of one set. */
export interface Grant {
  /** A set of tenants, as {@link canonicalSet} writes it. */
  readonly tenants: string;
  readonly scopes: readonly Scope[];
}

/** What a caller is, for people: nothing is decided by it. */
export interface Identity {
  readonly kind: 'ClientKey' | 'EntraUser' | 'EntraApplication';
  /** Name of the key; of a user, what the token says. */
  readonly displayName?: string | undefined;
  /** Of a key. */
  readonly expiresDateTime?: Date | undefined;
}

export interface Caller {
  /** Id of a client key, `entra:{tenant id}/{object id}`, or `webhook`. */
  readonly id: string;
  /** Absent where no key or token was sent: links and signed webhooks act for others. */
  readonly identity?: Identity;
  /** A key has one; roles of Microsoft Entra ID may be for different sets. */
  readonly grants: readonly Grant[];
}

/** A caller whose scopes all hold for the same tenants. */
export function callerWith(id: string, grant: Grant): Caller {
  return { id, grants: [grant] };
}

export function maySee({ grants }: Pick<Caller, 'grants'>, tenant: SetMember): boolean {
  return grants.some(({ tenants }) => contains(tenants, tenant));
}

/** Whether the caller may see the tenant with this ID, whatever its tags are. */
export function maySeeById({ grants }: Caller, tenantId: string): boolean {
  return grants.some(({ tenants }) => containsId(tenants, tenantId));
}

/** Whether tags decide what the caller may see. */
export function isBoundToTags({ grants }: Caller): boolean {
  return grants.some(({ tenants }) => readSet(tenants).tags.size > 0);
}

/** Whether the caller has the scope in the tenant; without a tenant, in any. */
export function holds({ grants }: Caller, scope: Scope, tenant?: SetMember): boolean {
  return grants.some(
    ({ tenants, scopes }) => scopes.includes(scope) && (tenant === undefined || contains(tenants, tenant)),
  );
}

/** Whether the caller may see all tenants; with a scope, whether it has that for all of them. */
export function seesAll({ grants }: Caller, scope?: Scope): boolean {
  return grants.some(
    ({ tenants, scopes }) => readSet(tenants).isAll && (scope === undefined || scopes.includes(scope)),
  );
}

/** The tenants that the caller may see or, with a scope, in which it has that; undefined if there can be none. */
export function tenantsOf({ grants }: Caller, scope?: Scope): string | undefined {
  const granted = grants.filter(({ scopes }) => scope === undefined || scopes.includes(scope));
  if (granted.length === 0) return undefined;
  return canonicalSet(granted.flatMap(({ tenants }) => tenants.split(',')));
}

/** The caller with what it may do in one tenant, and nowhere else. */
export function within(caller: Caller, tenant: SetMember): Caller {
  const held = caller.grants.filter(({ tenants }) => contains(tenants, tenant));
  const scopes = [...new Set(held.flatMap((grant) => grant.scopes))];
  return callerWith(caller.id, { tenants: tenant.tenantId, scopes });
}

/** A unique key for a caller: all senders of signed webhooks share one id. */
export function keyOf(caller: Caller): string {
  return `${caller.id} ${tenantsOf(caller) ?? ''}`;
}

/** Whose the things are that belong to no single tenant: saved searches, subscriptions, exports of several tenants. */
import { RequestError } from '../errors.ts';
import { sha256Of } from '../sha256.ts';
import { scopes, type Scope } from './api-keys.ts';
import { callerWith, seesAll, tenantsOf, type Caller } from './caller.ts';

/**
 * An ID that callers share who have the scope for the same set of tenants, and no others: it takes the place of a
 * tenant's ID where such things are stored. It is a GUID of version 8; those of tenants have another version.
 * @returns undefined for a caller without the scope
 * @see https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-8
 */
export function ownerOf(caller: Caller, scope: Scope): string | undefined {
  const tenants = tenantsOf(caller, scope);
  return tenants === undefined ? undefined : ownerOfSet(tenants);
}

/**
 * The owner of what callers share who read the same set of tenants.
 * @throws RequestError 403 for a caller that may read no records
 */
export function ownerFor(caller: Caller): string {
  const owner = ownerOf(caller, 'records.read');
  if (owner !== undefined) return owner;
  const message = 'This operation requires the scope or role records.read. Use a key or token that has it.';
  throw new RequestError(403, 'Forbidden', message);
}

/**
 * What belongs to several tenants is canceled by its maker, or by who may do the same in all tenants of the owner.
 * @throws RequestError 403
 */
export function ensureMayCancelAll(caller: Caller, createdBy: string, scope: Scope): void {
  if (caller.id === createdBy || tenantsOf(caller, scope) === tenantsOf(caller, 'records.read')) return;
  const message = `Only its creator, or a caller with the scope ${scope} in all of its tenants, may cancel this.`;
  throw new RequestError(403, 'Forbidden', message);
}

/** @param tenants a set of tenants, as `canonicalSet` writes it */
export function ownerOfSet(tenants: string): string {
  const hash = sha256Of(`owner\n${tenants}`);
  const variant = ((Number.parseInt(hash.slice(16, 17), 16) & 0x3) | 0x8).toString(16);
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    variant + hash.slice(17, 20),
    hash.slice(20, 32),
  ].join('-');
}

/** What a caller has together with others: see {@link ownerOf}. */
export interface SharedSpace {
  readonly owner: string;
  /** The set of tenants in which the caller has the scope. */
  readonly tenants: string;
  /** With what it may do in all of these tenants, and nowhere else. */
  readonly caller: Caller;
}

/** @throws Error for a caller without the scope, who is refused before */
export function sharedSpace(caller: Caller, scope: Scope): SharedSpace {
  const tenants = tenantsOf(caller, scope);
  if (tenants === undefined) throw new Error(`The caller must have ${scope}.`);
  const held = scopes.filter((each) => seesAll(caller, each) || tenantsOf(caller, each) === tenants);
  return { owner: ownerOfSet(tenants), tenants, caller: callerWith(caller.id, { tenants, scopes: held }) };
}

/** Whose the things are that belong to no single tenant: saved searches, subscriptions, exports of several tenants. */
import { RequestError } from '../errors.ts';
import { guidOfHash } from '../guid.ts';
import { sha256Of } from '../sha256.ts';
import { scopes, type Scope } from './api-keys.ts';
import { callerWith, seesAll, tenantsOf, type Caller } from './caller.ts';

/** What a caller has together with all others who may read the same set of tenants, and with no one else. */
export interface SharedSpace {
  /** @see ownerOfSet */
  readonly owner: string;
  /** The set of tenants that the caller may read. */
  readonly tenants: string;
  /** With what it may do in all of these tenants, and nowhere else. */
  readonly caller: Caller;
}

/** @throws RequestError 403 for a caller that may read no records */
export function sharedSpace(caller: Caller): SharedSpace {
  const tenants = tenantsOf(caller, 'records.read');
  if (tenants === undefined) throw forbidden();
  const held = scopes.filter((each) => seesAll(caller, each) || tenantsOf(caller, each) === tenants);
  return { owner: ownerOfSet(tenants), tenants, caller: callerWith(caller.id, { tenants, scopes: held }) };
}

function forbidden(): RequestError {
  const message = 'This operation requires the scope or role records.read. Use a key or token that has it.';
  return new RequestError(403, 'Forbidden', message);
}

/**
 * An ID in the place of a tenant's, where things of several tenants are stored. It is a GUID of version 8; those of tenants
 * have another version.
 * @param tenants a set of tenants, as `canonicalSet` writes it
 * @see https://www.rfc-editor.org/rfc/rfc9562#name-uuid-version-8
 */
export function ownerOfSet(tenants: string): string {
  return guidOfHash(sha256Of(`owner\n${tenants}`));
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

/** Sets of tenants whose members are fixed with the first page of an answer, of which each page reads some. */
import { invalidParameter } from '../errors.ts';
import type { StoredTenant } from '../tenants/tenant.ts';
import type { Access } from './access.ts';
import { tenantsOf, type Caller } from './caller.ts';
import { tenantsIn } from './open-tenants.ts';
import { tenantNotFound } from './refusals.ts';
import { allTenants, canonicalSet, contains, readSet, tagIn } from './tenant-set.ts';

/** The position of an answer has a place for each. */
const maxTenants = 5000;
const scope = 'records.read';

/** The members of a set, for one page. */
export interface OpenSet {
  /** In order of ID. */
  readonly tenantIds: readonly string[];
  /** Opens a member: the access log names it. Undefined once it is removed, or the caller may no longer read it. */
  readonly tenantOf: (tenantId: string) => Promise<StoredTenant | undefined>;
}

/** A set as a request names it. */
export interface SetSource {
  /** What tokens of its pages are bound to: how it was written, and what the caller may read. */
  readonly bound: string;
  /** The members that it has now. @throws RequestError 404 if it names none, 400 for too many */
  open(): Promise<OpenSet>;
  /**
   * The members that it had. Costs one read per thousand tenants if the set has a tag or is everything; otherwise one for
   * each member that is opened, cached for a minute.
   */
  reopen(tenantIds: readonly string[]): OpenSet;
}

type SetAccess = Pick<Access, 'openTenant' | 'membersOf' | 'visibleTenants' | 'open'>;

/** The set that the terms of a request name. @throws RequestError as `tenantsIn` when it is opened */
export function namedSet(access: SetAccess, caller: Caller, terms: readonly string[]): SetSource {
  const written = [...new Set(terms.map((term) => term.toLowerCase()))].sort();
  const isNamed = terms.every((term) => term !== allTenants && tagIn(term) === undefined);
  return {
    bound: boundTo(caller, written.join()),
    open: async () => setOf(access, caller, await tenantsIn(access, caller, terms, scope)),
    reopen: (tenantIds) => reopened(access, caller, { tenantIds, isNamed }),
  };
}

/** A set that is stored. @param text as `canonicalSet` writes it */
export function storedSet(access: SetAccess, caller: Caller, text: string): SetSource {
  const { isAll, tags } = readSet(text);
  return {
    bound: boundTo(caller, text),
    open: async () => {
      const visible = await access.visibleTenants(caller, scope);
      return setOf(
        access,
        caller,
        visible.filter((tenant) => contains(text, tenant)),
      );
    },
    reopen: (tenantIds) => reopened(access, caller, { tenantIds, isNamed: !isAll && tags.size === 0 }),
  };
}

function boundTo(caller: Caller, written: string): string {
  return `${written} ${tenantsOf(caller, scope) ?? ''}`;
}

interface Members {
  readonly tenantIds: readonly string[];
  /** Each is named by its ID or domain. */
  readonly isNamed: boolean;
}

function reopened(access: SetAccess, caller: Caller, { tenantIds, isNamed }: Members): OpenSet {
  const tenants = isNamed ? canonicalSet(tenantIds) : allTenants;
  const find = access.membersOf(caller, { tenants, scope });
  const tenantOf = async (tenantId: string) => {
    const tenant = await find(tenantId);
    if (tenant !== undefined) access.open(caller, [tenantId]);
    return tenant;
  };
  return { tenantIds, tenantOf };
}

function setOf(access: SetAccess, caller: Caller, tenants: readonly StoredTenant[]): OpenSet {
  // An empty answer would look as if nothing had happened.
  if (tenants.length === 0) throw tenantNotFound('None of your tenants is in the set now.');
  if (tenants.length <= maxTenants) return membersOf(access, caller, tenants);
  const message = `'tenants' selects ${tenants.length} tenants; the limit is ${maxTenants}.`;
  throw invalidParameter('tenants', message);
}

function membersOf(access: SetAccess, caller: Caller, tenants: readonly StoredTenant[]): OpenSet {
  const byId = new Map(tenants.map((tenant) => [tenant.tenantId, tenant]));
  const tenantOf = (tenantId: string) => {
    if (byId.has(tenantId)) access.open(caller, [tenantId]);
    return Promise.resolve(byId.get(tenantId));
  };
  return { tenantIds: [...byId.keys()], tenantOf };
}

/** App registrations and their objects per tenant, and whether requests can already see them. */

import { randomUUID } from 'node:crypto';
import { microsoftApis } from './applications-data.ts';
import type { GraphObject } from './graph-directory.ts';
import type { ManagedIdentity } from './managed-identity.ts';

/** An object of the directory; applications and service principals also have an `appId`. */
export interface DirectoryObject extends GraphObject {
  readonly id: string;
}

export interface Registrations {
  readonly applications: Collection;
  readonly servicePrincipals: Collection;
  /** The credentials of one application. */
  credentialsOf(applicationId: string): Collection;
  /** Requests that changed something. */
  writes(): number;
  countWrite(): void;
}

export interface Collection {
  all(): readonly DirectoryObject[];
  /** What requests can see: each attempt to read a new object brings its appearance closer. */
  find(matches: (object: DirectoryObject) => boolean): DirectoryObject | undefined;
  /** The objects that are already listed. */
  visible(): readonly DirectoryObject[];
  /** Generates an ID if the object has none. */
  add(object: GraphObject, misses?: number): DirectoryObject;
  change(id: string, change: GraphObject): void;
  remove(id: string): void;
}

export const createCollection = (): Collection => {
  const objects = new Map<string, DirectoryObject>();
  const misses = new Map<string, number>();
  const isVisible = ({ id }: DirectoryObject): boolean => {
    const left = misses.get(id) ?? 0;
    misses.set(id, Math.max(0, left - 1));
    return left === 0;
  };
  const all = (): readonly DirectoryObject[] => [...objects.values()];
  return {
    all,
    find: (matches) => {
      const found = all().find(matches);
      return found !== undefined && isVisible(found) ? found : undefined;
    },
    visible: () => all().filter(isVisible),
    add: (object, missed = 0) => {
      const added = { id: randomUUID(), ...object };
      objects.set(added.id, added);
      misses.set(added.id, missed);
      return added;
    },
    change: (id, change) => {
      const known = objects.get(id);
      if (known !== undefined) objects.set(id, { ...known, ...change, id });
    },
    remove: (id) => void objects.delete(id),
  };
};

const createRegistrations = (identity: ManagedIdentity | undefined): Registrations => {
  const credentials = new Map<string, Collection>();
  const servicePrincipals = createCollection();
  for (const api of microsoftApis) servicePrincipals.add({ ...api, servicePrincipalType: 'Application' });
  if (identity !== undefined) {
    const { clientId: appId, principalId: id } = identity;
    servicePrincipals.add({ id, appId, servicePrincipalType: 'ManagedIdentity' });
  }
  let writes = 0;
  return {
    applications: createCollection(),
    servicePrincipals,
    credentialsOf: (applicationId) => {
      const known = credentials.get(applicationId) ?? createCollection();
      credentials.set(applicationId, known);
      return known;
    },
    writes: () => writes,
    countWrite: () => {
      writes += 1;
    },
  };
};

/** Returns the registrations of a tenant, which initially has Microsoft's own APIs and, in its own tenant, the identity. */
export const createRegistrationsByTenant = (
  identity: ManagedIdentity,
): ((tenantId: string) => Registrations) => {
  const byTenant = new Map<string, Registrations>();
  return (tenantId) => {
    const isHome = tenantId === identity.homeTenantId;
    const known = byTenant.get(tenantId) ?? createRegistrations(isHome ? identity : undefined);
    byTenant.set(tenantId, known);
    return known;
  };
};

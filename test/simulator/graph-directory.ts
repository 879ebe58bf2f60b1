/** The directory of one tenant as Graph returns it: principals, members, and role assignments. */

import type { TenantState } from './tenant-states.ts';
import type { SimulatedDirectory } from './tenant.ts';

export type GraphObject = Readonly<Record<string, unknown>>;

export interface RoleAssignment {
  readonly principalId: string;
  /** The role's template ID. */
  readonly roleDefinitionId: string;
}

export interface DirectoryView {
  /** The application's service principal among the others, if there is consent. */
  readonly directory: SimulatedDirectory;
  readonly assignments: readonly RoleAssignment[];
  readonly domains: readonly GraphObject[];
}

const globalAdministrator = '62e90394-69f5-4237-9190-012177145e10';

/** @param clientId the application whose service principal the tenant has */
export const viewDirectory = (state: TenantState, clientId: string): DirectoryView => {
  const { directory, domain, otherDomains = [] } = state.tenant;
  const { servicePrincipalId: id } = state;
  const { consented } = state.policy.get();
  const ours = consented ? [{ id, appId: clientId, displayName: 'The application' }] : [];
  return {
    directory: { ...directory, servicePrincipals: [...ours, ...directory.servicePrincipals] },
    domains: [domain, ...otherDomains].map((id) => ({ id, isVerified: true, isDefault: id === domain })),
    assignments: [
      ...globalAdministrators(directory.globalAdministratorIds),
      ...(directory.otherRoles ?? []).flatMap(({ roleDefinitionId, principalIds }) =>
        principalIds.map((principalId) => ({ principalId, roleDefinitionId })),
      ),
      ...state.policy.get().directoryRoles.map((roleDefinitionId) => ({ principalId: id, roleDefinitionId })),
    ],
  };
};

export const globalAdministrators = (principalIds: readonly string[]): readonly RoleAssignment[] =>
  principalIds.map((principalId) => ({ principalId, roleDefinitionId: globalAdministrator }));

/** Groups may contain each other; each member is returned once. */
export const transitiveMemberIds = (directory: SimulatedDirectory, groupId: string): readonly string[] => {
  const found = new Set<string>();
  const visit = (id: string): void => {
    const members = directory.groups.find((group) => group.id === id)?.memberIds ?? [];
    for (const member of members.filter((memberId) => !found.has(memberId))) {
      found.add(member);
      visit(member);
    }
  };
  visit(groupId);
  return [...found];
};

/** Without permission to read names, a principal is little more than its ID. */
export const principalOf = (
  directory: SimulatedDirectory,
  principalId: string,
  seesNames: boolean,
): GraphObject => {
  const [type, principal] = findPrincipal(directory, principalId);
  return { '@odata.type': `#microsoft.graph.${type}`, id: principalId, ...(seesNames ? principal : {}) };
};

const findPrincipal = (
  directory: SimulatedDirectory,
  principalId: string,
): readonly [string, GraphObject] => {
  const user = directory.users.find(({ id }) => id === principalId);
  if (user !== undefined) return ['user', { ...user }];
  const group = directory.groups.find(({ id }) => id === principalId);
  if (group !== undefined) return ['group', { displayName: group.displayName, isAssignableToRole: true }];
  const servicePrincipal = directory.servicePrincipals.find(({ id }) => id === principalId);
  return servicePrincipal === undefined
    ? ['directoryObject', {}]
    : ['servicePrincipal', { ...servicePrincipal }];
};

/** The directories of the demo tenants and their holders of Global Administrator. */
import type { SimulatedDirectory, SimulatedGroup, SimulatedUser } from '../tenant.ts';
import type { Company, Person } from './company.ts';
import { createPrng } from './prng.ts';

export interface RoleHolders {
  /** Names of people who hold the role directly. */
  readonly direct: readonly string[];
  /** Names of people who hold it as members of a role-assignable group. */
  readonly throughGroup?: readonly string[];
  /** Names of people who may activate it; absent: the tenant has no license for that. */
  readonly eligible?: readonly string[];
}

export const directoryOf = (company: Company, holders: RoleHolders): SimulatedDirectory => {
  const idsOf = (names: readonly string[]): readonly string[] =>
    company.people
      .filter(({ displayName }) => names.includes(displayName))
      .map((person) => person.directoryId);
  const { automation } = company;
  const roleGroups = holders.throughGroup ? [roleGroup(company, idsOf(holders.throughGroup))] : [];
  return {
    users: company.people.map(directoryUser),
    groups: [...roleGroups, ...departmentGroups(company)],
    servicePrincipals: automation
      ? [{ id: automation.directoryId, appId: automation.appId, displayName: automation.displayName }]
      : [],
    globalAdministratorIds: [
      ...idsOf(holders.direct),
      ...roleGroups.map(({ id }) => id),
      ...(automation ? [automation.directoryId] : []),
    ],
    ...(holders.eligible && { eligibleGlobalAdministratorIds: idsOf(holders.eligible) }),
  };
};

const directoryUser = (person: Person): SimulatedUser => ({
  id: person.directoryId,
  userPrincipalName: person.userId,
  displayName: person.displayName,
});

const roleGroup = (company: Company, memberIds: readonly string[]): SimulatedGroup => ({
  id: createPrng(`${company.domain} role group`).guid(),
  displayName: 'Tier 0 administrators',
  memberIds,
});

const departmentGroups = (company: Company): readonly SimulatedGroup[] =>
  [...new Set(company.people.map(({ department }) => department))].map((department) => ({
    id: createPrng(`${company.domain} ${department}`).guid(),
    displayName: department,
    memberIds: company.people
      .filter((person) => person.department === department)
      .map((person) => person.directoryId),
  }));

/** Global Administrators in the simulated Graph. */

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { SimulatedDirectory } from '../../simulator/tenant.ts';
import {
  fabrikam,
  graphScope,
  json,
  refusalOf,
  startClient,
  tenantOf,
  type SimulatorClient,
} from './simulator-client.ts';

const globalAdministrator = '62e90394-69f5-4237-9190-012177145e10';
const [ada, bo, cem] = ['ada', 'bo', 'cem'].map((name, index) => ({
  id: `00000000-0000-4000-8000-00000000000${index}`,
  userPrincipalName: `${name}@fabrikam.example`,
  displayName: name,
}));
const users = [ada, bo, cem].filter((user) => user !== undefined);
const directory: SimulatedDirectory = {
  users,
  groups: [
    { id: 'outer', displayName: 'Outer', memberIds: [users[0]?.id ?? '', 'inner'] },
    { id: 'inner', displayName: 'Inner', memberIds: [users[1]?.id ?? '', 'outer'] },
  ],
  servicePrincipals: [{ id: 'robot', appId: 'app', displayName: 'Robot' }],
  globalAdministratorIds: [users[0]?.id ?? '', 'outer', 'robot'],
};
const collectionSchema = z.object({
  '@odata.nextLink': z.string().optional(),
  value: z.array(z.record(z.string(), z.unknown())),
});

let client: SimulatorClient;

beforeEach(async () => {
  client = await startClient({ tenants: [tenantOf(fabrikam, { directory })] });
});

afterEach(() => client.stop());

const ask = (path: string) => client.get(path, { scope: graphScope });

const readAll = async (path: string): Promise<{ values: Record<string, unknown>[]; pages: number }> => {
  const values: Record<string, unknown>[] = [];
  let pages = 0;
  for (let next: string | undefined = path; next !== undefined; pages += 1) {
    const page = collectionSchema.parse(json(await ask(next)));
    values.push(...page.value);
    next = page['@odata.nextLink'];
  }
  return { values, pages };
};

const assignments = (role: string): string =>
  `/v1.0/roleManagement/directory/roleAssignments?$filter=roleDefinitionId eq '${role}'&$expand=principal`;

describe('domains', () => {
  it('are those of the tenant, to those who may read the directory', async () => {
    const { values } = await readAll('/v1.0/domains');
    const domain = `${fabrikam.slice(0, 4)}.fabrikam.example`;
    expect(values).toEqual([{ id: domain, isVerified: true, isDefault: true }]);
  });
});

describe('role assignments', () => {
  it('list users, groups, and service principals, page by page', async () => {
    const { values, pages } = await readAll(assignments(globalAdministrator));
    expect(pages).toBe(2);
    expect(values.map(({ principalId }) => principalId)).toEqual(directory.globalAdministratorIds);
    expect(values.map(({ principal }) => principal)).toMatchObject([
      { '@odata.type': '#microsoft.graph.user', userPrincipalName: 'ada@fabrikam.example' },
      { '@odata.type': '#microsoft.graph.group', displayName: 'Outer' },
      { '@odata.type': '#microsoft.graph.servicePrincipal', appId: 'app' },
    ]);
  });

  it('are empty for other roles', async () => {
    expect((await readAll(assignments('f2ef992c-3afb-46b9-b7cf-a126ee74c451'))).values).toEqual([]);
  });

  it('are forbidden without the role in the token', async () => {
    client.simulator.changePolicy(fabrikam, { grantedRoles: ['Directory.Read.All'] });
    expect(refusalOf(await ask(assignments(globalAdministrator)))).toBe('403 Authorization_RequestDenied');
  });

  it('contain little more than IDs without permission to read names', async () => {
    client.simulator.changePolicy(fabrikam, { grantedRoles: ['RoleManagement.Read.Directory'] });
    const { values } = await readAll(assignments(globalAdministrator));
    expect(values[0]?.['principal']).toEqual({ '@odata.type': '#microsoft.graph.user', id: users[0]?.id });
  });

  it('need a token for Graph', async () => {
    expect(refusalOf(await client.get(assignments(globalAdministrator)))).toBe(
      '401 InvalidAuthenticationToken',
    );
  });
});

describe('group members', () => {
  it('are the direct ones', async () => {
    const { values } = await readAll('/v1.0/groups/outer/members');
    expect(values.map(({ id }) => id)).toEqual([users[0]?.id, 'inner']);
  });

  it('are found through nested groups, once each', async () => {
    const { values } = await readAll('/v1.0/groups/outer/transitiveMembers');
    expect(values.map(({ id }) => id)).toEqual([users[0]?.id, 'inner', users[1]?.id, 'outer']);
  });

  it('of an unknown group do not exist', async () => {
    expect(refusalOf(await ask('/v1.0/groups/nowhere/members'))).toBe('404 Request_ResourceNotFound');
  });
});

describe('eligible administrators', () => {
  const path = '/v1.0/roleManagement/directory/roleEligibilityScheduleInstances?$expand=principal';

  it('are an error without the license', async () => {
    expect(refusalOf(await ask(path))).toBe('400 AadPremiumLicenseRequired');
  });

  it('are listed with the license', async () => {
    const licensed = '11aa22bb-33cc-44dd-95ee-66ff77008811';
    const eligibleGlobalAdministratorIds = [users[2]?.id ?? ''];
    client.simulator.addTenant(
      tenantOf(licensed, { directory: { ...directory, eligibleGlobalAdministratorIds } }),
    );
    const answer = await client.get(path, { tenantId: licensed, scope: graphScope });
    expect(collectionSchema.parse(json(answer)).value).toMatchObject([
      { principalId: users[2]?.id, principal: { displayName: 'cem' }, memberType: 'Direct' },
    ]);
  });
});

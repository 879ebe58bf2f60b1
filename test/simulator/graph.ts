/** As much of Microsoft Graph as tells who is a Global Administrator. */

import type { Cell } from './cell.ts';
import { graphError, graphForbidden, graphUnauthorized } from './graph-replies.ts';
import { jsonReply, queryOf, type HttpRequest, type Reply, type Router } from './http.ts';
import { graphAudience } from './resources.ts';
import type { Settings } from './settings.ts';
import type { TenantStates } from './tenant-states.ts';
import type { SimulatedDirectory } from './tenant.ts';
import { bearerOf, type AccessToken, type Tokens } from './tokens.ts';

export interface GraphOptions {
  /** Address of the simulator; known once it listens. */
  readonly baseUrl: () => string;
  readonly tenants: TenantStates;
  readonly tokens: Tokens;
  readonly settings: Cell<Settings>;
}

type GraphObject = Readonly<Record<string, unknown>>;

/** What an authorised request gets: the whole collection, or an error. */
type Answer = readonly GraphObject[] | Reply;

interface Resource {
  readonly pattern: RegExp;
  /** Any one of these roles opens it. */
  readonly roles: readonly string[];
  answer(directory: SimulatedDirectory, caller: Caller): Answer;
}

interface Caller {
  readonly query: ReadonlyMap<string, string>;
  /** Group id from the path. */
  readonly id: string;
  /** Without it principals are little more than their id. */
  readonly seesNames: boolean;
}

const globalAdministrator = '62e90394-69f5-4237-9190-012177145e10';
const roleReaders = ['RoleManagement.Read.Directory', 'RoleManagement.Read.All'];
const nameReaders = ['Directory.Read.All', 'User.Read.All'];
const groupReaders = ['GroupMember.Read.All', 'Group.Read.All', 'Directory.Read.All'];

const resources: readonly Resource[] = [
  {
    pattern: /^\/v1\.0\/roleManagement\/directory\/roleAssignments$/i,
    roles: roleReaders,
    answer: (directory, caller) =>
      asksForGlobalAdministrators(caller.query)
        ? directory.globalAdministratorIds.map((id) => assignmentOf(directory, id, caller))
        : [],
  },
  {
    pattern: /^\/v1\.0\/roleManagement\/directory\/roleEligibilityScheduleInstances$/i,
    roles: [...roleReaders, 'RoleEligibilitySchedule.Read.Directory'],
    answer: (directory, caller) => answerEligibility(directory, caller),
  },
  {
    pattern: /^\/v1\.0\/groups\/(?<id>[^/]+)\/members$/i,
    roles: groupReaders,
    answer: (directory, { id, seesNames }) => answerMembers(directory, id, { seesNames, nested: false }),
  },
  {
    pattern: /^\/v1\.0\/groups\/(?<id>[^/]+)\/transitiveMembers$/i,
    roles: groupReaders,
    answer: (directory, { id, seesNames }) => answerMembers(directory, id, { seesNames, nested: true }),
  },
];

export const createGraphRouter =
  (options: GraphOptions): Router =>
  (request) => {
    if (!/^\/v1\.0\//i.test(request.url.pathname)) return undefined;
    const token = options.tokens.read(bearerOf(request.headers.authorization) ?? '');
    return {
      call: { operation: 'graph', tenantId: token?.tenantId },
      answer: () => answer(options, request, token),
    };
  };

const answer = (options: GraphOptions, request: HttpRequest, token: AccessToken | undefined): Reply => {
  if (token?.audience !== graphAudience) return graphUnauthorized();
  const resource = resources.find(({ pattern }) => pattern.test(request.url.pathname));
  if (resource === undefined || request.method !== 'GET') {
    return graphError(404, 'Request_ResourceNotFound', 'The simulator does not know this resource.');
  }
  if (!hasAny(token, resource.roles)) return graphForbidden();
  const { directory } = options.tenants.get(token.tenantId).tenant;
  const id = resource.pattern.exec(request.url.pathname)?.groups?.['id'] ?? '';
  const query = queryOf(request.url);
  const found = resource.answer(directory, { query, id, seesNames: hasAny(token, nameReaders) });
  return 'status' in found ? found : pageOf(options, request, found);
};

const hasAny = (token: AccessToken, roles: readonly string[]): boolean =>
  roles.some((role) => token.roles.includes(role));

const pageOf = (options: GraphOptions, request: HttpRequest, items: readonly GraphObject[]): Reply => {
  const { graphPageSize } = options.settings.get();
  const from = Number(queryOf(request.url).get('$skiptoken') ?? '0');
  const next = new URL(request.url.pathname + request.url.search, options.baseUrl());
  next.searchParams.set('$skiptoken', String(from + graphPageSize));
  const hasMore = from + graphPageSize < items.length;
  return jsonReply(200, {
    '@odata.context': `${options.baseUrl()}/v1.0/$metadata`,
    ...(hasMore ? { '@odata.nextLink': next.href } : {}),
    value: items.slice(from, from + graphPageSize),
  });
};

const asksForGlobalAdministrators = (query: ReadonlyMap<string, string>): boolean => {
  const filter = query.get('$filter');
  return filter === undefined || filter.toLowerCase().includes(globalAdministrator);
};

const answerEligibility = (directory: SimulatedDirectory, caller: Caller): Answer => {
  const eligible = directory.eligibleGlobalAdministratorIds;
  if (eligible === undefined) {
    return graphError(
      400,
      'AadPremiumLicenseRequired',
      'The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license.',
    );
  }
  if (!asksForGlobalAdministrators(caller.query)) return [];
  return eligible.map((id) => ({
    ...assignmentOf(directory, id, caller),
    memberType: 'Direct',
    startDateTime: '2026-01-01T00:00:00Z',
    endDateTime: null,
  }));
};

const answerMembers = (
  directory: SimulatedDirectory,
  groupId: string,
  view: { readonly seesNames: boolean; readonly nested: boolean },
): Answer => {
  const group = directory.groups.find(({ id }) => id === groupId);
  if (group === undefined) {
    return graphError(404, 'Request_ResourceNotFound', `Resource '${groupId}' does not exist.`);
  }
  const ids = view.nested ? transitiveMemberIds(directory, groupId) : group.memberIds;
  return ids.map((id) => principalOf(directory, id, view.seesNames));
};

/** Groups may contain each other; each member comes once. */
const transitiveMemberIds = (directory: SimulatedDirectory, groupId: string): readonly string[] => {
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

const assignmentOf = (directory: SimulatedDirectory, principalId: string, caller: Caller): GraphObject => ({
  id: Buffer.from(`${globalAdministrator}${principalId}`).toString('base64url'),
  principalId,
  roleDefinitionId: globalAdministrator,
  directoryScopeId: '/',
  ...(caller.query.get('$expand')?.includes('principal') === true
    ? { principal: principalOf(directory, principalId, caller.seesNames) }
    : {}),
});

const principalOf = (directory: SimulatedDirectory, principalId: string, seesNames: boolean): GraphObject => {
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

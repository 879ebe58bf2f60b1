/** The subset of Microsoft Graph that reports Global Administrators, the application's own roles, and domains. */

import type { Cell } from './cell.ts';
import {
  globalAdministrators,
  principalOf,
  transitiveMemberIds,
  viewDirectory,
  type DirectoryView,
  type GraphObject,
  type RoleAssignment,
} from './graph-directory.ts';
import { readGraphFilter } from './graph-filter.ts';
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
  readonly app: { readonly clientId: string };
  readonly tenants: TenantStates;
  readonly tokens: Tokens;
  readonly settings: Cell<Settings>;
}

/** The result of an authorized request: the whole collection, or an error. */
type Answer = readonly GraphObject[] | Reply;

interface Resource {
  readonly pattern: RegExp;
  /** Any of these roles allows it. */
  readonly roles: readonly string[];
  answer(view: DirectoryView, caller: Caller): Answer;
}

interface Caller {
  readonly query: ReadonlyMap<string, string>;
  /** Group ID from the path. */
  readonly id: string;
  /** Without it, principals are little more than their ID. */
  readonly seesNames: boolean;
}

const roleReaders = ['RoleManagement.Read.Directory', 'RoleManagement.Read.All'];
const nameReaders = ['Directory.Read.All', 'User.Read.All'];
const domainReaders = ['Domain.Read.All', 'Directory.Read.All'];
const groupReaders = ['GroupMember.Read.All', 'Group.Read.All', 'Directory.Read.All'];
const applicationReaders = ['Application.Read.All', 'Directory.Read.All'];

const resources: readonly Resource[] = [
  {
    pattern: /^\/v1\.0\/roleManagement\/directory\/roleAssignments$/i,
    roles: roleReaders,
    answer: ({ directory, assignments }, caller) =>
      filtered(assignments, caller, (assignment) => assignmentOf(directory, assignment, caller)),
  },
  {
    pattern: /^\/v1\.0\/roleManagement\/directory\/roleEligibilityScheduleInstances$/i,
    roles: [...roleReaders, 'RoleEligibilitySchedule.Read.Directory'],
    answer: ({ directory }, caller) => answerEligibility(directory, caller),
  },
  {
    pattern: /^\/v1\.0\/domains$/i,
    roles: domainReaders,
    answer: ({ domains }) => domains,
  },
  {
    pattern: /^\/v1\.0\/users$/i,
    roles: nameReaders,
    answer: ({ directory }, caller) => filtered(directory.users, caller, (user) => ({ ...user })),
  },
  {
    pattern: /^\/v1\.0\/servicePrincipals$/i,
    roles: applicationReaders,
    answer: ({ directory }, caller) =>
      filtered(directory.servicePrincipals, caller, (servicePrincipal) => ({ ...servicePrincipal })),
  },
  {
    pattern: /^\/v1\.0\/groups\/(?<id>[^/]+)\/members$/i,
    roles: groupReaders,
    answer: ({ directory }, { id, seesNames }) => answerMembers(directory, id, { seesNames, nested: false }),
  },
  {
    pattern: /^\/v1\.0\/groups\/(?<id>[^/]+)\/transitiveMembers$/i,
    roles: groupReaders,
    answer: ({ directory }, { id, seesNames }) => answerMembers(directory, id, { seesNames, nested: true }),
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
    return graphError(404, 'Request_ResourceNotFound', 'The simulator does not support this resource.');
  }
  if (!hasAny(token, resource.roles)) return graphForbidden();
  const view = viewDirectory(options.tenants.get(token.tenantId), options.app.clientId);
  const id = resource.pattern.exec(request.url.pathname)?.groups?.['id'] ?? '';
  const query = queryOf(request.url);
  const found = resource.answer(view, { query, id, seesNames: hasAny(token, nameReaders) });
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

const filtered = <T extends object>(
  objects: readonly T[],
  { query }: Caller,
  show: (object: T) => GraphObject,
): Answer => {
  const matches = readGraphFilter(query.get('$filter'));
  return matches === undefined
    ? graphError(400, 'Request_UnsupportedQuery', 'The simulator does not support this filter.')
    : objects.filter(matches).map(show);
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
  return filtered(globalAdministrators(eligible), caller, (assignment) => ({
    ...assignmentOf(directory, assignment, caller),
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

const assignmentOf = (
  directory: SimulatedDirectory,
  { principalId, roleDefinitionId }: RoleAssignment,
  caller: Caller,
): GraphObject => ({
  id: Buffer.from(`${roleDefinitionId}${principalId}`).toString('base64url'),
  principalId,
  roleDefinitionId,
  directoryScopeId: '/',
  ...(caller.query.get('$expand')?.includes('principal') === true
    ? { principal: principalOf(directory, principalId, caller.seesNames) }
    : {}),
});

/** The subset of Microsoft Graph with which the partner's user grants permissions and roles in a customer's tenant. */

import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { microsoftApis, type SimulatedApi } from '../applications-data.ts';
import type { Cell } from '../cell.ts';
import { viewDirectory } from '../graph-directory.ts';
import { readGraphFilter } from '../graph-filter.ts';
import { graphError, graphForbidden } from '../graph-replies.ts';
import { jsonReply, queryOf, type HttpRequest, type Reply, type Router } from '../http.ts';
import { changePolicyOf } from '../policy-change.ts';
import { createRandom, seedOf } from '../random.ts';
import { graphAudience } from '../resources.ts';
import type { Settings } from '../settings.ts';
import type { TenantState, TenantStates } from '../tenant-states.ts';
import { bearerOf, type Tokens } from '../tokens.ts';
import { scopesIn } from './refresh-token-grant.ts';
import { managesApplications, managesRoles, type Partner, type Relationship } from './relationships.ts';

export interface DelegatedGraphOptions {
  readonly partner: Partner;
  readonly tenants: TenantStates;
  readonly tokens: Tokens;
  readonly app: { readonly clientId: string };
  readonly settings: Cell<Settings>;
}

interface Asked extends DelegatedGraphOptions {
  readonly request: HttpRequest;
  readonly state: TenantState;
  readonly relationship: Relationship;
  /** ID from the path. */
  readonly id: string;
}

interface Operation {
  readonly pattern: RegExp;
  /** Any of these delegated permissions allows it. */
  readonly scopes: readonly string[];
  answer(asked: Asked): Reply;
}

const graphAppId = '00000003-0000-0000-c000-000000000000';
const readers = ['Application.Read.All', 'Application.ReadWrite.All', 'Directory.Read.All'];
const roleWriters = ['RoleManagement.ReadWrite.Directory'];

const operations: readonly Operation[] = [
  {
    pattern: /^GET \/servicePrincipals$/,
    scopes: readers,
    answer: (asked) => answerList(asked, servicePrincipals(asked)),
  },
  {
    pattern: /^POST \/servicePrincipals$/,
    scopes: ['Application.ReadWrite.All'],
    answer: (asked) => createServicePrincipal(asked),
  },
  {
    pattern: /^GET \/servicePrincipals\/(?<id>[^/]+)\/appRoleAssignments$/,
    scopes: readers,
    answer: (asked) => answerList(asked, appRoleAssignments(asked)),
  },
  {
    pattern: /^POST \/servicePrincipals\/(?<id>[^/]+)\/appRoleAssignedTo$/,
    scopes: ['AppRoleAssignment.ReadWrite.All'],
    answer: (asked) => assignAppRole(asked),
  },
  {
    pattern: /^GET \/roleManagement\/directory\/roleAssignments$/,
    scopes: roleWriters,
    answer: (asked) => answerList(asked, viewDirectory(asked.state, asked.app.clientId).assignments),
  },
  {
    pattern: /^POST \/roleManagement\/directory\/roleAssignments$/,
    scopes: roleWriters,
    answer: (asked) => assignRole(asked),
  },
];

/** Comes before the other routers of Graph: it takes the requests of the partner's user only. */
export const createDelegatedGraphRouter =
  (options: DelegatedGraphOptions): Router =>
  (request) => {
    const [, path] = /^\/v1\.0(\/.*)$/.exec(request.url.pathname) ?? [];
    const token = options.tokens.read(bearerOf(request.headers.authorization) ?? '');
    const scopes = scopesIn(token);
    if (path === undefined || token === undefined || scopes === undefined) return undefined;
    const { tenantId, audience } = token;
    const target = `${request.method} ${path}`;
    const known = operations.find(({ pattern }) => pattern.test(target));
    return {
      call: { operation: 'graph', tenantId },
      answer: () => {
        const relationship = options.partner.find(tenantId);
        if (known === undefined) return graphError(404, 'Request_ResourceNotFound', 'Not simulated.');
        if (audience !== graphAudience || relationship?.roles === undefined) return graphForbidden();
        if (!known.scopes.some((scope) => scopes.includes(scope))) return graphForbidden();
        const id = known.pattern.exec(target)?.groups?.['id'] ?? '';
        return known.answer({ ...options, request, state: options.tenants.get(tenantId), relationship, id });
      },
    };
  };

const answerList = ({ request }: Asked, objects: readonly object[]): Reply => {
  const matches = readGraphFilter(queryOf(request.url).get('$filter'));
  return matches === undefined
    ? graphError(400, 'Request_UnsupportedQuery', 'The simulator does not support this filter.')
    : jsonReply(200, { value: objects.filter(matches) });
};

const objectIdOf = ({ state }: Asked, appId: string): string =>
  createRandom(seedOf(state.tenant.tenantId, appId)).guid();

const isPresent = ({ relationship }: Asked, { appId }: SimulatedApi): boolean =>
  !relationship.missingApis.includes(appId) && !relationship.unlicensedApis.includes(appId);

const servicePrincipals = (asked: Asked): readonly object[] => [
  ...viewDirectory(asked.state, asked.app.clientId).directory.servicePrincipals,
  ...microsoftApis
    .filter((api) => isPresent(asked, api))
    .map((api) => ({ ...api, id: objectIdOf(asked, api.appId) })),
];

const created = z.object({ appId: z.string() });

const createServicePrincipal = (asked: Asked): Reply => {
  const { appId } = created.parse(JSON.parse(asked.request.body.toString()));
  const api = microsoftApis.find((one) => one.appId === appId);
  if (!managesApplications(asked.relationship)) return graphForbidden();
  if (api === undefined || asked.relationship.unlicensedApis.includes(appId)) {
    return graphError(400, 'Request_BadRequest', 'The appId does not reference a valid application object.');
  }
  if (isPresent(asked, api)) {
    const message = 'The service principal cannot be created because its name is already in use.';
    return graphError(409, 'Request_MultipleObjectsWithSameKeyValue', message);
  }
  const missingApis = asked.relationship.missingApis.filter((one) => one !== appId);
  asked.partner.relate(asked.state.tenant.tenantId, { missingApis });
  return jsonReply(201, { ...api, id: objectIdOf(asked, appId) });
};

const appRoleAssignments = (asked: Asked): readonly object[] => {
  const granted = asked.state.policy.get().grantedRoles;
  return microsoftApis.flatMap((api) =>
    api.appRoles
      .filter(({ value }) => granted.includes(value))
      .map(({ id }) => ({
        ...{ id: randomUUID(), appRoleId: id, principalId: asked.id },
        resourceId: objectIdOf(asked, api.appId),
      })),
  );
};

const assignment = z.object({ principalId: z.string(), resourceId: z.string(), appRoleId: z.string() });

const assignAppRole = (asked: Asked): Reply => {
  const body = assignment.parse(JSON.parse(asked.request.body.toString()));
  const { state, relationship, settings } = asked;
  const api = microsoftApis.find(({ appId }) => objectIdOf(asked, appId) === body.resourceId);
  const role = api?.appRoles.find(({ id }) => id === body.appRoleId);
  if (api === undefined || role === undefined || body.principalId !== state.servicePrincipalId) {
    return graphError(
      404,
      'Request_ResourceNotFound',
      'The principal, the resource, or the role does not exist.',
    );
  }
  const mayGrant = api.appId === graphAppId ? managesRoles(relationship) : managesApplications(relationship);
  if (!mayGrant) return graphForbidden();
  const { grantedRoles } = state.policy.get();
  if (grantedRoles.includes(role.value)) {
    return graphError(400, 'Request_BadRequest', 'Permission being assigned already exists on the object');
  }
  changePolicyOf(state, { grantedRoles: [...grantedRoles, role.value] }, settings.get());
  return jsonReply(201, { id: randomUUID(), ...body });
};

const roleAssignment = z.object({
  principalId: z.string(),
  roleDefinitionId: z.string(),
  directoryScopeId: z.literal('/'),
});

const assignRole = (asked: Asked): Reply => {
  const { principalId, ...body } = roleAssignment.parse(JSON.parse(asked.request.body.toString()));
  const { state, relationship, settings } = asked;
  if (!managesRoles(relationship)) return graphForbidden();
  if (principalId !== state.servicePrincipalId) {
    return graphError(404, 'Request_ResourceNotFound', 'The principal does not exist.');
  }
  const { directoryRoles } = state.policy.get();
  if (directoryRoles.includes(body.roleDefinitionId)) {
    return graphError(
      400,
      'Request_BadRequest',
      'A conflicting object with one or more of the values exists.',
    );
  }
  changePolicyOf(state, { directoryRoles: [...directoryRoles, body.roleDefinitionId] }, settings.get());
  return jsonReply(201, { id: randomUUID(), principalId, ...body });
};

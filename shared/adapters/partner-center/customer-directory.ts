/** Microsoft Graph in the tenant of a customer, as a user of the partner: grants permissions and roles. */
import { decodeJwt } from 'jose';
import * as z from 'zod';
import type { TenantRef } from '../../activity/activity-feed.ts';
import type { Budget } from '../../budget.ts';
import { onRefusal, UpstreamError } from '../../errors.ts';
import {
  refusedUnlessTransient,
  type ApiPermission,
  type Granting,
  type PartnerCenter,
  type PermissionGrant,
} from '../../partner-center/partner-center.ts';
import { retryBriefly } from '../microsoft/attempts.ts';
import { createMicrosoftApi, type MicrosoftApi, type MicrosoftConnection } from '../microsoft/api.ts';
import { odataList } from '../microsoft/odata.ts';
import { alreadyOrThrow } from './already.ts';
import { classifyDelegatedGraphError } from './refusals.ts';

export interface CustomerDirectoryOptions extends MicrosoftConnection {
  /** Instead of the cloud's own root. */
  readonly graphUrl: string | undefined;
  /** Client ID of the app registration. */
  readonly clientId: string;
}

/** Delegated permissions of Graph that are consented in the tenant of a customer: what follows needs no others. */
export const delegatedScopes: readonly string[] = [
  'Application.ReadWrite.All',
  'AppRoleAssignment.ReadWrite.All',
  'RoleManagement.ReadWrite.Directory',
];

/** Microsoft Graph itself describes some hundred permissions. */
const maxAnswerBytes = 8 * 1024 * 1024;

export function createCustomerDirectory({
  graphUrl,
  clientId,
  ...connection
}: CustomerDirectoryOptions): Pick<PartnerCenter, 'grant' | 'assignRole'> {
  const openGraph = createMicrosoftApi({
    ...connection,
    resource: 'graph',
    rootUrl: graphUrl,
    maxSockets: 8,
    maxAnswerBytes,
    classifyError: classifyDelegatedGraphError,
  });
  /** With a token of its own: an older one lacks what was consented since. */
  const open = async (tenant: TenantRef, budget: Budget | undefined) => {
    const mint = () => connection.tokens.freshToken(tenant, 'graph', budget);
    requireScopes(await retryBriefly(mint, budget, connection.retryBaseMs), tenant);
    const graph = openGraph(tenant, budget);
    const find = () => findOwn(graph, clientId);
    return { graph, own: await retryBriefly(find, budget, connection.retryBaseMs) };
  };
  return {
    async grant(tenant, permissions, budget) {
      const { graph, own } = await open(tenant, budget);
      return await grantAll(graph, own, permissions);
    },
    async assignRole(tenant, role, budget) {
      const { graph, own } = await open(tenant, budget);
      return await assignRole(graph, own, role);
    },
  };
}

const claims = z.object({ tid: z.string().toLowerCase(), scp: z.string().default('') });

/** Not verified: it came over TLS from sign-in itself, and Graph makes the final decision. */
function requireScopes(token: string, { tenantId }: TenantRef): void {
  const { tid, scp } = claims.safeParse(payloadOf(token)).data ?? {};
  if (tid !== tenantId) {
    const message = 'Sign-in returned a token that is not one of this tenant; it was not used.';
    throw new UpstreamError('retry', 'UnexpectedToken', message);
  }
  const scopes = scp?.split(' ') ?? [];
  const missing = delegatedScopes.filter((scope) => !scopes.includes(scope));
  if (missing.length === 0) return;
  const message = `The tenant consented to the application before, without the delegated permissions ${missing.join(', ')}.`;
  throw new UpstreamError('fail', 'PartnerScopesMissing', message, { cure: replaceConsent });
}

/** Undefined for a text that is not a token. */
function payloadOf(token: string): object | undefined {
  try {
    return decodeJwt(token);
  } catch {
    return undefined;
  }
}

const replaceConsent =
  'Grant them in the tenant (Entra ID, Enterprise applications, Auditkeep, Permissions), or send a consent link.';

const servicePrincipal = z.object({
  id: z.string(),
  appRoles: z.array(z.object({ id: z.string(), value: z.string().nullish() })).catch([]),
});
type ServicePrincipal = z.output<typeof servicePrincipal>;

/** @see https://learn.microsoft.com/graph/api/serviceprincipal-list */
async function find(graph: MicrosoftApi, appId: string): Promise<ServicePrincipal | undefined> {
  const query = new URLSearchParams({ $filter: `appId eq '${appId}'`, $select: 'id,appRoles' });
  const url = `${graph.root}/v1.0/servicePrincipals?${query.toString()}`;
  for await (const { data } of graph.pages(odataList(servicePrincipal, { url }))) {
    const [found] = data.value;
    if (found !== undefined) return found;
  }
  return undefined;
}

async function findOwn(graph: MicrosoftApi, clientId: string): Promise<ServicePrincipal> {
  const own = await find(graph, clientId);
  if (own !== undefined) return own;
  const message = 'The application is not visible in the directory of this tenant yet.';
  throw new UpstreamError('retry', 'ConsentNotInEffect', message);
}

const appRoleAssignment = z.object({ appRoleId: z.string(), resourceId: z.string() });

async function grantAll(
  graph: MicrosoftApi,
  own: ServicePrincipal,
  permissions: readonly ApiPermission[],
): Promise<readonly PermissionGrant[]> {
  const held = new Set<string>();
  const url = `${graph.root}/v1.0/servicePrincipals/${encodeURIComponent(own.id)}/appRoleAssignments`;
  for await (const { data } of graph.pages(odataList(appRoleAssignment, { url }))) {
    for (const { resourceId, appRoleId } of data.value) held.add(`${resourceId}/${appRoleId}`);
  }
  const grants: PermissionGrant[] = [];
  for (const wanted of permissions) {
    const outcome = await grantOne({ graph, own, held }, wanted).catch(onRefusal(refusedUnlessTransient));
    grants.push({ permission: wanted.permission, outcome });
  }
  return grants;
}

interface Granter {
  readonly graph: MicrosoftApi;
  readonly own: ServicePrincipal;
  /** IDs of APIs and of their roles. */
  readonly held: ReadonlySet<string>;
}

/** @see https://learn.microsoft.com/graph/api/serviceprincipal-post-approleassignedto */
async function grantOne(
  { graph, own, held }: Granter,
  { appId, permission }: ApiPermission,
): Promise<Granting> {
  const api = (await find(graph, appId)) ?? (await createServicePrincipal(graph, appId));
  const role = api.appRoles.find(({ value }) => value === permission);
  if (role === undefined) {
    const message = `The API ${appId} does not offer ${permission} in this tenant.`;
    throw new UpstreamError('fail', 'PermissionNotOffered', message, { cure: buyIt });
  }
  if (held.has(`${api.id}/${role.id}`)) return 'AlreadyGranted';
  const url = `${graph.root}/v1.0/servicePrincipals/${encodeURIComponent(api.id)}/appRoleAssignedTo`;
  const data = { principalId: own.id, resourceId: api.id, appRoleId: role.id };
  return await create(graph, url, data);
}

const buyIt = 'Check the licenses of the tenant: the service must be bought and set up first.';

/** A tenant that has not used an API yet has no service principal of it. */
async function createServicePrincipal(graph: MicrosoftApi, appId: string): Promise<ServicePrincipal> {
  const url = `${graph.root}/v1.0/servicePrincipals`;
  const unavailable = onRefusal(async (refusal) => {
    if (refusal.action === 'done') return await findCreated(graph, appId);
    if (refusal.isTransient || refusal.code === 'PartnerRoleMissing') throw refusal;
    const message = `The API ${appId} is not available in this tenant (${refusal.code}).`;
    throw new UpstreamError('fail', 'ApiNotAvailable', message, { cure: buyIt });
  });
  return await graph
    .read(servicePrincipal, { method: 'POST', url, data: { appId } })
    .then(({ data }) => data, unavailable);
}

/** By an earlier attempt, whose answer was lost, or by someone else meanwhile. */
async function findCreated(graph: MicrosoftApi, appId: string): Promise<ServicePrincipal> {
  const created = await find(graph, appId);
  if (created !== undefined) return created;
  const message = `The API ${appId} is not visible in the directory of this tenant yet.`;
  throw new UpstreamError('retry', 'ApiNotInEffect', message);
}

const roleAssignment = z.object({ roleDefinitionId: z.string() });

/** @see https://learn.microsoft.com/graph/api/rbacapplication-post-roleassignments */
async function assignRole(graph: MicrosoftApi, own: ServicePrincipal, role: string): Promise<Granting> {
  const root = `${graph.root}/v1.0/roleManagement/directory/roleAssignments`;
  const query = new URLSearchParams({ $filter: `principalId eq '${own.id}'` });
  for await (const { data } of graph.pages(
    odataList(roleAssignment, { url: `${root}?${query.toString()}` }),
  )) {
    if (data.value.some(({ roleDefinitionId }) => roleDefinitionId === role)) return 'AlreadyGranted';
  }
  return await create(graph, root, { principalId: own.id, roleDefinitionId: role, directoryScopeId: '/' });
}

async function create(graph: MicrosoftApi, url: string, data: unknown): Promise<Granting> {
  return await graph
    .send({ method: 'POST', url, data })
    .then(() => 'Granted' as const, onRefusal(alreadyOrThrow));
}

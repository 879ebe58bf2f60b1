/** Microsoft Graph, for who holds Global Administrator. */
import type { AxiosResponse } from 'axios';
import * as z from 'zod';
import type { TenantRef } from '../../activity/activity-feed.ts';
import { cloudEndpoints } from '../../activity/clouds.ts';
import type { Budget } from '../../budget.ts';
import { actionOfStatus, UpstreamError } from '../../errors.ts';
import type { Meter } from '../../telemetry.ts';
import { globalAdministrator, type Directory, type RoleHolder } from '../../tenants/role-holders.ts';
import type { TokenProvider } from '../entra/token-provider.ts';
import { createMicrosoftHttp, ensureOwnLink, parseAnswer, retryAfterMs } from '../microsoft-http.ts';

export interface DirectoryOptions {
  readonly tokens: TokenProvider;
  /** Instead of the cloud's own root. */
  readonly graphUrl: string | undefined;
  /** Client id of the app registration. */
  readonly clientId: string;
  readonly retryBaseMs?: number;
  readonly meter?: Meter | undefined;
}

const apiName = 'Microsoft Graph';

/** Graph for one tenant, within one budget. */
interface Graph {
  /** Without a slash at its end. */
  readonly root: string;
  readonly get: (url: string) => Promise<AxiosResponse<unknown>>;
}

export function createDirectory(options: DirectoryOptions): Directory {
  const http = createMicrosoftHttp({ ...options, resource: 'graph', maxSockets: 8, classifyError });
  const graphOf = (tenant: TenantRef, budget: Budget | undefined): Graph => ({
    root: `${options.graphUrl ?? cloudEndpoints[tenant.cloud].graphUrl}/v1.0`,
    get: (url) => http.send<unknown>(tenant, { url }, budget),
  });
  return {
    async listGlobalAdministrators(tenant, budget) {
      const graph = graphOf(tenant, budget);
      const active = await principals(graph, 'roleAssignments');
      const eligible = await eligiblePrincipals(graph);
      const holders = [
        ...(await follow(graph, { principals: active, assignment: 'active' })),
        ...(await follow(graph, { principals: eligible, assignment: 'eligible' })),
      ];
      // Active assignments come first and win: an eligible principal that is active as well holds the role already.
      const byId = new Map(holders.reverse().map((holder) => [holder.id, holder]));
      return [...byId.values()].reverse();
    },
    listOwnRoles: (tenant, budget) => ownRoles(graphOf(tenant, budget), options.clientId),
  };
}

/** Graph writes null for a value that is absent or that the application may not read. */
const orAbsent = z
  .string()
  .nullish()
  .transform((text) => text ?? undefined);

const directoryObject = z.object({
  '@odata.type': z.string().optional(),
  id: z.string(),
  displayName: orAbsent,
  userPrincipalName: orAbsent,
  appId: orAbsent,
});
type DirectoryObject = z.infer<typeof directoryObject>;

const assignment = z.object({ principalId: z.string(), principal: directoryObject.nullish() });

const pageOf = <T extends z.ZodType>(item: T) =>
  z.object({ value: z.array(item), '@odata.nextLink': z.url().optional() });

/** @see https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments */
async function principals(graph: Graph, collection: string): Promise<readonly DirectoryObject[]> {
  const query = new URLSearchParams({
    $filter: `roleDefinitionId eq '${globalAdministrator}'`,
    $expand: 'principal',
  });
  const url = `${graph.root}/roleManagement/directory/${collection}?${query.toString()}`;
  const items = await listAll(graph, { url, item: assignment });
  return items.map(({ principalId, principal }) => principal ?? nameless(principalId));
}

const ownAssignment = z.object({ roleDefinitionId: z.string() });

/** @see https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments */
async function ownRoles(graph: Graph, clientId: string): Promise<readonly string[]> {
  const { root } = graph;
  const ours = new URLSearchParams({ $filter: `appId eq '${clientId}'` });
  const [servicePrincipal] = await listAll(graph, {
    url: `${root}/servicePrincipals?${ours.toString()}`,
    item: directoryObject,
  });
  if (servicePrincipal === undefined) return [];
  const held = new URLSearchParams({ $filter: `principalId eq '${servicePrincipal.id}'` });
  const url = `${root}/roleManagement/directory/roleAssignments?${held.toString()}`;
  const assignments = await listAll(graph, { url, item: ownAssignment });
  return assignments.map(({ roleDefinitionId }) => roleDefinitionId);
}

/** Without the permission to read names there is only an id. */
function nameless(id: string): DirectoryObject {
  return { id, displayName: undefined, userPrincipalName: undefined, appId: undefined };
}

/** Without a license for Privileged Identity Management there are no eligible principals. */
async function eligiblePrincipals(graph: Graph): Promise<readonly DirectoryObject[]> {
  try {
    return await principals(graph, 'roleEligibilityScheduleInstances');
  } catch (error) {
    if (error instanceof UpstreamError && error.code === 'AadPremiumLicenseRequired') return [];
    throw error;
  }
}

interface Found {
  readonly principals: readonly DirectoryObject[];
  readonly assignment: RoleHolder['assignment'];
}

async function follow(graph: Graph, found: Found): Promise<readonly RoleHolder[]> {
  const holders: RoleHolder[] = [];
  for (const principal of found.principals) {
    if (principal['@odata.type'] !== '#microsoft.graph.group') {
      holders.push(toHolder(principal, found.assignment));
      continue;
    }
    const url = `${graph.root}/groups/${encodeURIComponent(principal.id)}/transitiveMembers`;
    const members = await listAll(graph, { url, item: directoryObject });
    const people = members.filter((member) => member['@odata.type'] !== '#microsoft.graph.group');
    const throughGroup = principal.displayName ?? principal.id;
    holders.push(...people.map((member) => ({ ...toHolder(member, found.assignment), throughGroup })));
  }
  return holders;
}

function toHolder(principal: DirectoryObject, assigned: RoleHolder['assignment']): RoleHolder {
  const kinds: Readonly<Record<string, RoleHolder['type']>> = {
    '#microsoft.graph.user': 'user',
    '#microsoft.graph.servicePrincipal': 'servicePrincipal',
  };
  return {
    id: principal.id,
    type: kinds[principal['@odata.type'] ?? ''] ?? 'unknown',
    assignment: assigned,
    displayName: principal.displayName,
    userPrincipalName: principal.userPrincipalName,
    appId: principal.appId,
  };
}

interface Query<T extends z.ZodType> {
  /** URL of the first page. */
  readonly url: string;
  readonly item: T;
}

async function listAll<T extends z.ZodType>(graph: Graph, query: Query<T>): Promise<readonly z.output<T>[]> {
  const items: z.output<T>[] = [];
  let url: string | undefined = query.url;
  while (url !== undefined) {
    ensureOwnLink(url, query.url, apiName);
    const response: AxiosResponse<unknown> = await graph.get(url);
    const page = parseAnswer(pageOf(query.item), response.data, apiName);
    items.push(...page.value);
    url = page['@odata.nextLink'];
  }
  return items;
}

const refusalBody = z.object({ error: z.object({ code: z.string() }) });

const cures: Readonly<Record<string, string>> = {
  Authorization_RequestDenied:
    'Give admin consent for RoleManagement.Read.Directory and Directory.Read.All in this tenant.',
};

function classifyError(response: AxiosResponse, body: string): UpstreamError {
  const code = codeOf(body) ?? `HTTP${response.status}`;
  const message = cures[code] ?? `Microsoft Graph answered ${response.status} ${code}.`;
  return new UpstreamError(actionOfStatus(response.status), code, message, {
    retryAfterMs: retryAfterMs(response),
  });
}

function codeOf(body: string): string | undefined {
  try {
    return refusalBody.parse(JSON.parse(body)).error.code;
  } catch {
    // The body of a proxy: the status alone decides.
    return undefined;
  }
}

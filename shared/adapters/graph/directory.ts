/** Microsoft Graph, for who holds privileged roles. */
import * as z from 'zod';
import { actionOfStatus, onRefusal, UpstreamError } from '../../errors.ts';
import { groupBy } from '../../group-by.ts';
import { addressIn, distinctNames } from '../../records/person-names.ts';
import type { Directory, HoldersOfRole, RoleHolder } from '../../tenants/role-holders.ts';
import { createMicrosoftApi, type MicrosoftApi, type MicrosoftConnection } from '../microsoft/api.ts';
import { odataList } from '../microsoft/odata.ts';
import { parseRefusal, type Refusal } from '../microsoft/refusals.ts';

export interface DirectoryOptions extends MicrosoftConnection {
  /** Instead of the cloud's own root. */
  readonly graphUrl: string | undefined;
  /** Client id of the app registration. */
  readonly clientId: string;
}

/** A page of Graph has 999 items at most. */
const maxAnswerBytes = 8 * 1024 * 1024;

export function createDirectory({ graphUrl, clientId, ...connection }: DirectoryOptions): Directory {
  const open = createMicrosoftApi({
    ...connection,
    resource: 'graph',
    rootUrl: graphUrl,
    maxSockets: 8,
    maxAnswerBytes,
    classifyError,
  });
  return {
    listRoleHolders: (tenant, roles, budget) => roleHolders(open(tenant, budget), roles),
    listOwnRoles: (tenant, budget) => ownRoles(open(tenant, budget), clientId),
    listVerifiedDomains: (tenant, budget) => verifiedDomains(open(tenant, budget)),
  };
}

/** Graph writes null for a value that is absent or that the application may not read; an odd one hides no holder. */
const orAbsent = z.string().optional().catch(undefined);

const directoryObject = z.object({
  '@odata.type': orAbsent,
  id: z.string(),
  displayName: orAbsent,
  userPrincipalName: orAbsent,
  appId: orAbsent,
});
type DirectoryObject = z.infer<typeof directoryObject>;

const assignment = z
  .object({
    roleDefinitionId: z.string(),
    principalId: orAbsent,
    principal: directoryObject.optional().catch(undefined),
  })
  .transform(({ roleDefinitionId: role, principalId, principal }) => ({
    role,
    principal: principal ?? nameless(principalId),
  }))
  .pipe(z.object({ role: z.string(), principal: directoryObject }));
type Assigned = z.output<typeof assignment>;

/** Of a role that is not wanted: it need not be readable. */
const otherAssignment = z.object({ roleDefinitionId: z.string() });

/**
 * All roles are listed, because that takes one request, as one role does. A holder without any id fails the list: a snapshot
 * without it would say that an administrator lost the role. Older snapshots stay, and the failure is reported.
 * @see https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments
 */
async function assignments(
  graph: MicrosoftApi,
  collection: string,
  roles: readonly string[],
): Promise<readonly Assigned[]> {
  const isOther = ({ roleDefinitionId }: z.output<typeof otherAssignment>) =>
    !roles.includes(roleDefinitionId);
  const other = otherAssignment.refine(isOther).transform(() => undefined);
  const path = `roleManagement/directory/${collection}`;
  const found = await listWhole(graph, z.union([other, assignment]), path, { $expand: 'principal' });
  return found.filter((one) => one !== undefined);
}

/** Holders of each role. Requests for members of a group, and for names of people, are made once for all roles. */
async function roleHolders(graph: MicrosoftApi, roles: readonly string[]): Promise<readonly HoldersOfRole[]> {
  const active = await assignments(graph, 'roleAssignments', roles);
  const eligible = await eligibleAssignments(graph, roles);
  const follow = followGroups(graph);
  const found: { readonly role: string; readonly holder: RoleHolder }[] = [];
  for (const [assigned, all] of [
    ['active', active],
    ['eligible', eligible],
  ] as const) {
    for (const { role, principal } of all)
      found.push(...(await follow(principal, assigned)).map((holder) => ({ role, holder })));
  }
  const names = await namesOfPeople(
    graph,
    found.map(({ holder }) => holder),
  );
  return roles.map((role) => {
    const holders = eachOnce(found.filter((one) => one.role === role).map(({ holder }) => holder));
    return { role, holders: holders.map((holder) => ({ ...holder, names: names.get(holder.id) })) };
  });
}

const ownAssignment = z.object({ roleDefinitionId: z.string() });

/**
 * One that cannot be read may be the very role that is looked for, so it fails the list.
 * @see https://learn.microsoft.com/graph/api/rbacapplication-list-roleassignments
 */
async function ownRoles(graph: MicrosoftApi, clientId: string): Promise<readonly string[]> {
  const ours = { $filter: `appId eq '${clientId}'` };
  const [servicePrincipal] = await listWhole(graph, directoryObject, 'servicePrincipals', ours);
  if (servicePrincipal === undefined) return [];
  const held = { $filter: `principalId eq '${servicePrincipal.id}'` };
  const path = 'roleManagement/directory/roleAssignments';
  const assignments = await listWhole(graph, ownAssignment, path, held);
  return assignments.map(({ roleDefinitionId }) => roleDefinitionId);
}

const domain = z.object({ id: z.string().catch(''), isVerified: z.boolean().catch(false) });

/** @see https://learn.microsoft.com/graph/api/domain-list */
async function verifiedDomains(graph: MicrosoftApi): Promise<readonly string[]> {
  const { rows } = await listAll(graph, domain, 'domains', { $select: 'id,isVerified' });
  return rows.filter(({ id, isVerified }) => isVerified && id !== '').map(({ id }) => id);
}

/** Without the permission to read names there is only an id. */
function nameless(id: string | undefined) {
  return { id, displayName: undefined, userPrincipalName: undefined, appId: undefined };
}

/** Without a license for Privileged Identity Management there are no eligible principals. */
async function eligibleAssignments(
  graph: MicrosoftApi,
  roles: readonly string[],
): Promise<readonly Assigned[]> {
  try {
    return await assignments(graph, 'roleEligibilityScheduleInstances', roles);
  } catch (error) {
    if (error instanceof UpstreamError && error.code === 'AadPremiumLicenseRequired') return [];
    throw error;
  }
}

/** The principal, or the members of a group, which are read once. */
function followGroups(
  graph: MicrosoftApi,
): (principal: DirectoryObject, assigned: RoleHolder['assignment']) => Promise<readonly RoleHolder[]> {
  const membersOf = new Map<string, readonly DirectoryObject[]>();
  return async (principal, assigned) => {
    if (principal['@odata.type'] !== '#microsoft.graph.group') return [toHolder(principal, assigned)];
    const { id } = principal;
    const path = `groups/${encodeURIComponent(id)}/transitiveMembers`;
    const members = membersOf.get(id) ?? (await listWhole(graph, directoryObject, path));
    membersOf.set(id, members);
    const people = members.filter((member) => member['@odata.type'] !== '#microsoft.graph.group');
    const throughGroup = principal.displayName ?? id;
    return people.map((member) => ({ ...toHolder(member, assigned), throughGroup }));
  };
}

/** Active assignments come first, and those of who may activate it in addition are left out: they hold the role already. */
function eachOnce(holders: readonly RoleHolder[]): readonly RoleHolder[] {
  return [...groupBy(holders, ({ id }) => id).values()].flatMap((ways) => {
    const held = ways.filter(({ assignment: one }) => one === ways[0]?.assignment);
    const shown = held.find(({ throughGroup }) => throughGroup === undefined) ?? held[0];
    const groups = held.flatMap((way) => (way === shown ? [] : (way.throughGroup ?? [])));
    const alsoThrough = [...new Set(groups)].filter((group) => group !== shown?.throughGroup);
    return shown === undefined ? [] : [{ ...shown, ...(alsoThrough.length > 0 && { alsoThrough }) }];
  });
}

/** `$expand` gives few properties: the rest is one request for every 15 people, the most that `in` takes. */
const peopleAtOnce = 15;

const names = z.array(z.string().catch('')).catch([]);
const person = z.object({
  id: z.string(),
  userPrincipalName: orAbsent,
  mail: orAbsent,
  otherMails: names,
  proxyAddresses: names,
  identities: z
    .array(z.object({ issuerAssignedId: orAbsent }).catch({ issuerAssignedId: undefined }))
    .catch([]),
});
const personProperties = Object.keys(person.shape).join(',');

/**
 * Every name that Graph knows of the people among the holders, by id. Without the permission to read people, none.
 * @see https://learn.microsoft.com/graph/api/user-list
 */
async function namesOfPeople(
  graph: MicrosoftApi,
  holders: readonly RoleHolder[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const ids = [...new Set(holders.filter(({ type }) => type === 'user').map(({ id }) => id))];
  const known = new Map<string, readonly string[]>();
  for (let at = 0; at < ids.length; at += peopleAtOnce) {
    const some = ids.slice(at, at + peopleAtOnce).map((id) => `'${id}'`);
    const query = { $filter: `id in (${some.join(',')})`, $select: personProperties };
    const { rows } = await listAll(graph, person, 'users', query).catch(onRefusal(() => ({ rows: [] })));
    for (const one of rows) known.set(one.id, namesOfPerson(one));
  }
  return known;
}

function namesOfPerson(one: z.output<typeof person>): readonly string[] {
  const { id, userPrincipalName, mail, otherMails, proxyAddresses, identities } = one;
  // Others than smtp are of telephony and old directories.
  const addresses = proxyAddresses.filter((address) => /^smtp:/i.test(address)).map(addressIn);
  const signIns = identities.map(({ issuerAssignedId }) => issuerAssignedId);
  const home = addressIn(userPrincipalName ?? '');
  return distinctNames([id, userPrincipalName, home, mail, ...otherMails, ...addresses, ...signIns]);
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

type Query = Readonly<Record<string, string>>;

/** All rows that can be read, and the number of those that are in an unknown form. @throws UpstreamError */
async function listAll<T extends z.ZodType>(graph: MicrosoftApi, item: T, path: string, query: Query = {}) {
  const url = new URL(`${graph.root}/v1.0/${path}`);
  url.search = new URLSearchParams(query).toString();
  const rows: z.output<T>[] = [];
  let unreadable = 0;
  for await (const { data } of graph.pages(odataList(z.unknown(), { url: url.href }))) {
    const parsed = data.value.map((value) => item.safeParse(value));
    for (const one of parsed) if (one.success) rows.push(one.data);
    unreadable += parsed.filter(({ success }) => !success).length;
  }
  return { rows, unreadable };
}

/** As {@link listAll}, where a missing row would make the answer untrue. @throws UpstreamError `UnexpectedAnswer` */
async function listWhole<T extends z.ZodType>(
  graph: MicrosoftApi,
  item: T,
  path: string,
  query?: Query,
): Promise<readonly z.output<T>[]> {
  const { rows, unreadable } = await listAll(graph, item, path, query);
  if (unreadable === 0) return rows;
  const count = `${unreadable} ${unreadable === 1 ? 'row' : 'rows'}`;
  const message = `Microsoft Graph returned ${count} of ${path} in an unknown form.`;
  throw new UpstreamError('fail', 'UnexpectedAnswer', message);
}

const refusalBody = z.object({ error: z.object({ code: z.string() }) });

const cures: Readonly<Record<string, string>> = {
  Authorization_RequestDenied:
    'Give admin consent for RoleManagement.Read.Directory and Directory.Read.All in this tenant.',
};

function classifyError({ status, body, retryAfterMs }: Refusal): UpstreamError {
  const code = parseRefusal(refusalBody, body)?.error.code ?? `HTTP${status}`;
  const message = cures[code] ?? `Microsoft Graph answered ${status} ${code}.`;
  return new UpstreamError(actionOfStatus(status), code, message, { retryAfterMs });
}

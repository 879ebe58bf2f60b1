/** Checks everything that a tenant's administrator must grant, and reports what is missing and how to fix it. */
import type { TenantRef } from '../activity/activity-feed.ts';
import type { Budget } from '../budget.ts';
import { onRefusal, type UpstreamError } from '../errors.ts';
import type { Resource, SignIn } from './sign-in.ts';
import { exchangeAdministrator, globalAdministrator } from './privileged-roles.ts';
import type { Directory } from './role-holders.ts';
import type { Tenant, TenantCheck } from './tenant.ts';

/** The application roles that Auditkeep uses, by the API that checks them. */
export interface WantedRole {
  readonly resource: Exclude<Resource, 'partnerCenter'>;
  readonly role: string;
  /** What does not work without it. */
  readonly without: string;
}

export interface InspectDeps {
  readonly signIn: SignIn;
  readonly directory: Directory;
  readonly exchange: { readUnifiedAuditLog(tenant: TenantRef, budget?: Budget): Promise<boolean> };
  readonly now: () => Date;
  /** Of the calls to Microsoft. */
  readonly budget?: Budget;
}

type Finding = Omit<TenantCheck, 'name' | 'checkedDateTime'>;

const wantedRoles: readonly WantedRole[] = [
  { resource: 'activityApi', role: 'ActivityFeed.Read', without: 'nothing can be collected' },
  { resource: 'activityApi', role: 'ActivityFeed.ReadDlp', without: 'DLP.All cannot be collected' },
  {
    resource: 'graph',
    role: 'RoleManagement.Read.Directory',
    without: 'the administrators of the tenant are unknown',
  },
  {
    resource: 'graph',
    role: 'Directory.Read.All',
    without: 'administrators have ids, but no names, and verified domains are not read',
  },
  {
    resource: 'exchange',
    role: 'Exchange.ManageAsApp',
    without: 'auditing can neither be turned on nor watched',
  },
];

/** Consent, then the permission that every poll needs. */
export const activationChecks: readonly string[] = ['consent', 'permission:ActivityFeed.Read'];

/**
 * Requests fresh tokens. What is known of subscriptions comes from elsewhere: see checksOf.
 * @throws an error other than an UpstreamError
 */
export async function inspectGrants(deps: InspectDeps, tenant: Tenant): Promise<readonly TenantCheck[]> {
  const checkedDateTime = deps.now().toISOString();
  const stamped = (name: string, finding: Finding): TenantCheck => ({ name, ...finding, checkedDateTime });
  const wanted = wantedRoles.filter(
    ({ role }) => role !== 'ActivityFeed.ReadDlp' || tenant.contentTypes.includes('DLP.All'),
  );
  const feed = await readRoles(deps, tenant, 'activityApi');
  if (feed.roles === undefined) {
    const unknown: Finding = { state: 'NotChecked', message: 'Consent must be granted first.' };
    const rest = [...wanted.map(({ role }) => `permission:${role}`), 'exchangeRole'];
    return [stamped('consent', feed.finding), ...rest.map((name) => stamped(name, unknown))];
  }
  const granted = {
    activityApi: feed,
    graph: await readRoles(deps, tenant, 'graph'),
    exchange: await readRoles(deps, tenant, 'exchange'),
  };
  const permissions = wanted.map((role) =>
    stamped(`permission:${role.role}`, permissionFinding(role, granted[role.resource])),
  );
  const mayUseExchange = permissions.at(-1)?.state === 'Passed';
  const exchangeRole: Finding = mayUseExchange
    ? await inspectExchangeRole(deps, tenant)
    : { state: 'NotChecked', message: 'The permission Exchange.ManageAsApp must be granted first.' };
  return [stamped('consent', feed.finding), ...permissions, stamped('exchangeRole', exchangeRole)];
}

interface Granted {
  /** Undefined when sign-in gave no token. */
  readonly roles: readonly string[] | undefined;
  readonly finding: Finding;
}

async function readRoles(deps: InspectDeps, tenant: TenantRef, resource: Resource): Promise<Granted> {
  return await deps.signIn.grantedRoles(tenant, resource, deps.budget).then(
    (roles) => ({ roles, finding: { state: 'Passed' } }),
    onRefusal((error) => ({ roles: undefined, finding: findingOf(error) })),
  );
}

function permissionFinding({ role, without }: WantedRole, granted: Granted): Finding {
  if (granted.roles === undefined) return granted.finding;
  if (granted.roles.includes(role)) return { state: 'Passed' };
  return {
    state: 'Failed',
    code: 'PermissionMissing',
    message: `The application role ${role} is not granted: without it ${without}.`,
    cure: `Have an administrator of the tenant open the consent link, which requests ${role} as well.`,
  };
}

const rolesThatChange: readonly string[] = [exchangeAdministrator, globalAdministrator];

/** Exchange decides; Graph tells whether the role that Exchange accepts may change settings. */
async function inspectExchangeRole(deps: InspectDeps, tenant: TenantRef): Promise<Finding> {
  const { exchange, budget } = deps;
  const answer = await exchange.readUnifiedAuditLog(tenant, budget).catch(onRefusal(findingOf));
  if (typeof answer === 'object') return answer;
  if (await holdsRoleThatChanges(deps, tenant)) return { state: 'Passed' };
  return {
    state: 'Passed',
    message:
      'Exchange accepts the application, but not because of the role Exchange Administrator: if enablements are ' +
      'refused, complete its role group (docs/permissions.md), or give that role to its service principal.',
  };
}

/** Also true when Graph refuses: Exchange has accepted the application. */
async function holdsRoleThatChanges({ directory, budget }: InspectDeps, tenant: TenantRef): Promise<boolean> {
  const roles = await directory.listOwnRoles(tenant, budget).catch(onRefusal(() => rolesThatChange));
  return roles.some((role) => rolesThatChange.includes(role));
}

/** What a refusal means for a check. */
export function findingOf(refusal: UpstreamError): Finding {
  const { action, code, message, isTransient } = refusal;
  const cure = refusal.cure ?? (isTransient ? retriesAutomatically : cureOf(action));
  return { state: isTransient ? 'NotChecked' : 'Failed', code, message, cure };
}

const retriesAutomatically = 'No action is needed: Auditkeep retries automatically.';

function cureOf(action: UpstreamError['action']): string {
  if (action === 'waitForAuditing') return 'Turn auditing on: start an enablement.';
  return 'See docs/errors.md for the code.';
}

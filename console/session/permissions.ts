/**
 * What the console offers its users. It follows what the API says of the caller, and decides nothing: the API refuses what is
 * not allowed, whatever is shown.
 */
import type { AnswerTo } from '../api/paths.ts';

export type Access = AnswerTo<'GetCaller'>['access'];
type Scope = Access[number]['scopes'][number];

interface Need {
  readonly scope: Scope;
  /** It must hold for all tenants. */
  readonly allTenants?: true;
}

/** What operations need, by their IDs, where not every caller has it. A test compares this with what the API declares. */
export const needs = {
  ListTenants: { scope: 'records.read' },
  RegisterTenant: { scope: 'tenants.manage', allTenants: true },
  GetOnboarding: { scope: 'tenants.manage', allTenants: true },
  CheckTenant: { scope: 'tenants.manage' },
  CreateConsentLink: { scope: 'tenants.manage' },
  StartEnablement: { scope: 'auditing.enable' },
  CancelEnablement: { scope: 'auditing.enable' },
  ReleaseRejectedBody: { scope: 'tenants.manage' },
  StartVerification: { scope: 'tenants.manage' },
  CancelVerification: { scope: 'tenants.manage' },
  ListKeys: { scope: 'keys.manage', allTenants: true },
  CreateKey: { scope: 'keys.manage', allTenants: true },
  ListWatches: { scope: 'tenants.manage', allTenants: true },
  ListChannels: { scope: 'tenants.manage', allTenants: true },
  DryRunRules: { scope: 'records.read' },
  ListDestinations: { scope: 'tenants.manage', allTenants: true },
  ListAccessLog: { scope: 'access.read' },
} as const satisfies Readonly<Record<string, Need>>;

export type Action = keyof typeof needs;

/** A tenant of the caller. */
export interface Place {
  readonly tenantId: string;
  /** Undefined while they are not known. */
  readonly tags: readonly string[] | undefined;
}

/**
 * Why the caller may not, as a sentence; undefined if it may, or if that is not known.
 * @param access undefined while it is not known
 * @param place undefined: it may be anywhere
 */
export function refusalFor(access: Access | undefined, action: Action, place?: Place): string | undefined {
  const { scope, allTenants }: Need = needs[action];
  if (access === undefined) return undefined;
  const sets = access.filter(({ scopes }) => scopes.includes(scope)).map(({ tenants }) => tenants.split(','));
  const isAllowed = allTenants === true ? sets.some(isAll) : sets.some((set) => isIn(set, place));
  if (isAllowed) return undefined;
  const reach = allTenants === true ? ' for all tenants' : '';
  const here = allTenants === true || place === undefined ? '' : ' for this tenant';
  return `This needs the scope ${scope}${reach}, which your sign-in does not have${here}.`;
}

function isAll(set: readonly string[]): boolean {
  return set.includes('*');
}

function isIn(set: readonly string[], place: Place | undefined): boolean {
  if (place === undefined || isAll(set) || set.includes(place.tenantId)) return true;
  const tags = set.filter((term) => term.startsWith('tag:'));
  return place.tags === undefined ? tags.length > 0 : place.tags.some((tag) => tags.includes(`tag:${tag}`));
}

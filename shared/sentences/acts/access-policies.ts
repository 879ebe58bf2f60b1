/** Conditional access, federation, and other settings of the directory that decide who gets in. */
import { isObject, parseJson, type JsonObject } from '../../json.ts';
import type { Act, Acts } from '../act.ts';
import { change, changesIn } from '../changes.ts';
import { plainText, type Facts } from '../facts.ts';
import { say, type Phrase } from '../parts.ts';
import { actor, targetCalled } from '../people.ts';
import { simple } from '../verbs.ts';

/** What of a policy decides whether it still protects everyone. */
interface PolicyState {
  readonly state: string;
  /** Users, groups, and roles that it does not apply to. */
  readonly exclusions: number;
}

function stateOf(text: string): PolicyState {
  const parsed = parseJson(text);
  const policy = isObject(parsed) ? parsed : {};
  const users = member(member(policy, 'conditions'), 'users');
  const excluded = ['excludeUsers', 'excludeGroups', 'excludeRoles'].map((name) => users[name]);
  return {
    state: plainText(policy['state']),
    exclusions: excluded.reduce<number>((sum, list) => sum + (Array.isArray(list) ? list.length : 0), 0),
  };
}

function member(object: JsonObject, name: string): JsonObject {
  const value = object[name];
  return isObject(value) ? value : {};
}

function statesOf({ modified }: Facts): { readonly before: PolicyState; readonly after: PolicyState } {
  const { from, to } = modified('ConditionalAccessPolicy') ?? { from: '', to: '' };
  return { before: stateOf(from), after: stateOf(to) };
}

function isTurnedOff(facts: Facts): boolean {
  const { before, after } = statesOf(facts);
  return before.state === 'enabled' && after.state !== 'enabled' && after.state !== '';
}

function newExclusions(facts: Facts): number {
  const { before, after } = statesOf(facts);
  return after.exclusions - before.exclusions;
}

const policy = (facts: Facts) => targetCalled(facts, 'policy');
const accessPolicy = (facts: Facts) => targetCalled(facts, 'conditional access policy');
const domain = (facts: Facts) => targetCalled(facts, 'domain');

const policyChanges: NonNullable<Act['changes']> = (facts) => {
  const { before, after } = statesOf(facts);
  const count = ({ state, exclusions }: PolicyState) => (state === '' ? '' : String(exclusions));
  const changes = [
    change('State', before.state, after.state),
    change('Excluded users, groups, and roles', count(before), count(after)),
  ];
  const known = changes.flatMap((one) => one ?? []);
  return known.length > 0 ? known : changesIn(facts);
};

const verbs: ReadonlyMap<string, string> = new Map([
  ['add', 'created'],
  ['delete', 'deleted'],
]);

/** What the first word of an operation of the directory means. */
function directoryVerb({ record }: Facts): Phrase {
  const [word = ''] = record.operation?.toLowerCase().split(' ', 1) ?? [];
  return [{ text: verbs.get(word) ?? 'changed' }];
}

export const accessPolicyActs = {
  conditionalAccessDeleted: simple('deleted', accessPolicy, 'high', ['Delete conditional access policy.']),
  conditionalAccessDisabled: {
    ...simple('turned off', accessPolicy, 'high', ['Update conditional access policy.']),
    when: isTurnedOff,
    changes: policyChanges,
  },
  conditionalAccessExclusionAdded: {
    operations: ['Update conditional access policy.'],
    when: (facts) => newExclusions(facts) > 0,
    severity: 'high',
    sentence: (facts) =>
      say`${actor(facts)} excluded ${String(newExclusions(facts))} more users, groups, or roles from ${accessPolicy(facts)}`,
    changes: policyChanges,
  },
  conditionalAccessChanged: {
    ...simple('changed', accessPolicy, 'notable', ['Update conditional access policy.']),
    changes: policyChanges,
  },
  conditionalAccessCreated: {
    ...simple('created', accessPolicy, 'notable', ['Add conditional access policy.']),
    changes: policyChanges,
  },
  policyCreated: simple('created', policy, 'notable', ['Add policy.']),
  policyChanged: simple('changed', policy, 'notable', ['Update policy.']),
  policyDeleted: simple('deleted', policy, 'high', ['Delete policy.']),
  namedLocationChanged: {
    operations: ['Add named location.', 'Update named location.', 'Delete named location.'],
    severity: 'notable',
    sentence: (facts) =>
      say`${actor(facts)} ${directoryVerb(facts)} ${targetCalled(facts, 'named location')}`,
  },
  federationChanged: simple('changed the sign-in settings of', domain, 'high', [
    'Set domain authentication.',
    'Set federation settings on domain.',
  ]),
  domainAdded: simple('added', domain, 'notable', [
    'Add unverified domain.',
    'Add verified domain.',
    'Verify domain.',
  ]),
  domainRemoved: simple('removed', domain, 'notable', [
    'Remove unverified domain.',
    'Remove verified domain.',
  ]),
  mfaTrustedAddressesChanged: {
    ...simple('changed the organization’s', () => say`policy for multifactor authentication`, 'high', [
      'Set Company Information.',
    ]),
    when: ({ modified }) => modified('StrongAuthenticationPolicy') !== undefined,
  },
  organizationChanged: simple('changed the settings of', () => say`the organization`, 'notable', [
    'Set Company Information.',
    'Set directory feature on tenant.',
    'Set password policy.',
    'Set DirSyncEnabled flag.',
    'Set Company contact information.',
  ]),
  crossTenantAccessChanged: simple(
    'changed',
    () => say`the settings for access from and to other organizations`,
    'notable',
    [
      'Add a partner to cross-tenant access setting.',
      'Update a partner cross-tenant access setting.',
      'Delete partner specific cross-tenant access setting.',
      'Update the company default cross-tenant access setting.',
    ],
  ),
  authorizationPolicyChanged: simple(
    'changed',
    () => say`what users of the directory may do by default`,
    'notable',
    ['Update authorization policy.'],
  ),
  authenticationMethodsChanged: simple(
    'changed',
    () => say`which authentication methods are allowed`,
    'notable',
    ['Update authentication methods policy.', 'Authentication Methods Policy Update'],
  ),
} as const satisfies Acts;

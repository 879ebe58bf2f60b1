/** Applications: what they may do, who owns them, and with which secrets they sign in. */
import type { Act, Acts, Severity } from '../act.ts';
import { change } from '../changes.ts';
import { isOff, isOn, type Facts } from '../facts.ts';
import { listed, listedValues, say, valueOr, type Phrase } from '../parts.ts';
import { actor, directoryTarget, isByMicrosoft, personOr, targetCalled, targetName } from '../people.ts';
import { simple } from '../verbs.ts';

const application = (facts: Facts) => targetCalled(facts, 'application');

/** The application of a grant: the record's target is the API that it may use. */
function client({ newValue }: Facts): Phrase {
  const name = newValue('ServicePrincipal.DisplayName') || newValue('ServicePrincipal.ObjectID');
  return applicationCalled(name);
}

function applicationCalled(name: string): Phrase {
  return name === '' ? say`an application` : say`the application “${name}”`;
}

function api(facts: Facts): Phrase {
  return valueOr(targetName(facts) ?? facts.record.objectId?.split(/[/;]/, 1)[0], 'an API', 'objectId');
}

/** What signing in needs, and no data but the user's own name. */
const signInScopes: ReadonlySet<string> = new Set([
  'openid',
  'profile',
  'email',
  'offline_access',
  'user.read',
]);

/** What reads or changes email, files, or chats, or gives further rights. */
const riskyScope =
  /^(?:mail\.|mailboxsettings\.readwrite|files\.|sites\.|full_access|user_impersonation|ews\.|imap\.|pop\.|smtp\.|exchange\.manage|contacts\.|calendars\.readwrite|notes\.|chat\.|chatmessage|channelmessage|directory\.(?:readwrite|accessasuser)|rolemanagement\.|approleassignment|application\.readwrite|user\.(?:readwrite\.all|manageidentities)|group\.readwrite|groupmember\.readwrite|userauthenticationmethod|policy\.readwrite|devicemanagement\w*\.(?:readwrite|privileged)|ediscovery|securityactions|.*\.readwrite\.all$|.*full_?control)/i;

function scopesIn(text: string): readonly string[] {
  const words = text.slice(0, 20_000).split(/\s+/, 500);
  return [...new Set(words.filter((scope) => scope !== ''))];
}

/** `[] => [[Id: …, Scope: Mail.Read offline_access, …]]`: what is before the arrow was granted already. */
function consentedScopes({ newValue }: Facts): readonly string[] {
  const text = newValue('ConsentAction.Permissions').slice(0, 100_000);
  const after = text.slice(Math.max(0, text.indexOf('=>')));
  return scopesIn([...after.matchAll(/Scope: ?([^,\]]*)/g)].map(([, scopes = '']) => scopes).join(' '));
}

/** Undefined if the record does not say whether it is for everyone. */
function isForAll({ newValue }: Facts): boolean | undefined {
  const permissions = newValue('ConsentAction.Permissions');
  const types = [newValue('DelegatedPermissionGrant.ConsentType'), ...consentTypesIn(permissions)];
  const onBehalfOfAll = newValue('ConsentContext.OnBehalfOfAll');
  if (isOn(onBehalfOfAll) || types.some((type) => /^allprincipals$/i.test(type))) return true;
  return isOff(onBehalfOfAll) || types.some((type) => /^principal$/i.test(type)) ? false : undefined;
}

function consentTypesIn(permissions: string): readonly string[] {
  return [...permissions.slice(0, 100_000).matchAll(/ConsentType: ?(\w*)/g)].map(([, type = '']) => type);
}

function severityOfScopes(scopes: readonly string[]): Severity {
  return scopes.some((scope) => riskyScope.test(scope)) ? 'high' : 'notable';
}

function forUsers(facts: Facts): Phrase | undefined {
  const isAll = isForAll(facts);
  if (isAll === undefined) return undefined;
  return isAll ? say` for all users` : say` for one user`;
}

function permissions(scopes: readonly string[]): Phrase {
  const all = listedValues(byRisk(scopes));
  return all === undefined ? say`permissions` : say`the permissions ${all}`;
}

/** The first ones are named in the sentence. */
function byRisk(scopes: readonly string[]): readonly string[] {
  const rank = (scope: string) =>
    riskyScope.test(scope) ? 0 : signInScopes.has(scope.toLowerCase()) ? 2 : 1;
  return [...scopes].sort((a, b) => rank(a) - rank(b));
}

function grantedScopes({ newValue }: Facts): readonly string[] {
  return scopesIn(newValue('DelegatedPermissionGrant.Scope'));
}

function appRole({ modified }: Facts): string {
  const { from = '', to = '' } = modified('AppRole.Value') ?? {};
  return to || from;
}

function appPermission(facts: Facts): Phrase {
  const name = appRole(facts);
  return name === '' ? say`an application permission` : say`the application permission ${name}`;
}

interface Key {
  readonly kind: string;
  readonly name: string;
}

/** `[KeyIdentifier=…,KeyType=Password,KeyUsage=Verify,DisplayName=Demo]`, one for each secret and certificate. */
function keysIn(text: string): readonly string[] {
  return text.slice(0, 200_000).match(/\[KeyIdentifier=[^\]]*\]/gi) ?? [];
}

function keyOf(text: string): Key {
  const [, name = ''] = /DisplayName=([^\]]*)\]$/i.exec(text) ?? [];
  return { kind: /KeyType=Password/i.test(text) ? 'secret' : 'certificate', name };
}

function keysLeftAfter(facts: Facts, minus: 'from' | 'to'): readonly Key[] {
  const { from, to } = facts.modified('KeyDescription') ?? { from: '', to: '' };
  const without = new Set(keysIn(minus === 'from' ? from : to));
  return keysIn(minus === 'from' ? to : from)
    .filter((key) => !without.has(key))
    .map(keyOf);
}

const addedKeys = (facts: Facts) => keysLeftAfter(facts, 'from');
const removedKeys = (facts: Facts) => keysLeftAfter(facts, 'to');

function keyPhrase(keys: readonly Key[]): Phrase {
  const phrases = keys.map(({ kind, name }) =>
    name === '' ? say`a ${[{ text: kind }]} without a name` : say`the ${[{ text: kind }]} “${name}”`,
  );
  return listed(phrases) ?? say`a secret or certificate`;
}

const secretOperations = [
  'Update application – Certificates and secrets management ',
  'Add service principal credentials.',
  'Remove service principal credentials.',
];

function isRemoval({ record }: Facts): boolean {
  return /^remove/i.test(record.operation ?? '');
}

const keyChanges: NonNullable<Act['changes']> = (facts) => {
  const names = (keys: readonly Key[]) => keys.map(({ kind, name }) => `${kind} ${name}`.trim()).join(', ');
  return [change('Credentials', names(removedKeys(facts)), names(addedKeys(facts)))].flatMap(
    (one) => one ?? [],
  );
};

function severityByActor(facts: Facts): Severity {
  return isByMicrosoft(facts) ? 'routine' : 'notable';
}

function assignee(facts: Facts): Phrase {
  const name = facts.newValue('User.UPN') || facts.newValue('Group.DisplayName') || undefined;
  return personOr(facts, name, 'someone');
}

/** Of an owner, the target is the person, and the application is a property. */
function ownedApplication({ newValue }: Facts): Phrase {
  const name = newValue('Application.DisplayName') || newValue('ServicePrincipal.DisplayName');
  return applicationCalled(name);
}

export const applicationActs = {
  applicationConsent: {
    operations: ['Consent to application.'],
    severity: (facts) => severityOfScopes(consentedScopes(facts)),
    sentence: (facts) =>
      say`${actor(facts)} consented to ${application(facts)} with ${permissions(consentedScopes(facts))}${forUsers(facts)}`,
    changes: (facts) =>
      [change('Permissions', '', consentedScopes(facts).join(' '))].flatMap((one) => one ?? []),
  },
  delegatedPermissionGranted: {
    operations: ['Add delegated permission grant.', 'Add OAuth2PermissionGrant.'],
    severity: (facts) => severityOfScopes(grantedScopes(facts)),
    sentence: (facts) =>
      say`${actor(facts)} granted ${client(facts)} ${permissions(grantedScopes(facts))} on ${api(facts)}${forUsers(facts)}`,
  },
  delegatedPermissionRemoved: {
    operations: ['Remove delegated permission grant.', 'Remove OAuth2PermissionGrant.'],
    severity: 'routine',
    sentence: (facts) => say`${actor(facts)} removed permissions of ${client(facts)} on ${api(facts)}`,
  },
  applicationPermissionGranted: {
    operations: ['Add app role assignment to service principal.'],
    severity: (facts) => (riskyScope.test(appRole(facts)) ? 'high' : severityByActor(facts)),
    sentence: (facts) =>
      say`${actor(facts)} granted ${client(facts)} ${appPermission(facts)} on ${api(facts)}`,
  },
  applicationPermissionRemoved: {
    operations: ['Remove app role assignment from service principal.'],
    severity: 'routine',
    sentence: (facts) =>
      say`${actor(facts)} removed ${appPermission(facts)} on ${api(facts)} from ${client(facts)}`,
  },
  applicationAssigned: {
    operations: ['Add app role assignment grant to user.', 'Add app role assignment to group.'],
    severity: 'routine',
    sentence: (facts) => say`${actor(facts)} assigned ${application(facts)} to ${assignee(facts)}`,
  },
  applicationSecretAdded: {
    operations: secretOperations,
    when: (facts) => addedKeys(facts).length > 0 || /^add/i.test(facts.record.operation ?? ''),
    severity: 'high',
    sentence: (facts) => say`${actor(facts)} added ${keyPhrase(addedKeys(facts))} to ${application(facts)}`,
    changes: keyChanges,
  },
  applicationSecretRemoved: {
    operations: secretOperations,
    when: (facts) => removedKeys(facts).length > 0 || isRemoval(facts),
    severity: 'notable',
    sentence: (facts) =>
      say`${actor(facts)} removed ${keyPhrase(removedKeys(facts))} from ${application(facts)}`,
    changes: keyChanges,
  },
  applicationSecretsChanged: simple(
    'changed secrets or certificates of',
    application,
    'notable',
    secretOperations,
  ),
  applicationOwnerAdded: {
    operations: ['Add owner to application.', 'Add owner to service principal.'],
    severity: 'notable',
    sentence: (facts) =>
      say`${actor(facts)} made ${directoryTarget(facts)} an owner of ${ownedApplication(facts)}`,
  },
  applicationRedirectChanged: {
    ...simple('changed the redirect addresses of', application, severityByActor, [
      'Update application.',
      'Update service principal.',
    ]),
    when: ({ modified }) => modified('AppAddress') !== undefined,
  },
  applicationChanged: simple('changed', application, 'routine', [
    'Update application.',
    'Update service principal.',
  ]),
  applicationCreated: simple('registered', application, severityByActor, ['Add application.']),
  servicePrincipalCreated: simple('added a service principal for', application, severityByActor, [
    'Add service principal.',
  ]),
  applicationDeleted: simple('deleted', application, severityByActor, [
    'Delete application.',
    'Hard Delete application.',
  ]),
  servicePrincipalDeleted: simple('deleted the service principal of', application, severityByActor, [
    'Remove service principal.',
    'Hard delete service principal.',
  ]),
} as const satisfies Acts;

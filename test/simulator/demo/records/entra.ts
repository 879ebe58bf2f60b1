/** Records of Entra ID: sign-ins (15), old-style logons (9), and changes to the directory (8). */
import { asDelivered } from '../addresses.ts';
import { auditEvent, type AuditEvent, type PersonalVisit, type Scene, type Visit } from '../audit-event.ts';
import type { Actor } from '../company.ts';

const contentType = 'Audit.AzureActiveDirectory';
const workload = 'AzureActiveDirectory';

/** Microsoft's own applications, as sign-ins name them. */
export const applications = {
  exchangeOnline: '00000002-0000-0ff1-ce00-000000000000',
  sharePointOnline: '00000003-0000-0ff1-ce00-000000000000',
  teams: '1fec8e78-bce4-4aaf-ab1b-5451cc387264',
  azurePortal: 'c44b4083-3bb0-49c1-b47d-974e53cbdf3c',
  officePortal: '89bee1f7-5e6e-4d8a-9f3d-ecd601259da7',
  exchangePowerShell: 'fb78d390-0c51-40cd-8e17-fdbfab77341b',
} as const;

export interface SignIn {
  readonly applicationId: string;
  /** Absent: the sign-in succeeds. */
  readonly failure?: { readonly errorNumber: string; readonly logonError: string };
}

/** The two most frequent failures. */
export const wrongPassword = { errorNumber: '50126', logonError: 'InvalidUserNameOrPassword' };
export const secondFactorAsked = { errorNumber: '50074', logonError: 'UserStrongAuthClientAuthNRequired' };

/** UserLoggedIn or UserLoginFailed; two thirds of the failed ones have ResultStatus Success, as in real feeds. */
export const signIn = (
  scene: Scene,
  visit: PersonalVisit,
  { applicationId, failure }: SignIn,
): AuditEvent => {
  const { prng } = scene;
  const { actor } = visit;
  const { address } = visit;
  const saysSuccess = failure === undefined || prng.chance(2 / 3);
  return auditEvent(
    scene,
    {
      at: visit.at,
      contentType,
      workload,
      recordType: 15,
      operation: failure === undefined ? 'UserLoggedIn' : 'UserLoginFailed',
      resultStatus: saysSuccess ? 'Success' : 'Failed',
      userId: actor.userId,
      userType: actor.userType,
      userKey: actor.directoryId,
      clientIp: address,
      objectId: applicationId,
    },
    {
      AzureActiveDirectoryEventType: 1,
      ExtendedProperties: [
        { Name: 'ResultStatusDetail', Value: failure === undefined ? 'Success' : 'UserError' },
        { Name: 'UserAgent', Value: visit.userAgent },
        { Name: 'UserAuthenticationMethod', Value: prng.pick(['1', '1', '9', '16457']) },
        { Name: 'RequestType', Value: prng.pick(['OAuth2:Authorize', 'Login:login', 'OAuth2:Token']) },
      ],
      ModifiedProperties: [],
      Actor: [
        { ID: actor.directoryId, Type: 0 },
        { ID: actor.userId, Type: 5 },
      ],
      ActorContextId: scene.company.tenantId,
      ActorIpAddress: address,
      InterSystemsId: prng.guid(),
      IntraSystemId: prng.guid(),
      SupportTicketId: '',
      Target: [{ ID: applicationId, Type: 0 }],
      TargetContextId: scene.company.tenantId,
      ApplicationId: applicationId,
      DeviceProperties: [
        { Name: 'OS', Value: operatingSystemOf(visit.userAgent) },
        { Name: 'BrowserType', Value: browserOf(visit.userAgent) },
        { Name: 'IsCompliantAndManaged', Value: prng.chance(0.6) ? 'True' : 'False' },
        { Name: 'SessionId', Value: prng.guid() },
      ],
      ErrorNumber: failure?.errorNumber ?? '0',
      ...(failure !== undefined && { LogonError: failure.logonError }),
    },
  );
};

/** The deprecated logon record: no sign-in product but old mail clients still causes it. */
export const oldStyleLogon = (scene: Scene, visit: PersonalVisit): AuditEvent =>
  auditEvent(
    scene,
    {
      at: visit.at,
      contentType,
      workload,
      recordType: 9,
      operation: 'PasswordLogonInitialAuthUsingPassword',
      resultStatus: 'success',
      userId: visit.actor.userId,
      userType: 0,
      userKey: `${visit.actor.puid}@${scene.company.domain}`,
      clientIp: scene.prng.chance(0.3) ? '<null>' : visit.address,
      objectId: visit.actor.userId,
    },
    {
      AzureActiveDirectoryEventType: 0,
      ExtendedProperties: [{ Name: 'LoginError', Value: '0;PP_E_OK;' }],
      Client: 'Exchange',
      LoginStatus: 0,
      UserDomain: scene.company.domain,
    },
  );

export interface ModifiedProperty {
  readonly Name: string;
  readonly NewValue: string;
  readonly OldValue: string;
}

export const modified = (Name: string, NewValue: string, OldValue = ''): ModifiedProperty => ({
  Name,
  NewValue,
  OldValue,
});

/** The usual format of a directory value: a JSON list inside the string, with CR LF. */
export const inList = (value: string | boolean): string => `[\r\n  ${JSON.stringify(value)}\r\n]`;

export interface DirectoryTarget {
  readonly type: 'User' | 'Group' | 'ServicePrincipal' | 'Application' | 'Device';
  readonly id: string;
  /** UPN of users, display name of everything else. */
  readonly name: string;
}

export const userTarget = (person: Actor): DirectoryTarget => ({
  type: 'User',
  id: person.directoryId,
  name: person.userId,
});

export interface DirectoryChange {
  /** With the full stop that most of these names end in. */
  readonly operation: string;
  readonly category: string;
  readonly target: DirectoryTarget;
  readonly modified: readonly ModifiedProperty[];
}

/** A change in the directory. UserType is 0 even for admins; the client address is usually missing. */
export const directoryChange = (scene: Scene, visit: Visit, change: DirectoryChange): AuditEvent => {
  const { prng, company } = scene;
  const { actor } = visit;
  const { target } = change;
  const address = prng.chance(0.4) ? asDelivered(prng, visit.address) : undefined;
  return auditEvent(
    scene,
    {
      at: visit.at,
      contentType,
      workload,
      recordType: 8,
      operation: change.operation,
      resultStatus: 'Success',
      userId: actor.userId,
      userType: actor.userType,
      userKey: actor.fixedUserKey ?? `${actor.puid.toUpperCase()}@${company.domain}`,
      clientIp: address,
      objectId: target.type === 'User' ? target.name : target.id,
    },
    {
      AzureActiveDirectoryEventType: 1,
      ExtendedProperties: [
        { Name: 'additionalDetails', Value: JSON.stringify({ 'User-Agent': visit.userAgent }) },
        { Name: 'extendedAuditEventCategory', Value: change.category },
      ],
      ModifiedProperties: change.modified,
      Actor: actorIds(actor),
      ActorContextId: company.tenantId,
      ActorIpAddress: address,
      InterSystemsId: prng.guid(),
      IntraSystemId: prng.guid(),
      SupportTicketId: '',
      Target: [
        ...[`${target.type}_${target.id}`, target.id, target.type].map((ID) => ({ ID, Type: 2 })),
        { ID: target.name, Type: target.type === 'User' ? 5 : 1 },
      ],
      TargetContextId: company.tenantId,
    },
  );
};

const actorIds = (actor: Actor): readonly { readonly ID: string; readonly Type: number }[] =>
  actor.userId.includes('@')
    ? [
        { ID: actor.userId, Type: 5 },
        { ID: actor.puid.toUpperCase(), Type: 3 },
        ...[`User_${actor.directoryId}`, actor.directoryId, 'User'].map((ID) => ({ ID, Type: 2 })),
      ]
    : [
        { ID: actor.displayName, Type: 1 },
        ...[actor.userId, actor.directoryId, 'ServicePrincipal'].map((ID) => ({ ID, Type: 2 })),
      ];

const operatingSystemOf = (userAgent: string): string => {
  if (userAgent.includes('iPhone')) return 'Ios';
  return userAgent.includes('Windows') ? 'Windows' : 'MacOs';
};

const browserOf = (userAgent: string): string =>
  ['Edg', 'Chrome', 'Firefox', 'Safari'].find((browser) => userAgent.includes(browser)) ?? 'Other';

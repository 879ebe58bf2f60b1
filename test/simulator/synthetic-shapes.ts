/** The shapes of synthetic audit records, one per frequent kind of event. */

import type { Random } from './random.ts';
import type { FeedContentType } from './tenant.ts';

export interface ShapeContext {
  readonly random: Random;
  readonly tenantId: string;
  readonly domain: string;
  readonly happenedAt: Date;
}

export type RecordShape = (context: ShapeContext) => Readonly<Record<string, unknown>>;

interface Nature {
  readonly recordType: number;
  readonly operation: string;
  readonly workload: string;
  readonly userId: string;
}

const givenNames =
  'Ada Bo Cem Dina Emre Fee Gus Hana Ivo Jana Kofi Lea Mio Nia Ole Pia Qi Rosa Sven Tea'.split(' ');
const familyNames = 'Abel Brandt Castro Dorn Eriksen Falk Gruber Holm Iversen Jung'.split(' ');
const folders = ['Budgets', 'Contracts', 'Drawings', 'Minutes', 'Offers', 'Photos', 'Plans', 'Reports'];
const extensions = ['docx', 'xlsx', 'pptx', 'pdf', 'png', 'txt'];
const userAgents = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/126.0.0.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) Safari/605.1.15',
  'Microsoft SkyDriveSync 24.126.0623.0001 ship; Windows NT 10.0',
];

const userOf = ({ random, domain }: ShapeContext): string =>
  `${random.pick(givenNames)}.${random.pick(familyNames)}@${domain}`.toLowerCase();

const addressOf = ({ random }: ShapeContext): string =>
  random.chance(0.1)
    ? `2001:db8:${random.integer(1, 99)}::${random.integer(1, 200)}`
    : `${random.pick(['192.0.2', '198.51.100', '203.0.113'])}.${random.integer(1, 254)}`;

const common = (
  { random, tenantId, happenedAt }: ShapeContext,
  { recordType, operation, workload, userId }: Nature,
): Readonly<Record<string, unknown>> => ({
  CreationTime: happenedAt.toISOString().slice(0, 19),
  Id: random.guid(),
  Operation: operation,
  OrganizationId: tenantId,
  RecordType: recordType,
  UserKey: `i:0h.f|membership|${String(random.integer(1e15, 9e15))}@live.com`,
  UserType: 0,
  Version: 1,
  Workload: workload,
  UserId: userId,
});

const sharePointFile: RecordShape = (context) => {
  const { random, domain } = context;
  const operations = [
    'FileAccessed',
    'FileModified',
    'FileDownloaded',
    'FilePreviewed',
    'FileUploaded',
    'FileDeleted',
  ];
  const siteUrl = `https://sites.${domain}/sites/team-${random.integer(1, 40)}/`;
  const folder = `Shared Documents/${random.pick(folders)}`;
  const extension = random.pick(extensions);
  const fileName = `${random.pick(folders)} ${random.integer(2019, 2026)}-${random.integer(1, 60)}.${extension}`;
  return {
    ...common(context, {
      recordType: 6,
      operation: random.pick(operations),
      workload: random.chance(0.3) ? 'OneDrive' : 'SharePoint',
      userId: userOf(context),
    }),
    ClientIP: addressOf(context),
    ObjectId: `${siteUrl}${folder}/${fileName}`,
    CorrelationId: random.guid(),
    ItemType: 'File',
    ListItemUniqueId: random.guid(),
    Site: random.guid(),
    UserAgent: random.pick(userAgents),
    SourceFileExtension: extension,
    SiteUrl: siteUrl,
    SourceFileName: fileName,
    SourceRelativeUrl: folder,
  };
};

const mailboxItem: RecordShape = (context) => {
  const { random, domain } = context;
  const owner = userOf(context);
  const internetMessageId = `<${random.guid()}@mail.${domain}>`;
  return {
    ...common(context, {
      recordType: 2,
      operation: random.pick(['Create', 'Update', 'Send', 'SoftDelete', 'HardDelete', 'MoveToDeletedItems']),
      workload: 'Exchange',
      userId: random.chance(0.9) ? owner : userOf(context),
    }),
    ResultStatus: 'Succeeded',
    ClientIPAddress: addressOf(context),
    ExternalAccess: false,
    InternalLogonType: 0,
    LogonType: 0,
    LogonUserSid: `S-1-5-21-${random.integer(1e8, 9e8)}-${random.integer(1e8, 9e8)}-${random.integer(1e6, 9e6)}`,
    MailboxGuid: random.guid(),
    MailboxOwnerUPN: owner,
    OrganizationName: domain,
    OriginatingServer: `MBX${random.integer(10, 99)} (15.20.4200.000)\r\n`,
    Item: {
      Id: `RgAAAA${random.guid().replaceAll('-', '')}`,
      InternetMessageId: internetMessageId,
      ParentFolder: { Id: `LgAAAA${random.guid().replaceAll('-', '')}`, Path: '\\Inbox' },
      SizeInBytes: random.integer(900, 900_000),
      Subject: `${random.pick(folders)} ${random.integer(1, 900)}`,
    },
  };
};

const exchangeCmdlet: RecordShape = (context) => {
  const { random, domain } = context;
  const mailbox = userOf(context);
  return {
    ...common(context, {
      recordType: 1,
      operation: random.pick(['Set-Mailbox', 'New-InboxRule', 'Add-MailboxPermission', 'Set-CASMailbox']),
      workload: 'Exchange',
      userId: userOf(context),
    }),
    ResultStatus: 'True',
    ObjectId: mailbox,
    ClientIP: `${addressOf(context)}:${random.integer(1024, 65_535)}`,
    AppId: random.guid(),
    ClientAppId: '',
    ExternalAccess: false,
    OrganizationName: domain,
    OriginatingServer: `MBX${random.integer(10, 99)} (15.20.4200.000)`,
    Parameters: [
      { Name: 'Identity', Value: mailbox },
      { Name: 'Confirm', Value: 'False' },
      { Name: 'Description', Value: `${random.pick(folders)}, request ${random.integer(1000, 9999)}` },
    ],
    SessionId: random.guid(),
  };
};

const signIn: RecordShape = (context) => {
  const { random } = context;
  const failed = random.chance(0.1);
  return {
    ...common(context, {
      recordType: 15,
      operation: failed ? 'UserLoginFailed' : 'UserLoggedIn',
      workload: 'AzureActiveDirectory',
      userId: userOf(context),
    }),
    ResultStatus: 'Success',
    ObjectId: random.guid(),
    ClientIP: addressOf(context),
    AzureActiveDirectoryEventType: 1,
    ExtendedProperties: [
      { Name: 'ResultStatusDetail', Value: failed ? 'UserError' : 'Success' },
      { Name: 'UserAgent', Value: random.pick(userAgents) },
    ],
    ActorContextId: context.tenantId,
    ActorIpAddress: addressOf(context),
    InterSystemsId: random.guid(),
    IntraSystemId: random.guid(),
    ApplicationId: random.guid(),
    ErrorNumber: failed ? '50126' : '0',
  };
};

const directoryChange: RecordShape = (context) => {
  const { random, tenantId } = context;
  const target = userOf(context);
  return {
    ...common(context, {
      recordType: 8,
      operation: random.pick(['Update user.', 'Add member to group.', 'Reset user password.', 'Add user.']),
      workload: 'AzureActiveDirectory',
      userId: userOf(context),
    }),
    ResultStatus: 'Success',
    ObjectId: target,
    AzureActiveDirectoryEventType: 1,
    ExtendedProperties: [{ Name: 'extendedAuditEventCategory', Value: 'User' }],
    ModifiedProperties: [
      { Name: 'AccountEnabled', NewValue: '[\r\n  true\r\n]', OldValue: '[\r\n  false\r\n]' },
      { Name: 'Included Updated Properties', NewValue: 'AccountEnabled', OldValue: '' },
    ],
    Actor: [{ ID: `User_${random.guid()}`, Type: 2 }],
    ActorContextId: tenantId,
    InterSystemsId: random.guid(),
    IntraSystemId: random.guid(),
    Target: [{ ID: target, Type: 5 }],
  };
};

const teamsEvent: RecordShape = (context) => {
  const { random } = context;
  const team = random.integer(1, 30);
  return {
    ...common(context, {
      recordType: 25,
      operation: random.pick(['MemberAdded', 'ChannelAdded', 'TeamsSessionStarted', 'MessageSent']),
      workload: 'MicrosoftTeams',
      userId: userOf(context),
    }),
    ClientIP: addressOf(context),
    AADGroupId: random.guid(),
    CommunicationType: 'Team',
    ItemName: `Team ${team}`,
    Members: Array.from({ length: 3 }, () => ({
      DisplayName: random.pick(givenNames),
      Role: 1,
      UPN: userOf(context),
    })),
    TeamGuid: `19:${random.guid().replaceAll('-', '')}@thread.tacv2`,
    TeamName: `Team ${team}`,
    ExtraProperties: [{ Key: 'UserAgent', Value: random.pick(userAgents) }],
  };
};

const shapes: Readonly<Record<FeedContentType, readonly RecordShape[]>> = {
  'Audit.SharePoint': [sharePointFile],
  'Audit.Exchange': [mailboxItem, mailboxItem, exchangeCmdlet],
  'Audit.AzureActiveDirectory': [signIn, signIn, directoryChange],
  'Audit.General': [teamsEvent],
  'DLP.All': [teamsEvent],
};

/** Returns the shapes in content of this type, frequent ones more than once. */
export const shapesOf = (contentType: FeedContentType): readonly RecordShape[] => shapes[contentType];

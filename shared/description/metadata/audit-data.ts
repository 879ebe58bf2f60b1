/** The data of each record type, as far as Microsoft documents it: a schema for makers, not a promise. */
import * as z from 'zod';
import { codeNumbers, recordTypeName } from '../../records/record-types.ts';
import { toJsonSchema, type JsonSchema } from '../json-schema.ts';
import { titled } from '../connector-schema.ts';

const text = z.string().optional();
const truth = z.boolean().optional();
const number = z.int().optional();
const pairs = z.array(z.object({ Name: text, Value: text })).optional();
const changes = z.array(z.object({ Name: text, NewValue: text, OldValue: text })).optional();

/** Members that are texts; most are. */
function texts(names: string): z.ZodRawShape {
  return Object.fromEntries(names.split(' ').map((name) => [name, text]));
}

/** @see https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema */
const common = {
  ...texts('Id CreationTime Operation Workload UserId UserKey ObjectId ClientIP ResultStatus OrganizationId'),
  RecordType: number,
  UserType: number,
  Version: number,
};
const app = { AppAccessContext: z.object({ ClientAppId: text, CorrelationId: text }).optional() };

const sharePoint = {
  ...texts('Site SiteUrl ItemType EventSource SourceName UserAgent SourceFileName SourceFileExtension'),
  ...texts('SourceRelativeUrl ListId DestinationFileName DestinationRelativeUrl WebId CorrelationId'),
  ...texts('TargetUserOrGroupName TargetUserOrGroupType EventData'),
  ...app,
};
const exchangeAdmin = {
  Parameters: pairs,
  ModifiedProperties: changes,
  ExternalAccess: truth,
  ...texts('OriginatingServer OrganizationName SessionId'),
  ...app,
};
const mailItem = z.object({
  Id: text,
  Subject: text,
  InternetMessageId: text,
  ParentFolder: z.object({ Path: text }),
});
const exchangeItem = {
  ...texts('MailboxOwnerUPN MailboxGuid LogonUserSid ClientInfoString ClientIPAddress SessionId'),
  LogonType: number,
  ExternalAccess: truth,
  Item: mailItem.partial().optional(),
  AffectedItems: z.array(mailItem.partial()).optional(),
  OperationProperties: pairs,
  ...texts('OriginatingServer OrganizationName'),
  ...app,
};
const party = z.array(z.object({ ID: text, Type: number })).optional();
const entra = {
  ...texts('ActorContextId ActorIpAddress ApplicationId TargetContextId ErrorNumber LogonError'),
  Actor: party,
  Target: party,
  ExtendedProperties: pairs,
  ModifiedProperties: changes,
  DeviceProperties: pairs,
  ...texts('InterSystemsId IntraSystemId'),
  AzureActiveDirectoryEventType: number,
};
const teams = {
  ...texts('TeamName TeamGuid AADGroupId ChannelName ChannelGuid ChannelType CommunicationType MessageId'),
  ...texts('ChatThreadId AddOnName'),
  Members: z.array(z.object({ UPN: text, DisplayName: text, Role: number })).optional(),
};
const dlp = {
  IncidentId: text,
  SensitiveInfoDetectionIsIncluded: truth,
  PolicyDetails: z.array(z.object({ PolicyId: text, PolicyName: text })).optional(),
  SharePointMetaData: z.object({ FileName: text, SiteCollectionUrl: text, From: text }).optional(),
  ExchangeMetaData: z.object({ From: text, To: z.array(z.string()).optional(), Subject: text }).optional(),
};

const bySort: readonly (readonly [RegExp, z.ZodRawShape])[] = [
  [/^ComplianceDLP|^DLP/i, dlp],
  [/^(SharePoint|OneDrive)/i, sharePoint],
  [/^ExchangeAdmin$|Cmdlet/i, exchangeAdmin],
  [/^Exchange/i, exchangeItem],
  [/^AzureActiveDirectory/i, entra],
  [/^MicrosoftTeams/i, teams],
];

/**
 * A JSON Schema of `auditData`, titled for makers; only the common members if nothing more is known about the type.
 * @param recordType name or number; anything else gives undefined
 */
export function auditDataSchema(recordType: string): { name: string; schema: JsonSchema } | undefined {
  const [known] = codeNumbers.recordType(recordType);
  if (known === undefined) return undefined;
  const name = recordTypeName(known);
  const own = bySort.find(([pattern]) => pattern.test(name))?.[1] ?? {};
  const target = { io: 'input', dialect: 'draft-4', base: '#/definitions/' } as const;
  return {
    name,
    schema: titled('auditData', toJsonSchema(z.object({ ...common, ...own }), target, new Map())),
  };
}

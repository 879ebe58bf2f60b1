/** Fields of records by type, as far as Microsoft documents them: a schema for makers, not a promise. */
import * as z from 'zod';
import { codeNumbers, recordTypeName } from '../../records/record-types.ts';
import { titled } from '../connector-schema.ts';
import { toJsonSchema, type JsonSchema } from '../json-schema.ts';

const text = z.string().optional();
const number = z.int().optional();

const texts = (names: string) => shape(names, text);
const numbers = (names: string) => shape(names, number);
const pairs = (names: string) => shape(names, list(texts('Name Value')));
const changes = (names: string) => shape(names, list(texts('Name NewValue OldValue')));

function shape(names: string, schema: z.ZodType): z.ZodRawShape {
  return Object.fromEntries(names.split(' ').map((name) => [name, schema]));
}

function list(members: z.ZodRawShape) {
  return z.array(z.object(members)).optional();
}

/** @see https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema */
const common: z.ZodRawShape = {
  ...texts('Id CreationTime Operation Workload UserId UserKey ObjectId ClientIP ResultStatus OrganizationId'),
  ...numbers('RecordType UserType Version'),
};
const app: z.ZodRawShape = { AppAccessContext: z.object(texts('ClientAppId CorrelationId')).optional() };
const externalAccess: z.ZodRawShape = { ExternalAccess: z.boolean().optional() };

const sharePoint: z.ZodRawShape = {
  ...texts('Site SiteUrl ItemType EventSource SourceName UserAgent SourceFileName SourceFileExtension'),
  ...texts('SourceRelativeUrl ListId DestinationFileName DestinationRelativeUrl WebId CorrelationId'),
  ...texts('TargetUserOrGroupName TargetUserOrGroupType EventData'),
  ...app,
};
const exchangeAdmin: z.ZodRawShape = {
  ...texts('OriginatingServer OrganizationName SessionId'),
  ...pairs('Parameters'),
  ...changes('ModifiedProperties'),
  ...externalAccess,
  ...app,
};
const mailItem: z.ZodRawShape = {
  ...texts('Id Subject InternetMessageId'),
  ParentFolder: z.object(texts('Path')).optional(),
};
const exchangeItem: z.ZodRawShape = {
  ...texts('MailboxOwnerUPN MailboxGuid LogonUserSid ClientInfoString ClientIPAddress SessionId'),
  ...texts('OriginatingServer OrganizationName'),
  ...numbers('LogonType'),
  ...pairs('OperationProperties'),
  ...externalAccess,
  ...app,
  Item: z.object(mailItem).optional(),
  AffectedItems: list(mailItem),
};
const entra: z.ZodRawShape = {
  ...texts('ActorContextId ActorIpAddress ApplicationId TargetContextId ErrorNumber LogonError'),
  ...texts('InterSystemsId IntraSystemId'),
  ...numbers('AzureActiveDirectoryEventType'),
  ...shape('Actor Target', list({ ID: text, Type: number })),
  ...pairs('ExtendedProperties DeviceProperties'),
  ...changes('ModifiedProperties'),
};
const teams: z.ZodRawShape = {
  ...texts('TeamName TeamGuid AADGroupId ChannelName ChannelGuid ChannelType CommunicationType MessageId'),
  ...texts('ChatThreadId AddOnName'),
  Members: list({ UPN: text, DisplayName: text, Role: number }),
};
const dlp: z.ZodRawShape = {
  ...texts('IncidentId'),
  SensitiveInfoDetectionIsIncluded: z.boolean().optional(),
  PolicyDetails: list(texts('PolicyId PolicyName')),
  SharePointMetaData: z.object(texts('FileName SiteCollectionUrl From')).optional(),
  ExchangeMetaData: z.object({ From: text, To: z.array(z.string()).optional(), Subject: text }).optional(),
};

const byTypeName: readonly (readonly [RegExp, z.ZodRawShape])[] = [
  [/^ComplianceDLP|^DLP/i, dlp],
  [/^(SharePoint|OneDrive)/i, sharePoint],
  [/^ExchangeAdmin$|Cmdlet/i, exchangeAdmin],
  [/^Exchange/i, exchangeItem],
  [/^AzureActiveDirectory/i, entra],
  [/^MicrosoftTeams/i, teams],
];

/**
 * A JSON Schema of `auditData`, titled for makers; only the common fields if no more is known of the type.
 * @param recordType name or number; the result is undefined for any other text
 */
export function auditDataSchema(recordType: string): { name: string; schema: JsonSchema } | undefined {
  const [known] = codeNumbers.recordType(recordType);
  if (known === undefined) return undefined;
  const name = recordTypeName(known);
  const own = byTypeName.find(([pattern]) => pattern.test(name))?.[1] ?? {};
  const target = { io: 'input', dialect: 'draft-4', base: '#/definitions/' } as const;
  const fields = z.object({ ...common, ...own });
  return { name, schema: titled('auditData', toJsonSchema(fields, target, new Map())) };
}

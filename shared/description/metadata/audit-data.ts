/** What records of a kind say, as far as Microsoft documents it: a schema for makers, not a promise. */
import * as z from 'zod';
import { codeNumbers, recordTypeName } from '../../records/record-types.ts';
import { toJsonSchema, type JsonSchema } from '../json-schema.ts';
import { titled } from '../connector-schema.ts';

const text = z.string().optional();
const truth = z.boolean().optional();
const number = z.int().optional();
const pairs = z.array(z.object({ Name: text, Value: text })).optional();
const changes = z.array(z.object({ Name: text, NewValue: text, OldValue: text })).optional();

/** @see https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema */
const common = {
  ...{ Id: text, CreationTime: text, Operation: text, Workload: text, RecordType: number },
  ...{ UserId: text, UserKey: text, UserType: number, ObjectId: text, ClientIP: text },
  ...{ ResultStatus: text, OrganizationId: text, Version: number },
};
const app = { AppAccessContext: z.object({ ClientAppId: text, CorrelationId: text }).optional() };

const sharePoint = {
  ...{ Site: text, SiteUrl: text, ItemType: text, EventSource: text, SourceName: text, UserAgent: text },
  ...{ SourceFileName: text, SourceFileExtension: text, SourceRelativeUrl: text, ListId: text },
  ...{ DestinationFileName: text, DestinationRelativeUrl: text, WebId: text, CorrelationId: text },
  ...{ TargetUserOrGroupName: text, TargetUserOrGroupType: text, EventData: text, ...app },
};
const exchangeAdmin = {
  ...{ Parameters: pairs, ModifiedProperties: changes, ExternalAccess: truth },
  ...{ OriginatingServer: text, OrganizationName: text, SessionId: text, ...app },
};
const mailItem = z.object({
  Id: text,
  Subject: text,
  InternetMessageId: text,
  ParentFolder: z.object({ Path: text }),
});
const exchangeItem = {
  ...{ MailboxOwnerUPN: text, MailboxGuid: text, LogonType: number, LogonUserSid: text },
  ...{ ClientInfoString: text, ClientIPAddress: text, ExternalAccess: truth, SessionId: text },
  ...{ Item: mailItem.partial().optional(), AffectedItems: z.array(mailItem.partial()).optional() },
  ...{ OperationProperties: pairs, OriginatingServer: text, OrganizationName: text, ...app },
};
const party = z.array(z.object({ ID: text, Type: number })).optional();
const entra = {
  ...{ ActorContextId: text, ActorIpAddress: text, ApplicationId: text, TargetContextId: text },
  ...{ Actor: party, Target: party, ExtendedProperties: pairs, ModifiedProperties: changes },
  ...{ ErrorNumber: text, LogonError: text, DeviceProperties: pairs },
  ...{ InterSystemsId: text, IntraSystemId: text, AzureActiveDirectoryEventType: number },
};
const teams = {
  ...{ TeamName: text, TeamGuid: text, AADGroupId: text, ChannelName: text, ChannelGuid: text },
  ...{ ChannelType: text, CommunicationType: text, MessageId: text, ChatThreadId: text, AddOnName: text },
  Members: z.array(z.object({ UPN: text, DisplayName: text, Role: number })).optional(),
};
const dlp = {
  ...{ IncidentId: text, SensitiveInfoDetectionIsIncluded: truth },
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
 * A JSON Schema of `auditData`, titled for makers; only what all records say where no more is known of the type.
 * @param recordType name or number; undefined is answered for what is neither
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

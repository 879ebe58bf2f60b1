/** Views of records: one for each kind of activity, with the members that belong to it as columns. Each kind writes the SQL. */
import { recordTypes } from '../../../records/record-types.ts';

export interface View {
  readonly name: string;
  /** Names of record types, as patterns. */
  readonly types: RegExp;
  /** By the names of their columns. */
  readonly columns: Readonly<Record<string, Member>>;
}

/** A member of records. */
export interface Member {
  /** Its text, or the JSON of an object or a list. */
  readonly as: 'text' | 'json';
  /** Names from the outside in; letters only. Of several, the first that the record has. */
  readonly paths: readonly (readonly string[])[];
}

const member = (...path: readonly string[]): Member => ({ as: 'text', paths: [path] });
const part = (...path: readonly string[]): Member => ({ as: 'json', paths: [path] });

/**
 * Members as Microsoft's schema names them.
 * @see https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema
 */
export const views: readonly View[] = [
  {
    name: 'exchange_admin',
    types: /^ExchangeAdmin$/,
    columns: {
      parameters: part('Parameters'),
      external_access: member('ExternalAccess'),
      organization_name: member('OrganizationName'),
      originating_server: member('OriginatingServer'),
    },
  },
  {
    name: 'mailbox_access',
    types: /^Exchange(?:Item|ItemGroup|AggregatedOperation|ItemAggregated)$/,
    columns: {
      mailbox_owner: member('MailboxOwnerUPN'),
      logon_type: member('LogonType'),
      external_access: member('ExternalAccess'),
      client_info: member('ClientInfoString'),
      subject: member('Item', 'Subject'),
      item: part('Item'),
      affected_items: part('AffectedItems'),
      folders: part('Folders'),
      operation_properties: part('OperationProperties'),
    },
  },
  {
    name: 'file_activity',
    types: /^(?:SharePoint|OneDrive|SharePoint(?:File|Comment|List|ListItem)Operation)$/,
    columns: {
      site_url: member('SiteUrl'),
      folder: member('SourceRelativeUrl'),
      file_name: member('SourceFileName'),
      file_extension: member('SourceFileExtension'),
      item_type: member('ItemType'),
      destination_folder: member('DestinationRelativeUrl'),
      destination_file_name: member('DestinationFileName'),
      user_agent: member('UserAgent'),
    },
  },
  {
    name: 'sharing',
    types: /^SharePointSharingOperation$/,
    columns: {
      site_url: member('SiteUrl'),
      shared_with: member('TargetUserOrGroupName'),
      shared_with_type: member('TargetUserOrGroupType'),
      file_name: member('SourceFileName'),
      item_type: member('ItemType'),
      event_data: member('EventData'),
    },
  },
  {
    name: 'sign_ins',
    types: /^AzureActiveDirectory(?:AccountLogon|StsLogon)$/,
    columns: {
      application_id: member('ApplicationId'),
      logon_error: member('LogonError'),
      error_number: member('ErrorNumber'),
      extended_properties: part('ExtendedProperties'),
      device_properties: part('DeviceProperties'),
    },
  },
  {
    name: 'directory_changes',
    types: /^AzureActiveDirectory$/,
    columns: {
      modified_properties: part('ModifiedProperties'),
      extended_properties: part('ExtendedProperties'),
      actor: part('Actor'),
      target: part('Target'),
    },
  },
  {
    name: 'dlp',
    types: /^(?:Cdp)?ComplianceDLP|^DLPEndpoint$/,
    columns: {
      incident_id: member('IncidentId'),
      policies: part('PolicyDetails'),
      exception_info: part('ExceptionInfo'),
      mail: part('ExchangeMetaData'),
      file: part('SharePointMetaData'),
      endpoint: part('EndpointMetaData'),
    },
  },
  {
    name: 'teams',
    types: /^MicrosoftTeams/,
    columns: {
      team_name: member('TeamName'),
      team_id: { as: 'text', paths: [['AADGroupId'], ['TeamGuid']] },
      channel_name: member('ChannelName'),
      chat_thread_id: member('ChatThreadId'),
      members: part('Members'),
      extra_properties: part('ExtraProperties'),
    },
  },
];

/** Numbers of the record types that the view shows. */
export function typeNumbers({ types }: View): readonly number[] {
  return recordTypes()
    .filter(({ name }) => types.test(name))
    .map(({ number }) => number);
}

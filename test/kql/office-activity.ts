/**
 * The columns of OfficeActivity, without those that Azure Monitor adds to every row (`_BilledSize` and others).
 * @see https://learn.microsoft.com/azure/azure-monitor/reference/tables/officeactivity
 */
export const officeActivity: Readonly<Record<string, string>> = {
  ...columns(
    'string',
    'AADGroupId AADTarget Activity Actor ActorContextId ActorIpAddress AddOnGuid AddonName AddOnType',
  ),
  ...columns('string', 'AffectedItems AppDistributionMode AppId Application ApplicationId AppPoolName'),
  ...columns(
    'string',
    'AzureActiveDirectory_EventType AzureADAppId ChannelGuid ChannelName ChannelType ChatName',
  ),
  ...columns(
    'string',
    'ChatThreadId Client Client_IPAddress ClientAppId ClientInfoString ClientIP ClientMachineName',
  ),
  ...columns('string', 'ClientProcessName ClientVersion CommunicationType CustomEvent DestFolder'),
  ...columns('string', 'DestinationFileExtension DestinationFileName DestinationRelativeUrl DestMailboxId'),
  ...columns(
    'string',
    'DestMailboxOwnerMasterAccountSid DestMailboxOwnerSid DestMailboxOwnerUPN DeviceInformation',
  ),
  ...columns(
    'string',
    'EffectiveOrganization ElevationApprover ElevationRequestId ElevationRole Event_Data EventSource',
  ),
  ...columns(
    'string',
    'ExtendedProperties ExternalAccess Folder Folders GenericInfo InterSystemsId IntraSystemId Item',
  ),
  ...columns('string', 'ItemName ItemType ListItemUniqueId Logon_Type LogonUserDisplayName LogonUserSid'),
  ...columns(
    'string',
    'MachineDomainInfo MachineId MailboxGuid MailboxOwnerMasterAccountSid MailboxOwnerSid',
  ),
  ...columns(
    'string',
    'MailboxOwnerUPN MeetingDetailId MessageId ModifiedObjectResolvedName ModifiedProperties',
  ),
  ...columns('string', 'NewValue OfficeId OfficeObjectId OfficeTenantId OfficeWorkload OldValue Operation'),
  ...columns(
    'string',
    'OperationScope OrganizationId OrganizationName OriginatingServer Parameters RecordType',
  ),
  ...columns('string', 'ResultReasonType ResultStatus SendAsUserMailboxGuid SendAsUserSmtp'),
  ...columns(
    'string',
    'SendonBehalfOfUserMailboxGuid SendOnBehalfOfUserSmtp SensitivityLabelId SharingType Site_',
  ),
  ...columns(
    'string',
    'Site_Url Source_Name SourceFileExtension SourceFileName SourceRecordId SourceRelativeUrl',
  ),
  ...columns(
    'string',
    'SourceSystem SRPolicyId SRPolicyName SupportTicketId TabType TargetContextId TargetUserId',
  ),
  ...columns(
    'string',
    'TargetUserOrGroupName TargetUserOrGroupType TeamGuid TeamName TenantId Type UniqueSharingId',
  ),
  ...columns('string', 'UserAgent UserDomain UserId UserKey UserSharedWith UserType'),
  ...columns(
    'dynamic',
    'AppAccessContext ArtifactsShared Attendees ExtraProperties Members OperationProperties',
  ),
  ...columns('dynamic', 'SRRuleMatchDetails'),
  ...columns('bool', 'CrossMailboxOperations IsJoinedFromLobby IsManagedDevice'),
  ...columns('int', 'DataCenterSecurityEventType ElevationDuration InternalLogonType LoginStatus'),
  ...columns('datetime', 'ElevationApprovedTime ElevationTime JoinTime LeaveTime Start_Time TimeGenerated'),
};

function columns(type: string, names: string): Readonly<Record<string, string>> {
  return Object.fromEntries(names.split(' ').map((name) => [name, type]));
}

/**
 * Common parts of audit records; deflate refers to them instead of repeating them in every row.
 * Stored rows depend on these exact bytes: never change them, add a new version instead.
 * The most frequent come last, where references are shortest.
 */
const words = [
  '"SensitiveInfoDetectionIsIncluded":false,"PolicyDetails":[{"PolicyId":"","PolicyName":"","Rules":[{"Actions":[],"ConditionsMatched":{"SensitiveInformation":[{"Confidence":,"Count":,"SensitiveType":"","UniqueCount":',
  '"AlertId":"","AlertLinks":[{"AlertLinkHref":""}],"AlertType":"System","Category":"","Comments":"New alert","Data":"{\\"etype\\":\\"User\\",\\"eid\\":\\"","Name":"","PolicyId":"","Severity":"Low","Source":"Office 365 Security & Compliance","Status":"Active","Workload":"SecurityComplianceCenter"',
  '"Members":[{"DisplayName":"","Role":0,"UPN":""}],"TeamGuid":"19:@thread.tacv2","TeamName":"","ChannelGuid":"","ChannelName":"","CommunicationType":"Team","Workload":"MicrosoftTeams"',
  '"DeviceProperties":[{"Name":"OS","Value":"Windows 10"},{"Name":"BrowserType","Value":"Chrome"},{"Name":"IsCompliantAndManaged","Value":"False"},{"Name":"SessionId","Value":""}],"ErrorNumber":"0","LogonError":"InvalidUserNameOrPassword"',
  '"ExtendedProperties":[{"Name":"additionalDetails","Value":"{\\"User-Agent\\":\\""},{"Name":"extendedAuditEventCategory","Value":"User"},{"Name":"ResultStatusDetail","Value":"Success"},{"Name":"UserAgent","Value":"Mozilla\\/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit\\/537.36 (KHTML, like Gecko) Chrome\\/ Safari\\/537.36 Edg\\/"},{"Name":"RequestType","Value":"OAuth2:Authorize"}]',
  '"ModifiedProperties":[{"Name":"Role.DisplayName","NewValue":"","OldValue":""},{"Name":"Included Updated Properties","NewValue":"","OldValue":""},{"Name":"TargetId.UserType","NewValue":"Member","OldValue":""}]',
  '"Actor":[{"ID":"","Type":0},{"ID":"","Type":5},{"ID":"User_","Type":2},{"ID":"User","Type":2}],"ActorContextId":"","ActorIpAddress":"","InterSystemsId":"","IntraSystemId":"","SupportTicketId":"","Target":[{"ID":"","Type":2}],"TargetContextId":"","ApplicationId":"","AzureActiveDirectoryEventType":1',
  '"OperationProperties":[{"Name":"MailAccessType","Value":"Bind"},{"Name":"IsThrottled","Value":"False"}],"Folders":[{"FolderItems":[{"InternetMessageId":"<","SizeInBytes":}],"Id":"LgAAAA","Path":"\\\\Inbox"}],"OperationCount":1',
  '"AffectedItems":[{"Attachments":"","Id":"RgAAAA","InternetMessageId":"<","ParentFolder":{"Id":"LgAAAA","Path":"\\\\Deleted Items"},"Subject":""}],"CrossMailboxOperation":false,"Folder":{"Id":"","Path":"\\\\Inbox"},"Item":{"Id":"","IsRecord":false,"SizeInBytes":',
  '"ClientInfoString":"Client=OWA;Action=ViaProxy","ClientProcessName":"OUTLOOK.EXE","ClientVersion":"16.0.","ClientRequestId":"","HostAppId":"","InternalLogonType":0,"LogonType":0,"LogonUserSid":"S-1-5-21-","MailboxGuid":"","MailboxOwnerSid":"S-1-5-21-","MailboxOwnerUPN":"","SessionId":"","LogonUserDisplayName":""',
  '"Parameters":[{"Name":"Identity","Value":""},{"Name":"AccessRights","Value":"FullAccess"},{"Name":"User","Value":""},{"Name":"AuditEnabled","Value":"True"},{"Name":"Organization","Value":""},{"Name":"ErrorAction","Value":"Stop"},{"Name":"Confirm","Value":"False"}]',
  '"ExternalAccess":false,"OrganizationName":".onmicrosoft.com","OriginatingServer":" (15.20.","AppId":"","ClientAppId":"","AppAccessContext":{"AADSessionId":"","APIId":"","ClientAppId":"","ClientAppName":"","CorrelationId":"","IssuedAtTime":"20","UniqueTokenId":""}',
  '"CorrelationId":"","EventSource":"SharePoint","ItemType":"File","ListId":"","ListItemUniqueId":"","Site":"","UserAgent":"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/ Safari/537.36","WebId":"","SourceFileExtension":"docx","SiteUrl":"https://.sharepoint.com/sites/","SourceFileName":"","SourceRelativeUrl":"Shared Documents","ApplicationDisplayName":"","HighPriorityMediaProcessing":false,"DoNotDistributeEvent":true,"FromApp":false,"IsDocLib":true,"DeviceDisplayName":"","IsManagedDevice":false,"EventData":"","TargetUserOrGroupName":"","TargetUserOrGroupType":"Member"',
  'https://-my.sharepoint.com/personal/_onmicrosoft_com/Documents/.xlsx.pdf.pptx',
  'FileDownloaded FileAccessed FileModified FileUploaded FilePreviewed FileSyncDownloadedFull FileDeleted PageViewed AnonymousLinkCreated SharingSet ListViewed MailItemsAccessed HardDelete SoftDelete MoveToDeletedItems SendAs New-InboxRule Set-Mailbox Add-MailboxPermission Update user. Add member to role. Add member to group. Update StsRefreshTokenValidFrom Timestamp. UserLoggedIn UserLoginFailed TeamsSessionStarted MessageSent DlpRuleMatch AlertTriggered TIMailData',
  'i:0h.f|membership|1003@live.com NT AUTHORITY\\\\SYSTEM (Microsoft.Exchange.) ServicePrincipal_ app@sharepoint Not Available Unknown',
  '"Succeeded","Success","True","Failed","PartiallySucceeded"',
  '[],[],"AzureActiveDirectory","Exchange","OneDrive","SharePoint",@.onmicrosoft.com',
  '{"CreationTime":"2025-2026-T:","Id":"","Operation":"","OrganizationId":"","RecordType":1,"ResultStatus":"Succeeded","UserKey":"","UserType":0,"Version":1,"Workload":"Exchange","ClientIP":"","ObjectId":"","UserId":"',
];

export const textDictionary: Buffer = Buffer.from(words.join('\n'), 'utf8');

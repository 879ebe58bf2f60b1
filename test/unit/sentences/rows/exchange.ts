/** Mailboxes, folders, rules, and email of the whole organization. */
import { adele, bo, cmdlet, director, recordOf, type Fields, type Row } from '../described.ts';

const hosted =
  'EURPR01A001.PROD.OUTLOOK.COM/Microsoft Exchange Hosted Organizations/contoso.onmicrosoft.example';
const service = { UserId: 'NT AUTHORITY\\SYSTEM (Microsoft.Exchange.ServiceHost)', UserType: 3 };
const outside = 'dir@adatum.example';

const inMailbox = (Operation: string, more: Fields = {}): Fields =>
  recordOf('Exchange', Operation, { MailboxOwnerUPN: director, ResultStatus: 'Succeeded', ...more });
const outlookRule = (RuleOperation: string, RuleName: string, actions: unknown): Fields =>
  inMailbox('UpdateInboxRules', {
    OperationProperties: [
      { Name: 'RuleOperation', Value: RuleOperation },
      { Name: 'RuleName', Value: RuleName },
      { Name: 'RuleActions', Value: JSON.stringify(actions) },
    ],
  });
const folderRights = (MemberUpn: string, MemberRights: string, Path: string): Fields =>
  inMailbox('ModifyFolderPermissions', { Item: { ParentFolder: { MemberUpn, MemberRights, Path } } });

export const exchangeRows: readonly Row[] = [
  // Auditing
  [
    cmdlet('Set-AdminAuditLogConfig', { UnifiedAuditLogIngestionEnabled: 'False' }),
    'auditingDisabled',
    'high',
    'adele@contoso.example turned off the audit log of the organization',
    [{ what: 'UnifiedAuditLogIngestionEnabled', to: 'False' }],
  ],
  [
    cmdlet('Set-OrganizationConfig', { AuditDisabled: 'True' }),
    'auditingDisabled',
    'high',
    'adele@contoso.example turned off mailbox auditing for the whole organization',
  ],
  [
    cmdlet('Set-Mailbox', { Identity: director, AuditEnabled: 'False' }),
    'auditingDisabled',
    'high',
    'adele@contoso.example turned off auditing of the mailbox of dir@contoso.example',
  ],
  [
    cmdlet('Set-MailboxAuditBypassAssociation', { Identity: bo, AuditBypassEnabled: 'True' }),
    'auditingDisabled',
    'high',
    'adele@contoso.example turned off mailbox auditing of everything that bo@contoso.example does',
  ],
  [
    cmdlet('Set-MailboxAuditBypassAssociation', { Identity: bo, AuditBypassEnabled: 'False' }),
    'auditingEnabled',
    'notable',
    'adele@contoso.example turned on mailbox auditing of everything that bo@contoso.example does',
  ],
  [
    cmdlet('Set-Mailbox', { Identity: director, AuditEnabled: '$true' }),
    'auditingEnabled',
    'notable',
    'adele@contoso.example turned on auditing of the mailbox of dir@contoso.example',
  ],
  [
    cmdlet('Set-Mailbox', { Identity: director, AuditOwner: 'HardDelete' }),
    'auditedActionsChanged',
    'notable',
    'adele@contoso.example changed what is audited in the mailbox of dir@contoso.example',
  ],
  [
    cmdlet('Set-AdminAuditLogConfig', { AdminAuditLogEnabled: 'True' }),
    'exchangeOrganizationChanged',
    'routine',
    'adele@contoso.example changed the setting AdminAuditLogEnabled of the audit log',
  ],
  [
    cmdlet('Set-OrganizationConfig', { MailTipsAllTipsEnabled: 'True' }),
    'exchangeOrganizationChanged',
    'routine',
    'adele@contoso.example changed the setting MailTipsAllTipsEnabled of the organization',
  ],

  // Permissions to mailboxes
  [
    cmdlet('Add-MailboxPermission', {
      Identity: director,
      User: 'Adele@contoso.example',
      AccessRights: 'FullAccess',
    }),
    'mailboxPermissionAdded',
    'high',
    'adele@contoso.example gave themselves FullAccess to the mailbox of dir@contoso.example',
    [
      { what: 'User', to: 'Adele@contoso.example' },
      { what: 'AccessRights', to: 'FullAccess' },
    ],
  ],
  [
    cmdlet('Add-MailboxPermission', {
      Identity: `${hosted}/Director`,
      User: `${hosted}/Bo`,
      AccessRights: 'FullAccess',
    }),
    'mailboxPermissionAdded',
    'notable',
    'adele@contoso.example gave Bo FullAccess to the mailbox of Director',
  ],
  [
    cmdlet('Add-MailboxPermission', { Identity: director, User: 'Default', AccessRights: 'ReadPermission' }),
    'mailboxPermissionAdded',
    'high',
    'adele@contoso.example gave Default ReadPermission to the mailbox of dir@contoso.example',
  ],
  [
    cmdlet(
      'Add-MailboxPermission',
      { Identity: director, User: adele, AccessRights: 'FullAccess' },
      { ResultStatus: 'False' },
    ),
    'mailboxPermissionAdded',
    'notable',
    'adele@contoso.example gave themselves FullAccess to the mailbox of dir@contoso.example, which failed',
  ],
  [
    cmdlet(
      'Add-MailboxPermission',
      { Identity: `${hosted}/Search`, User: `${hosted}/Discovery`, AccessRights: 'FullAccess' },
      service,
    ),
    'mailboxPermissionAdded',
    'routine',
    'Microsoft’s service Microsoft.Exchange.ServiceHost gave Discovery FullAccess to the mailbox of Search',
  ],
  [
    cmdlet('Add-MailboxPermission', {
      Identity: director,
      User: bo,
      AccessRights: 'FullAccess',
      Deny: 'True',
    }),
    'mailboxPermissionDenied',
    'routine',
    'adele@contoso.example denied bo@contoso.example FullAccess to the mailbox of dir@contoso.example',
  ],
  [
    cmdlet('Remove-MailboxPermission', { Identity: director, User: bo, AccessRights: 'FullAccess' }),
    'mailboxPermissionRemoved',
    'routine',
    'adele@contoso.example revoked FullAccess to the mailbox of dir@contoso.example from bo@contoso.example',
  ],
  [
    cmdlet('Add-RecipientPermission', { Identity: director, Trustee: bo, AccessRights: 'SendAs' }),
    'sendAsGranted',
    'notable',
    'adele@contoso.example let bo@contoso.example send email as dir@contoso.example',
  ],
  [
    cmdlet('Add-RecipientPermission', { Identity: director, Trustee: adele, AccessRights: 'SendAs' }),
    'sendAsGranted',
    'high',
    'adele@contoso.example let themselves send email as dir@contoso.example',
  ],
  [
    cmdlet('Remove-RecipientPermission', { Identity: director, Trustee: bo, AccessRights: 'SendAs' }),
    'sendAsRevoked',
    'routine',
    'adele@contoso.example no longer lets bo@contoso.example send email as dir@contoso.example',
  ],
  [
    cmdlet('Set-Mailbox', { Identity: director, GrantSendOnBehalfTo: 'Bo' }),
    'sendOnBehalfGranted',
    'notable',
    'adele@contoso.example let Bo send email on behalf of dir@contoso.example',
  ],

  // Forwarding and settings of mailboxes
  [
    cmdlet('Set-Mailbox', {
      Identity: director,
      ForwardingSmtpAddress: `smtp:${outside}`,
      DeliverToMailboxAndForward: 'False',
    }),
    'forwardingSet',
    'high',
    'adele@contoso.example set up forwarding of all email from the mailbox of dir@contoso.example to dir@adatum.example, keeping no copy',
    [
      { what: 'ForwardingSmtpAddress', to: 'smtp:dir@adatum.example' },
      { what: 'DeliverToMailboxAndForward', to: 'False' },
    ],
  ],
  [
    cmdlet('Set-Mailbox', { Identity: director, ForwardingAddress: bo, DeliverToMailboxAndForward: 'True' }),
    'forwardingSet',
    'notable',
    'adele@contoso.example set up forwarding of all email from the mailbox of dir@contoso.example to bo@contoso.example, keeping a copy',
  ],
  [
    cmdlet('Set-Mailbox', { Identity: director, ForwardingSmtpAddress: '' }),
    'forwardingRemoved',
    'routine',
    'adele@contoso.example stopped the forwarding of email from the mailbox of dir@contoso.example',
    [{ what: 'ForwardingSmtpAddress' }],
  ],
  [
    cmdlet('Set-Mailbox', { Identity: director, LitigationHoldEnabled: 'False' }),
    'litigationHoldRemoved',
    'high',
    'adele@contoso.example removed the litigation hold from the mailbox of dir@contoso.example',
  ],
  [
    cmdlet('Set-Mailbox', { Identity: director, LitigationHoldEnabled: 'True' }),
    'litigationHoldSet',
    'notable',
    'adele@contoso.example placed a litigation hold on the mailbox of dir@contoso.example',
  ],
  [
    cmdlet('Set-Mailbox', { Identity: adele, MailTip: 'Away', IssueWarningQuota: '49 GB' }),
    'mailboxChanged',
    'routine',
    'adele@contoso.example changed the settings MailTip and IssueWarningQuota of their own mailbox',
  ],
  [
    cmdlet('Set-Mailbox', { Identity: director, A: '1', B: '2', C: '3', D: '4', E: '5' }),
    'mailboxChanged',
    'routine',
    'adele@contoso.example changed the settings A, B, C, and 2 more of the mailbox of dir@contoso.example',
  ],
  [
    cmdlet('New-Mailbox', { Identity: bo }),
    'mailboxCreated',
    'routine',
    'adele@contoso.example created the mailbox of bo@contoso.example',
  ],
  [
    cmdlet('Remove-Mailbox', { Identity: bo }),
    'mailboxDeleted',
    'notable',
    'adele@contoso.example deleted the mailbox of bo@contoso.example',
  ],
  [
    cmdlet('Disable-Mailbox', { Identity: `${hosted}/Bo` }, service),
    'mailboxDeleted',
    'routine',
    'Microsoft’s service Microsoft.Exchange.ServiceHost deleted the mailbox of Bo',
  ],
  [
    cmdlet('Set-CASMailbox', {
      Identity: bo,
      ImapEnabled: 'True',
      SmtpClientAuthenticationDisabled: 'False',
    }),
    'oldProtocolsAllowed',
    'notable',
    'adele@contoso.example allowed IMAP and authenticated SMTP for the mailbox of bo@contoso.example',
  ],
  [
    cmdlet('Set-CASMailbox', { Identity: bo, ImapEnabled: 'False' }),
    'mailboxProtocolsChanged',
    'routine',
    'adele@contoso.example changed the setting ImapEnabled of the mailbox of bo@contoso.example',
  ],
  [
    cmdlet('Set-MailboxAutoReplyConfiguration', { Identity: bo, AutoReplyState: 'Enabled' }),
    'automaticRepliesChanged',
    'routine',
    'adele@contoso.example changed the automatic replies of the mailbox of bo@contoso.example',
  ],
  [
    cmdlet('Set-MailboxJunkEmailConfiguration', { Identity: bo, Enabled: 'False' }),
    'junkSettingsChanged',
    'routine',
    'adele@contoso.example changed the junk email settings of the mailbox of bo@contoso.example',
  ],
  [
    cmdlet('Set-CalendarProcessing', { Identity: bo, AutomateProcessing: 'AutoAccept' }),
    'calendarProcessingChanged',
    'routine',
    'adele@contoso.example changed the processing of meeting requests in the mailbox of bo@contoso.example',
  ],
  [
    cmdlet('Set-MailboxPlan', { Identity: `${hosted}/Plan`, IssueWarningQuota: '49 GB' }, service),
    'exchangeObjectChanged',
    'routine',
    'Microsoft’s service Microsoft.Exchange.ServiceHost changed the setting IssueWarningQuota of the mailbox plan Plan',
  ],

  // Folders
  [
    folderRights('Everyone', 'ReadAny, Visible', '\\Inbox'),
    'folderOpened',
    'high',
    'adele@contoso.example opened the folder \\Inbox in the mailbox of dir@contoso.example to everyone in the organization with the rights ReadAny, Visible',
  ],
  [
    folderRights('Default', 'ReadAny', '\\Calendar'),
    'folderOpened',
    'notable',
    'adele@contoso.example opened the folder \\Calendar in the mailbox of dir@contoso.example to everyone in the organization with the rights ReadAny',
  ],
  [
    folderRights('Anonymous', 'ReadAny', '\\Calendar'),
    'folderOpened',
    'high',
    'adele@contoso.example opened the folder \\Calendar in the mailbox of dir@contoso.example to anonymous people with the rights ReadAny',
  ],
  [
    folderRights('Everyone', 'FreeBusySimple', '\\Calendar'),
    'folderPermissionAdded',
    'notable',
    'adele@contoso.example gave everyone in the organization the rights FreeBusySimple to the folder \\Calendar in the mailbox of dir@contoso.example',
  ],
  [
    folderRights('Everyone', 'None', '\\Calendar'),
    'folderPermissionRemoved',
    'routine',
    'adele@contoso.example revoked all rights to the folder \\Calendar in the mailbox of dir@contoso.example from everyone in the organization',
  ],
  [
    cmdlet('Add-MailboxFolderPermission', {
      Identity: `${adele}:\\Calendar`,
      User: bo,
      AccessRights: 'Reviewer',
    }),
    'folderPermissionAdded',
    'routine',
    'adele@contoso.example gave bo@contoso.example the rights Reviewer to the folder \\Calendar in their own mailbox',
  ],
  [
    cmdlet('Remove-MailboxFolderPermission', { Identity: `${director}:\\Inbox`, User: bo }),
    'folderPermissionRemoved',
    'routine',
    'adele@contoso.example revoked all rights to the folder \\Inbox in the mailbox of dir@contoso.example from bo@contoso.example',
  ],
  [
    inMailbox('UpdateCalendarDelegation'),
    'calendarDelegationChanged',
    'notable',
    'adele@contoso.example changed the calendar delegates of the mailbox of dir@contoso.example',
  ],

  // Inbox rules
  [
    cmdlet(
      'New-InboxRule',
      { Name: 'Copies', ForwardTo: `"Dir" [SMTP:${outside}]` },
      { ObjectId: 'dir\\Copies' },
    ),
    'inboxRuleForwarding',
    'high',
    'adele@contoso.example created the inbox rule “Copies” in the mailbox of dir, which forwards messages to dir@adatum.example',
  ],
  [
    cmdlet(
      'Set-InboxRule',
      { Name: 'Copies', RedirectTo: bo, SubjectContainsWords: 'plan;budget' },
      { ObjectId: 'dir\\Copies' },
    ),
    'inboxRuleForwarding',
    'notable',
    'adele@contoso.example changed the inbox rule “Copies” in the mailbox of dir, which forwards messages that contain “plan” and “budget” to bo@contoso.example',
  ],
  [
    cmdlet(
      'New-InboxRule',
      { Name: '.', DeleteMessage: 'True', From: outside, SubjectOrBodyContainsWords: 'password' },
      { ObjectId: `${hosted}/Director\\.` },
    ),
    'inboxRuleHiding',
    'high',
    'adele@contoso.example created the inbox rule “.” in the mailbox of Director, which deletes messages from dir@adatum.example that contain “password”',
  ],
  [
    cmdlet(
      'New-InboxRule',
      { Name: 'x', MoveToFolder: 'RSS Feeds', MarkAsRead: 'True' },
      { ObjectId: 'dir\\x' },
    ),
    'inboxRuleHiding',
    'high',
    'adele@contoso.example created the inbox rule “x” in the mailbox of dir, which moves messages to RSS Feeds and marks them as read',
  ],
  [
    cmdlet(
      'New-InboxRule',
      { Name: 'x', MoveToFolder: 'Later', BodyContainsWords: 'invoice' },
      { ObjectId: 'dir\\x' },
    ),
    'inboxRuleHiding',
    'high',
    'adele@contoso.example created the inbox rule “x” in the mailbox of dir, which moves messages that contain “invoice” to Later',
  ],
  [
    cmdlet(
      'New-InboxRule',
      { Name: 'Newsletters', MoveToFolder: 'Reading', From: 'news@adatum.example' },
      { ObjectId: 'dir\\Newsletters' },
    ),
    'inboxRuleCreated',
    'routine',
    'adele@contoso.example created the inbox rule “Newsletters” in the mailbox of dir, which moves messages from news@adatum.example to Reading',
  ],
  [
    cmdlet('New-InboxRule', { Name: '..', StopProcessingRules: 'True' }, { ObjectId: 'dir\\..' }),
    'inboxRuleCreated',
    'notable',
    'adele@contoso.example created the inbox rule “..” in the mailbox of dir',
  ],
  [
    cmdlet(
      'Set-InboxRule',
      { Identity: 'Newsletters', MarkAsRead: 'True' },
      { ObjectId: 'dir\\Newsletters' },
    ),
    'inboxRuleChanged',
    'routine',
    'adele@contoso.example changed the inbox rule “Newsletters” in the mailbox of dir, which marks messages as read',
  ],
  [
    cmdlet('Remove-InboxRule', { Identity: 'Newsletters' }, { ObjectId: 'dir\\Newsletters' }),
    'inboxRuleRemoved',
    'routine',
    'adele@contoso.example deleted the inbox rule “Newsletters” in the mailbox of dir',
  ],
  [
    cmdlet('Enable-InboxRule', { Identity: 'Newsletters' }, { ObjectId: 'dir\\Newsletters' }),
    'inboxRuleEnabled',
    'routine',
    'adele@contoso.example turned on the inbox rule “Newsletters” in the mailbox of dir',
  ],
  [
    cmdlet('Disable-InboxRule', { Identity: 'Newsletters' }, { ObjectId: 'dir\\Newsletters' }),
    'inboxRuleDisabled',
    'routine',
    'adele@contoso.example turned off the inbox rule “Newsletters” in the mailbox of dir',
  ],
  [
    outlookRule('AddMailboxRule', 'Copies', [{ ActionType: 'Forward', Recipients: [outside, bo] }]),
    'inboxRuleForwarding',
    'high',
    'adele@contoso.example created the inbox rule “Copies” in the mailbox of dir@contoso.example, which forwards messages to dir@adatum.example and bo@contoso.example',
  ],
  [
    outlookRule('ModifyMailboxRule', 'Tidy', [{ ActionType: 'Delete' }]),
    'inboxRuleHiding',
    'high',
    'adele@contoso.example changed the inbox rule “Tidy” in the mailbox of dir@contoso.example, which deletes messages',
  ],
  [
    outlookRule('AddMailboxRule', 'Tidy', [{ ActionType: 'AssignCategories' }]),
    'inboxRuleCreated',
    'routine',
    'adele@contoso.example created the inbox rule “Tidy” in the mailbox of dir@contoso.example',
  ],
  [
    outlookRule('ModifyMailboxRule', '', [{ ActionType: 'AssignCategories' }]),
    'inboxRuleChanged',
    'routine',
    'adele@contoso.example changed the inbox rule without a name in the mailbox of dir@contoso.example',
  ],
  [
    outlookRule('RemoveMailboxRule', 'Tidy', []),
    'inboxRuleRemoved',
    'routine',
    'adele@contoso.example deleted the inbox rule “Tidy” in the mailbox of dir@contoso.example',
  ],

  // Email of the organization
  [
    cmdlet('New-TransportRule', {
      Name: 'Copy',
      BlindCopyTo: outside,
      SubjectOrBodyContainsWords: 'invoice',
    }),
    'transportRuleForwarding',
    'high',
    'adele@contoso.example created the transport rule “Copy”, which sends copies of messages that contain “invoice” to dir@adatum.example',
  ],
  [
    cmdlet('Set-TransportRule', { Identity: 'Copy', RedirectMessageTo: bo }),
    'transportRuleForwarding',
    'notable',
    'adele@contoso.example changed the transport rule “Copy”, which redirects messages to bo@contoso.example',
  ],
  [
    cmdlet('New-TransportRule', { Name: 'Partner', SetSCL: '-1' }),
    'transportRuleBypassingFilter',
    'high',
    'adele@contoso.example created the transport rule “Partner”, which lets messages bypass the spam filter',
  ],
  [
    cmdlet('New-TransportRule', { Name: 'Disclaimer', ApplyHtmlDisclaimerText: 'Hello' }),
    'transportRuleCreated',
    'notable',
    'adele@contoso.example created the transport rule “Disclaimer”',
  ],
  [
    cmdlet('Set-TransportRule', { Identity: 'Disclaimer', Priority: '3' }),
    'transportRuleChanged',
    'notable',
    'adele@contoso.example changed the transport rule “Disclaimer”',
  ],
  [
    cmdlet('Remove-TransportRule', { Identity: 'Disclaimer' }),
    'transportRuleRemoved',
    'notable',
    'adele@contoso.example deleted the transport rule “Disclaimer”',
  ],
  [
    cmdlet('Enable-TransportRule', { Identity: 'Disclaimer' }),
    'transportRuleEnabled',
    'notable',
    'adele@contoso.example turned on the transport rule “Disclaimer”',
  ],
  [
    cmdlet('Disable-TransportRule', { Identity: 'Disclaimer' }),
    'transportRuleDisabled',
    'notable',
    'adele@contoso.example turned off the transport rule “Disclaimer”',
  ],
  [
    cmdlet('New-JournalRule', { Name: 'Archive', JournalEmailAddress: outside }),
    'journalingSet',
    'high',
    'adele@contoso.example created the journal rule “Archive”, which sends copies of messages to dir@adatum.example',
  ],
  [
    cmdlet('Set-JournalRule', { Identity: 'Archive', Scope: 'Global' }),
    'other',
    'routine',
    'adele@contoso.example ran Set-JournalRule on Archive',
  ],
  [
    cmdlet('Set-RemoteDomain', { Identity: 'Default', AutoForwardEnabled: 'True' }),
    'autoForwardingAllowed',
    'high',
    'adele@contoso.example allowed automatic forwarding of email to other organizations with “Default”',
  ],
  [
    cmdlet('Set-RemoteDomain', { Identity: 'Default', AutoForwardEnabled: 'False' }),
    'other',
    'routine',
    'adele@contoso.example ran Set-RemoteDomain on Default',
  ],
  [
    cmdlet('Set-HostedOutboundSpamFilterPolicy', { Identity: 'Default', AutoForwardingMode: 'On' }),
    'autoForwardingAllowed',
    'high',
    'adele@contoso.example allowed automatic forwarding of email to other organizations with “Default”',
  ],
  [
    cmdlet('New-InboundConnector', { Name: 'Scanner' }),
    'connectorChanged',
    'notable',
    'adele@contoso.example created the inbound connector “Scanner”',
  ],
  [
    cmdlet('New-AcceptedDomain', { Name: 'adatum.example' }),
    'acceptedDomainChanged',
    'notable',
    'adele@contoso.example created the accepted domain “adatum.example”',
  ],

  // Protection
  [
    cmdlet('Remove-AntiPhishPolicy', { Identity: 'Strict' }),
    'protectionRemoved',
    'high',
    'adele@contoso.example deleted the anti-phishing policy “Strict”',
  ],
  [
    cmdlet('Disable-SafeLinksRule', { Identity: 'Strict' }),
    'protectionRemoved',
    'high',
    'adele@contoso.example turned off the Safe Links rule “Strict”',
  ],
  [
    cmdlet('Set-HostedContentFilterPolicy', { Identity: 'Default', AllowedSenderDomains: 'adatum.example' }),
    'filterExceptionAdded',
    'notable',
    'adele@contoso.example excepted adatum.example from filtering with the spam filter policy “Default”',
  ],
  [
    cmdlet('Set-HostedContentFilterPolicy', { Identity: 'Default', BulkThreshold: '6' }),
    'protectionChanged',
    'notable',
    'adele@contoso.example changed the spam filter policy “Default”',
  ],
  [
    cmdlet('New-MalwareFilterPolicy', { Name: 'Strict' }),
    'protectionAdded',
    'routine',
    'adele@contoso.example created the malware filter policy “Strict”',
  ],
  [
    cmdlet('Set-DkimSigningConfig', { Identity: 'contoso.example', Enabled: 'False' }),
    'dkimDisabled',
    'high',
    'adele@contoso.example turned off DKIM signing for “contoso.example”',
  ],
  [
    cmdlet('Set-DkimSigningConfig', { Identity: 'contoso.example', Enabled: 'True' }),
    'other',
    'routine',
    'adele@contoso.example ran Set-DkimSigningConfig on contoso.example',
  ],
  [
    cmdlet('New-TenantAllowBlockListItems', { Allow: 'True', Entries: 'adatum.example' }),
    'senderAllowed',
    'notable',
    'adele@contoso.example allowed adatum.example in the Tenant Allow/Block List',
  ],
  [
    cmdlet('New-TenantAllowBlockListItems', { Block: 'True', Entries: 'adatum.example' }),
    'senderBlocked',
    'routine',
    'adele@contoso.example blocked adatum.example in the Tenant Allow/Block List',
  ],
  [
    cmdlet('Release-QuarantineMessage', { Identity: 'id' }),
    'quarantineReleased',
    'notable',
    'adele@contoso.example released a message from quarantine',
  ],
  [
    recordOf('Exchange', 'QuarantineDelete'),
    'quarantineDeleted',
    'routine',
    'adele@contoso.example deleted a message from quarantine',
  ],

  // Items
  [
    inMailbox('MailItemsAccessed', {
      OperationProperties: [{ Name: 'MailAccessType', Value: 'Bind' }],
      Folders: [{ Path: '\\Inbox', FolderItems: [{}, {}] }],
    }),
    'mailRead',
    'notable',
    'adele@contoso.example read 2 messages in the folder \\Inbox of the mailbox of dir@contoso.example',
  ],
  [
    inMailbox('MailItemsAccessed', {
      MailboxOwnerUPN: adele,
      OperationCount: 1,
      Folders: [{ Path: '\\Inbox' }],
    }),
    'mailRead',
    'routine',
    'adele@contoso.example read 1 message in the folder \\Inbox of their own mailbox',
  ],
  [
    inMailbox('MailItemsAccessed', {
      OperationProperties: [{ Name: 'MailAccessType', Value: 'Sync' }],
      Item: { ParentFolder: { Path: '\\Sent Items' } },
    }),
    'mailSynchronized',
    'notable',
    'adele@contoso.example synchronized the folder \\Sent Items of the mailbox of dir@contoso.example',
  ],
  [
    inMailbox('MailItemsAccessed', { OperationProperties: [{ Name: 'IsThrottled', Value: 'True' }] }),
    'mailReadThrottled',
    'notable',
    'adele@contoso.example read so many messages in the mailbox of dir@contoso.example that not all of them were recorded',
  ],
  [
    inMailbox('AttachmentAccess', { MailboxOwnerUPN: adele }),
    'attachmentRead',
    'routine',
    'adele@contoso.example opened an attachment in their own mailbox',
  ],
  [
    inMailbox('FolderBind', { Item: { ParentFolder: { Path: '\\Inbox' } } }),
    'folderRead',
    'notable',
    'adele@contoso.example opened the folder \\Inbox of the mailbox of dir@contoso.example',
  ],
  [
    inMailbox('Send', { MailboxOwnerUPN: adele, Item: { Subject: 'Plan' } }),
    'messageSent',
    'routine',
    'adele@contoso.example sent “Plan” from their own mailbox',
  ],
  [
    inMailbox('SendAs', { Item: { Subject: 'Plan' } }),
    'messageSentAs',
    'notable',
    'adele@contoso.example sent “Plan” as dir@contoso.example',
  ],
  [
    inMailbox('SendOnBehalf', { Item: { Subject: 'Plan' } }),
    'messageSentOnBehalf',
    'routine',
    'adele@contoso.example sent “Plan” on behalf of dir@contoso.example',
  ],
  [
    inMailbox('HardDelete', {
      AffectedItems: [{ Subject: 'A' }, { Subject: 'B' }],
      Folder: { Path: '\\Inbox' },
    }),
    'itemDeletedForGood',
    'notable',
    'adele@contoso.example permanently deleted 2 items from the folder \\Inbox of the mailbox of dir@contoso.example',
  ],
  [
    inMailbox('SoftDelete', {
      MailboxOwnerUPN: adele,
      AffectedItems: [{ Subject: 'Plan' }],
      Folder: { Path: '\\Inbox' },
    }),
    'itemDeleted',
    'routine',
    'adele@contoso.example deleted “Plan” from the folder \\Inbox of their own mailbox',
  ],
  [
    inMailbox('Move', {
      AffectedItems: [{ Subject: 'Plan' }],
      Folder: { Path: '\\Inbox' },
      DestFolder: { Path: '\\Archive' },
    }),
    'itemMoved',
    'notable',
    'adele@contoso.example moved “Plan” from the folder \\Inbox of the mailbox of dir@contoso.example to \\Archive',
  ],
  [
    inMailbox('Copy', {
      AffectedItems: [{ Subject: 'Plan' }],
      Folder: { Path: '\\Inbox' },
      DestFolder: { Path: '\\Archive' },
    }),
    'itemCopied',
    'notable',
    'adele@contoso.example copied “Plan” from the folder \\Inbox of the mailbox of dir@contoso.example to \\Archive',
  ],
  [
    inMailbox('Create', {
      MailboxOwnerUPN: adele,
      Item: { Subject: 'Plan', ParentFolder: { Path: '\\Calendar' } },
    }),
    'itemCreated',
    'routine',
    'adele@contoso.example created “Plan” in the folder \\Calendar of their own mailbox',
  ],
  [
    recordOf('Planner', 'Create', { ObjectId: 'plan' }),
    'other',
    'routine',
    'adele@contoso.example performed “Create” on plan in Planner',
  ],
  [
    inMailbox('Update', {
      MailboxOwnerUPN: adele,
      Item: { Subject: 'Plan', ParentFolder: { Path: '\\Inbox' } },
    }),
    'itemChanged',
    'routine',
    'adele@contoso.example changed “Plan” in the folder \\Inbox of their own mailbox',
  ],
  [
    recordOf('Planner', 'Update', { ObjectId: 'plan' }),
    'other',
    'routine',
    'adele@contoso.example performed “Update” on plan in Planner',
  ],
];

/** SharePoint, OneDrive, Teams, Purview, Defender, and the Power Platform. */
import { adele, bo, cmdlet, recordOf, type Fields, type Row } from '../described.ts';

const site = 'https://contoso.sharepoint.com/sites/Sales';
const file = (Operation: string, more: Fields = {}): Fields =>
  recordOf('SharePoint', Operation, {
    ...{ ObjectId: `${site}/Docs/Plan.docx`, SourceFileName: 'Plan.docx', SiteUrl: site },
    ...more,
  });
const share = (Operation: string, target: string, more: Fields = {}): Fields =>
  file(Operation, { TargetUserOrGroupName: target, ...more });
const ofSite = (Operation: string, more: Fields = {}): Fields =>
  recordOf('SharePoint', Operation, { ObjectId: site, ...more });
const compliance = (Operation: string, line: string, more: Fields = {}): Fields =>
  recordOf('SecurityComplianceCenter', Operation, { Parameters: line, ...more });
const dlp = (Operation: string, severity: string, more: Fields = {}): Fields =>
  recordOf('Exchange', Operation, {
    ...{ PolicyDetails: [{ PolicyName: 'Card numbers', Rules: [{ Severity: severity }] }] },
    ...{ ExchangeMetaData: { Subject: 'Order', From: bo } },
    ...more,
  });
const team = (Operation: string, more: Fields = {}): Fields =>
  recordOf('MicrosoftTeams', Operation, { TeamName: 'Sales', ChannelName: 'General', ...more });
const members = (...names: readonly string[]) => ({ Members: names.map((UPN) => ({ UPN })) });
const power = (Operation: string, more: Fields = {}): Fields => recordOf('PowerPlatform', Operation, more);
const guest = 'ada_fabrikam.example#ext#@contoso.example';

export const contentRows: readonly Row[] = [
  // Files
  [
    file('FileAccessed'),
    'fileRead',
    'routine',
    'adele@contoso.example opened the file “Plan.docx” in https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    file('FileDownloaded', { UserId: 'urn:spo:guest#ada@fabrikam.example' }),
    'fileDownloaded',
    'routine',
    'The guest ada@fabrikam.example downloaded the file “Plan.docx” from https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    file('FileSyncDownloadedFull'),
    'fileSynchronized',
    'routine',
    'adele@contoso.example synchronized the file “Plan.docx” to a device from https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    file('FileUploaded'),
    'fileUploaded',
    'routine',
    'adele@contoso.example uploaded the file “Plan.docx” to https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    file('FileModified'),
    'fileChanged',
    'routine',
    'adele@contoso.example changed the file “Plan.docx” in https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    file('FileDeleted'),
    'fileDeleted',
    'routine',
    'adele@contoso.example deleted the file “Plan.docx” from https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    file('FileRecycled'),
    'fileRecycled',
    'routine',
    'adele@contoso.example moved the file “Plan.docx” to the recycle bin of https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    file('FileDeletedSecondStageRecycleBin'),
    'fileDeletedForGood',
    'routine',
    'adele@contoso.example deleted the file “Plan.docx” from the recycle bin of https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    file('FileVersionsAllDeleted'),
    'fileVersionsDeleted',
    'notable',
    'adele@contoso.example deleted versions of the file “Plan.docx” in https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    file('FileRestored'),
    'fileRestored',
    'routine',
    'adele@contoso.example restored the file “Plan.docx” in https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    file('FileRenamed', { DestinationFileName: 'Budget.docx' }),
    'fileRenamed',
    'routine',
    'adele@contoso.example renamed the file “Plan.docx” to “Budget.docx” in https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    file('FileMoved', { DestinationRelativeUrl: 'Docs/Old' }),
    'fileMoved',
    'routine',
    'adele@contoso.example moved the file “Plan.docx” to Docs/Old in https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    file('FileCopied', { DestinationRelativeUrl: 'Docs/Old' }),
    'fileCopied',
    'routine',
    'adele@contoso.example copied the file “Plan.docx” to Docs/Old in https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    file('FileMalwareDetected'),
    'malwareFound',
    'high',
    'Malware was found in the file “Plan.docx” in https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    file('FolderCreated', { SourceFileName: 'Docs' }),
    'folderCreated',
    'routine',
    'adele@contoso.example created the folder “Docs” in https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    file('FolderModified', { SourceFileName: 'Docs' }),
    'folderChanged',
    'routine',
    'adele@contoso.example changed the folder “Docs” in https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    file('FolderRecycled', { SourceFileName: 'Docs' }),
    'folderDeleted',
    'routine',
    'adele@contoso.example deleted the folder “Docs” from https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    ofSite('PageViewed', { ObjectId: `${site}/Home.aspx` }),
    'pageViewed',
    'routine',
    'adele@contoso.example viewed the page “Home.aspx” in https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    ofSite('ListViewed', { ObjectId: `${site}/Tasks` }),
    'listViewed',
    'routine',
    'adele@contoso.example viewed the list “Tasks” in https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    ofSite('ListUpdated', { ObjectId: `${site}/Tasks` }),
    'listChanged',
    'routine',
    'adele@contoso.example changed the list “Tasks” in https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    ofSite('ListDeleted', { ObjectId: `${site}/Tasks` }),
    'listDeleted',
    'routine',
    'adele@contoso.example deleted the list “Tasks” from https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    ofSite('ListItemViewed', { ObjectId: `${site}/Tasks/3_.000` }),
    'listItemViewed',
    'routine',
    'adele@contoso.example viewed the list item “3_.000” in https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    ofSite('ListItemUpdated', { ObjectId: `${site}/Tasks/3_.000` }),
    'listItemChanged',
    'routine',
    'adele@contoso.example changed the list item “3_.000” in https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    ofSite('ListItemDeleted', { ObjectId: `${site}/Tasks/3_.000` }),
    'listItemDeleted',
    'routine',
    'adele@contoso.example deleted the list item “3_.000” from https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    ofSite('SearchQueryPerformed', { SearchQueryText: 'salary' }),
    'siteSearched',
    'routine',
    'adele@contoso.example searched SharePoint for “salary”',
  ],

  // Sharing
  [
    share('SharingSet', 'SharingLinks.0f6c.AnonymousEdit.1a2b', {
      EventData: '<Permissions granted>Contribute</Permissions granted>',
    }),
    'sharingOpened',
    'notable',
    'adele@contoso.example gave anyone who has a link the rights Contribute to “Plan.docx” in https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    share('SharingSet', 'Everyone'),
    'sharingOpened',
    'notable',
    'adele@contoso.example shared “Plan.docx” in https://contoso.sharepoint.com/sites/Sales with Everyone',
  ],
  [
    share('SharingSet', 'SharingLinks.0f6c.OrganizationView.1a2b'),
    'shared',
    'routine',
    'adele@contoso.example shared “Plan.docx” in https://contoso.sharepoint.com/sites/Sales with everyone in the organization who has a link',
  ],
  [
    share('SharingSet', guest, { TargetUserOrGroupType: 'Guest' }),
    'sharedWithGuest',
    'notable',
    'adele@contoso.example shared “Plan.docx” in https://contoso.sharepoint.com/sites/Sales with the guest ada@fabrikam.example',
  ],
  [
    share('AddedToSecureLink', bo, { TargetUserOrGroupType: 'Member' }),
    'shared',
    'routine',
    'adele@contoso.example shared “Plan.docx” in https://contoso.sharepoint.com/sites/Sales with bo@contoso.example',
  ],
  [
    file('AnonymousLinkCreated'),
    'anonymousLinkCreated',
    'notable',
    'adele@contoso.example created a link with which anyone can open “Plan.docx” in https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    file('AnonymousLinkUpdated'),
    'anonymousLinkChanged',
    'notable',
    'adele@contoso.example changed the link with which anyone can open “Plan.docx” in https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    file('AnonymousLinkUsed', { UserId: 'urn:spo:anon#0f6c' }),
    'anonymousLinkUsed',
    'notable',
    'An anonymous visitor opened “Plan.docx” in https://contoso.sharepoint.com/sites/Sales with a link that anyone can use',
  ],
  [
    file('AnonymousLinkRemoved'),
    'anonymousLinkRemoved',
    'routine',
    'adele@contoso.example removed the link with which anyone could open “Plan.docx” in https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    file('CompanyLinkCreated'),
    'linkCreated',
    'routine',
    'adele@contoso.example created a sharing link to “Plan.docx” in https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    file('CompanyLinkRemoved'),
    'linkRemoved',
    'routine',
    'adele@contoso.example removed a sharing link to “Plan.docx” in https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    share('SharingRevoked', bo),
    'sharingRevoked',
    'routine',
    'adele@contoso.example stopped sharing “Plan.docx” in https://contoso.sharepoint.com/sites/Sales with bo@contoso.example',
  ],
  [
    file('SharingInheritanceBroken'),
    'sharingInheritanceBroken',
    'routine',
    'adele@contoso.example gave “Plan.docx” in https://contoso.sharepoint.com/sites/Sales permissions of its own',
  ],
  [
    ofSite('SharingPolicyChanged', {
      ModifiedProperties: [{ Name: 'ShareWithGuests', OldValue: 'Disabled', NewValue: 'Enabled' }],
    }),
    'sharingPolicyWidened',
    'high',
    'adele@contoso.example widened the sharing policy of https://contoso.sharepoint.com/sites/Sales',
    [{ what: 'ShareWithGuests', from: 'Disabled', to: 'Enabled' }],
  ],
  [
    ofSite('SharingPolicyChanged', {
      ModifiedProperties: [{ Name: 'ShareWithGuests', OldValue: 'Enabled', NewValue: 'Disabled' }],
    }),
    'sharingPolicyChanged',
    'notable',
    'adele@contoso.example changed the sharing policy of https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    ofSite('SiteCollectionAdminAdded', { TargetUserOrGroupName: adele }),
    'siteAdminAdded',
    'high',
    'adele@contoso.example made themselves an administrator of https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    ofSite('SiteCollectionAdminAdded', {
      TargetUserOrGroupName: 'Sales Owners',
      UserId: 'Microsoft\\ServiceOperator',
    }),
    'siteAdminAdded',
    'routine',
    'Microsoft\\ServiceOperator made Sales Owners an administrator of https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    ofSite('SiteCollectionAdminRemoved', { TargetUserOrGroupName: bo }),
    'siteAdminRemoved',
    'routine',
    'adele@contoso.example removed bo@contoso.example as an administrator of https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    ofSite('AddedToGroup', { TargetUserOrGroupName: bo, EventData: '<Group>Sales Owners</Group>' }),
    'siteGroupMemberAdded',
    'routine',
    'adele@contoso.example added bo@contoso.example to the site group Sales Owners of https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    ofSite('RemovedFromGroup', { TargetUserOrGroupName: bo, EventData: '<Group>Sales Owners</Group>' }),
    'siteGroupMemberRemoved',
    'routine',
    'adele@contoso.example removed bo@contoso.example from the site group Sales Owners of https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    ofSite('GroupAdded'),
    'siteGroupChanged',
    'routine',
    'adele@contoso.example changed the groups of https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    ofSite('PermissionLevelAdded'),
    'permissionLevelChanged',
    'routine',
    'adele@contoso.example changed the permission levels of https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    ofSite('SiteCollectionCreated'),
    'siteCreated',
    'routine',
    'adele@contoso.example created the site https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    ofSite('SiteDeleted'),
    'siteDeleted',
    'notable',
    'adele@contoso.example deleted the site https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    ofSite('SiteCollectionQuotaModified'),
    'siteQuotaChanged',
    'routine',
    'adele@contoso.example changed the storage quota of https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    ofSite('DeviceAccessPolicyChanged'),
    'deviceAccessChanged',
    'notable',
    'adele@contoso.example changed which devices may use SharePoint',
  ],

  // eDiscovery
  [
    compliance('SearchCreated', '', { ObjectId: 'Case 7' }),
    'eDiscoverySearchCreated',
    'notable',
    'adele@contoso.example created the eDiscovery search “Case 7”',
  ],
  [
    compliance('Set-ComplianceSearch', '-Identity "Case 7"'),
    'eDiscoverySearchChanged',
    'notable',
    'adele@contoso.example changed the eDiscovery search “Case 7”',
  ],
  [
    compliance('Start-ComplianceSearch', '-Identity "Case 7"'),
    'eDiscoverySearchStarted',
    'notable',
    'adele@contoso.example started the eDiscovery search “Case 7”',
  ],
  [
    compliance('SearchRemoved', '', { ObjectId: 'Case 7' }),
    'eDiscoverySearchRemoved',
    'routine',
    'adele@contoso.example deleted the eDiscovery search “Case 7”',
  ],
  [
    compliance('New-ComplianceSearchAction', '-SearchName "Case 7" -Export'),
    'eDiscoveryExport',
    'high',
    'adele@contoso.example exported the results of the eDiscovery search “Case 7”',
  ],
  [
    compliance('SearchExportDownloaded', '', { ObjectId: 'Case 7' }),
    'eDiscoveryExport',
    'high',
    'adele@contoso.example exported the results of the eDiscovery search “Case 7”',
  ],
  [
    compliance('New-ComplianceSearchAction', '-SearchName "Case 7" -Purge -PurgeType HardDelete'),
    'contentPurged',
    'high',
    'adele@contoso.example deleted the messages found by the eDiscovery search “Case 7”',
  ],
  [
    compliance('New-ComplianceSearchAction', '-SearchName "Case 7" -Preview'),
    'eDiscoveryPreview',
    'notable',
    'adele@contoso.example previewed the results of the eDiscovery search “Case 7”',
  ],
  [
    compliance('CaseAdded', '', { Case: 'Leaver' }),
    'eDiscoveryCaseCreated',
    'notable',
    'adele@contoso.example created the eDiscovery case “Leaver”',
  ],
  [
    compliance('CaseRemoved', '', { Case: 'Leaver' }),
    'eDiscoveryCaseRemoved',
    'notable',
    'adele@contoso.example deleted the eDiscovery case “Leaver”',
  ],
  [
    compliance('Add-ComplianceCaseMember', `-Case Leaver -Member ${adele}`),
    'eDiscoveryMemberAdded',
    'notable',
    'adele@contoso.example added themselves to the eDiscovery case “Leaver”',
  ],
  [
    compliance('Add-eDiscoveryCaseAdmin', `-User ${bo}`),
    'eDiscoveryAdminAdded',
    'high',
    'adele@contoso.example made bo@contoso.example an administrator of all eDiscovery cases',
  ],
  [
    compliance('New-CaseHoldPolicy', '-Name Leaver'),
    'holdCreated',
    'notable',
    'adele@contoso.example created the hold “Leaver”',
  ],
  [
    compliance('Set-CaseHoldPolicy', '-Identity Leaver'),
    'holdChanged',
    'notable',
    'adele@contoso.example changed the hold “Leaver”',
  ],
  [
    compliance('Remove-CaseHoldPolicy', '-Identity Leaver'),
    'holdRemoved',
    'high',
    'adele@contoso.example removed the hold “Leaver”',
  ],
  [
    cmdlet('Search-Mailbox', { Identity: bo, DeleteContent: 'True' }, { MailboxOwnerUPN: bo }),
    'mailboxContentPurged',
    'high',
    'adele@contoso.example searched and deleted messages in the mailbox of bo@contoso.example',
  ],
  [
    cmdlet('Search-Mailbox', { Identity: bo, SearchQuery: 'x' }, { MailboxOwnerUPN: bo }),
    'mailboxSearched',
    'notable',
    'adele@contoso.example searched the mailbox of bo@contoso.example',
  ],
  [
    compliance('AuditSearchCreated', ''),
    'auditLogSearched',
    'routine',
    'adele@contoso.example searched the audit log',
  ],

  // Data protection
  [
    compliance('Remove-RetentionCompliancePolicy', '-Identity "Seven years"'),
    'retentionRemoved',
    'high',
    'adele@contoso.example deleted the retention policy “Seven years”',
  ],
  [
    compliance('Set-RetentionCompliancePolicy', '-Identity "Seven years" -Enabled $false'),
    'retentionRemoved',
    'high',
    'adele@contoso.example turned off the retention policy “Seven years”',
  ],
  [
    compliance('Set-RetentionCompliancePolicy', '-Identity "Seven years" -Comment x'),
    'retentionChanged',
    'notable',
    'adele@contoso.example changed the retention policy “Seven years”',
  ],
  [
    compliance('New-RetentionCompliancePolicy', '-Name "Seven years"'),
    'retentionAdded',
    'routine',
    'adele@contoso.example created the retention policy “Seven years”',
  ],
  [
    compliance('Set-DlpCompliancePolicy', '-Identity Cards -Mode Disable'),
    'dlpRemoved',
    'high',
    'adele@contoso.example turned off the data loss prevention policy “Cards”',
  ],
  [
    compliance('Set-DlpCompliancePolicy', '-Identity Cards -Mode Enable'),
    'dlpChanged',
    'notable',
    'adele@contoso.example changed the data loss prevention policy “Cards”',
  ],
  [
    compliance('New-DlpComplianceRule', '-Name Cards'),
    'dlpAdded',
    'routine',
    'adele@contoso.example created the data loss prevention rule “Cards”',
  ],
  [
    compliance('Remove-Label', '-Identity Secret'),
    'labelDefinitionChanged',
    'notable',
    'adele@contoso.example deleted the sensitivity label “Secret”',
  ],
  [
    dlp('DLPRuleMatch', 'High'),
    'dlpMatched',
    'high',
    'The data loss prevention policy “Card numbers” matched the message “Order” of bo@contoso.example',
  ],
  [
    dlp('DlpRuleMatch', 'Low', { SharePointMetaData: { FileName: 'Cards.xlsx', From: bo } }),
    'dlpMatched',
    'notable',
    'The data loss prevention policy “Card numbers” matched the file “Cards.xlsx” of bo@contoso.example',
  ],
  [
    dlp('DlpRuleMatch', 'Low', { ExceptionInfo: { Justification: 'Customer needs it' } }),
    'dlpOverridden',
    'notable',
    'bo@contoso.example overrode the data loss prevention policy “Card numbers” for the message “Order”: “Customer needs it”',
  ],
  [
    dlp('DlpRuleUndo', 'Low', { ExceptionInfo: '{"Reason":"Override"}' }),
    'dlpOverridden',
    'notable',
    'bo@contoso.example overrode the data loss prevention policy “Card numbers” for the message “Order”: “Override”',
  ],
  [
    dlp('DlpRuleUndo', 'Low'),
    'dlpUndone',
    'notable',
    'The data loss prevention policy “Card numbers” no longer applies to the message “Order” of bo@contoso.example',
  ],
  [
    file('FileSensitivityLabelRemoved', { SensitivityLabelEventData: { SensitivityLabelId: 'Secret' } }),
    'labelRemoved',
    'notable',
    'adele@contoso.example removed the sensitivity label Secret from “Plan.docx” in https://contoso.sharepoint.com/sites/Sales',
  ],
  [
    file('FileSensitivityLabelApplied', { SensitivityLabelEventData: { SensitivityLabelId: 'Secret' } }),
    'labelChanged',
    'routine',
    'adele@contoso.example gave “Plan.docx” in https://contoso.sharepoint.com/sites/Sales the sensitivity label Secret',
  ],

  // Microsoft's protection
  [
    recordOf('SecurityComplianceCenter', 'AlertTriggered', {
      Name: 'Mass download',
      Severity: 'High',
      AlertEntityId: bo,
    }),
    'alertRaised',
    'high',
    'Microsoft raised the alert “Mass download” about bo@contoso.example',
  ],
  [
    recordOf('SecurityComplianceCenter', 'AlertEntityGenerated', {
      Name: 'New rule',
      Severity: 'Informational',
    }),
    'alertRaised',
    'routine',
    'Microsoft raised the alert “New rule”',
  ],
  [
    recordOf('SecurityComplianceCenter', 'AlertUpdated', { Name: 'New rule', Severity: 'High' }),
    'alertUpdated',
    'routine',
    'Microsoft updated the alert “New rule”',
  ],
  [
    recordOf('ThreatIntelligence', 'TIMailData', {
      Verdict: 'Phish',
      Subject: 'Parcel',
      P2Sender: 'post@adatum.example',
    }),
    'threatInMessage',
    'notable',
    'Microsoft classified the message “Parcel” from post@adatum.example as Phish',
  ],
  [
    recordOf('ThreatIntelligence', 'TIUrlClickData', { Url: 'https://adatum.example/x' }),
    'linkClicked',
    'notable',
    'adele@contoso.example clicked the link https://adatum.example/x, which Safe Links recorded',
  ],
  [
    recordOf('ThreatIntelligence', 'AtpDetection', { FileData: { FileName: 'Parcel.exe' } }),
    'threatInFile',
    'high',
    'Microsoft found malware in the file “Parcel.exe”',
  ],
  [
    recordOf('AirInvestigation', 'AirInvestigationData', {
      InvestigationName: 'Zapped links',
      Status: 'Remediated',
    }),
    'investigation',
    'notable',
    'Microsoft’s automated investigation Zapped links has the status Remediated',
  ],
  [
    recordOf('SecurityComplianceCenter', 'UserSubmission', { Subject: 'Parcel' }),
    'messageReported',
    'routine',
    'adele@contoso.example reported the message “Parcel” to Microsoft',
  ],

  // Teams
  [
    team('MemberAdded', members(guest)),
    'teamGuestAdded',
    'notable',
    'adele@contoso.example added ada@fabrikam.example to the team Sales as a guest',
  ],
  [
    team('MemberAdded', members(bo, adele)),
    'teamMemberAdded',
    'routine',
    'adele@contoso.example added bo@contoso.example and themselves to the team Sales',
  ],
  [
    team('MemberRemoved', members(bo)),
    'teamMemberRemoved',
    'routine',
    'adele@contoso.example removed bo@contoso.example from the team Sales',
  ],
  [
    team('MemberRoleChanged', members(bo)),
    'teamRoleChanged',
    'routine',
    'adele@contoso.example changed the role of bo@contoso.example in the team Sales',
  ],
  [team('TeamCreated'), 'teamCreated', 'routine', 'adele@contoso.example created the team Sales'],
  [team('TeamDeleted'), 'teamDeleted', 'notable', 'adele@contoso.example deleted the team Sales'],
  [
    team('TeamSettingChanged'),
    'teamSettingsChanged',
    'routine',
    'adele@contoso.example changed the settings of the team Sales',
  ],
  [
    team('ChannelAdded'),
    'channelAdded',
    'routine',
    'adele@contoso.example added the channel General in the team Sales',
  ],
  [
    team('ChannelSettingChanged'),
    'channelChanged',
    'routine',
    'adele@contoso.example changed the channel General in the team Sales',
  ],
  [
    team('ChannelDeleted'),
    'channelDeleted',
    'routine',
    'adele@contoso.example deleted the channel General in the team Sales',
  ],
  [
    team('TabAdded'),
    'tabAdded',
    'routine',
    'adele@contoso.example added a tab to the channel General in the team Sales',
  ],
  [
    team('AppInstalled', { AddOnName: 'Polls' }),
    'appInstalled',
    'routine',
    'adele@contoso.example added the app Polls to the team Sales',
  ],
  [
    team('ChatCreated', {
      ...members(adele, 'help@adatum.example'),
      ParticipantInfo: { HasForeignTenantUsers: true },
    }),
    'externalChat',
    'notable',
    'adele@contoso.example started a chat with people of another organization: help@adatum.example',
  ],
  [
    team('ChatCreated', { ...members(adele, bo), ParticipantInfo: { HasForeignTenantUsers: false } }),
    'chatCreated',
    'routine',
    'adele@contoso.example started a chat with bo@contoso.example',
  ],
  [team('TeamsSessionStarted'), 'teamsSession', 'routine', 'adele@contoso.example signed in to Teams'],
  [
    team('TeamsTenantSettingChanged', { Name: 'Allow guest access', NewValue: 'On' }),
    'teamsPolicyChanged',
    'notable',
    'adele@contoso.example changed the organization’s Teams setting “Allow guest access” to On',
  ],
  [
    cmdlet('Set-CsTenantFederationConfiguration', { AllowTeamsConsumer: 'True' }),
    'teamsFederationOpened',
    'notable',
    'adele@contoso.example allowed Teams chats with people of other organizations',
  ],
  [
    cmdlet('Set-CsTenantFederationConfiguration', { AllowTeamsConsumer: 'False' }),
    'teamsFederationChanged',
    'notable',
    'adele@contoso.example changed the Teams settings for people of other organizations',
  ],
  [
    recordOf('Copilot', 'CopilotInteraction', { CopilotEventData: { AppHost: 'Word' } }),
    'copilotUsed',
    'routine',
    'adele@contoso.example used Copilot in Word',
  ],
  [
    recordOf('Yammer', 'GroupCreation', { GroupName: 'Sales' }),
    'yammerGroupCreated',
    'routine',
    'adele@contoso.example created the Viva Engage group Sales',
  ],

  // Power Platform
  [
    power('ViewReport', { ReportName: 'Sales' }),
    'reportViewed',
    'routine',
    'adele@contoso.example viewed the report “Sales”',
  ],
  [
    power('ExportReport', { ReportName: 'Sales' }),
    'reportExported',
    'notable',
    'adele@contoso.example exported the report “Sales”',
  ],
  [
    power('ShareReport', { ReportName: 'Sales' }),
    'reportShared',
    'notable',
    'adele@contoso.example shared the report “Sales”',
  ],
  [
    power('PublishToWebReport', { ReportName: 'Sales' }),
    'reportPublished',
    'high',
    'adele@contoso.example published the report “Sales” for everyone on the web',
  ],
  [
    power('CreateArtifact', { ObjectDisplayName: 'Lake' }),
    'artifactCreated',
    'routine',
    'adele@contoso.example created the item “Lake”',
  ],
  [
    power('UpdatedAdminFeatureSwitch'),
    'powerBiSettingChanged',
    'notable',
    'adele@contoso.example changed a setting of the organization for Power BI',
  ],
  [
    power('CreateFlow', { ObjectId: 'flow 1' }),
    'flowCreated',
    'routine',
    'adele@contoso.example created the flow “flow 1”',
  ],
  [
    power('EditFlow', { ObjectId: 'flow 1' }),
    'flowChanged',
    'routine',
    'adele@contoso.example changed the flow “flow 1”',
  ],
  [
    power('DeleteFlow', { ObjectId: 'flow 1' }),
    'flowDeleted',
    'routine',
    'adele@contoso.example deleted the flow “flow 1”',
  ],
  [
    power('PutPermissions', { ObjectId: 'flow 1' }),
    'flowShared',
    'notable',
    'adele@contoso.example changed who may use or change the flow “flow 1”',
  ],
  [
    power('CreatePowerApp', { AppName: 'Visits' }),
    'powerAppCreated',
    'routine',
    'adele@contoso.example created the app “Visits”',
  ],
  [
    power('PublishPowerApp', { AppName: 'Visits' }),
    'powerAppPublished',
    'routine',
    'adele@contoso.example published the app “Visits”',
  ],
  [
    power('LaunchPowerApp', { AppName: 'Visits' }),
    'powerAppUsed',
    'routine',
    'adele@contoso.example opened the app “Visits”',
  ],
  [
    power('DeletePowerApp', { AppName: 'Visits' }),
    'powerAppDeleted',
    'routine',
    'adele@contoso.example deleted the app “Visits”',
  ],
  [
    power('EditPowerAppPermission', { AppName: 'Visits' }),
    'powerAppShared',
    'notable',
    'adele@contoso.example changed who may use the app “Visits”',
  ],
  [
    power('CreateDlpPolicy', { PolicyDisplayName: 'No social' }),
    'dataPolicyCreated',
    'notable',
    'adele@contoso.example created the data policy “No social”',
  ],
  [
    power('UpdateDlpPolicy', { PolicyDisplayName: 'No social' }),
    'dataPolicyChanged',
    'notable',
    'adele@contoso.example changed the data policy “No social”',
  ],
  [
    power('DeleteDlpPolicy', { PolicyDisplayName: 'No social' }),
    'dataPolicyDeleted',
    'high',
    'adele@contoso.example deleted the data policy “No social”',
  ],
];

import { several } from '../../../../support/detection/fired.ts';
import { cmdlet, directory, onDay, type Examples } from './example.ts';

const user = { UserId: 'ada@contoso.example', Workload: 'SharePoint' };
const files = (count: number, Operation: string) =>
  several(count, { ...user, Operation }, (at) => ({ ObjectId: `https://contoso.sharepoint.example/${at}` }));
const policy = (name: string, NewValue: string) => ({
  ...user,
  Operation: 'SharingPolicyChanged',
  ModifiedProperties: [{ Name: name, NewValue, OldValue: 'Disabled' }],
});
const chat = (DisplayName: string, HasForeignTenantUsers: boolean, CommunicationType = 'OneOnOne') => ({
  ...{ Operation: 'ChatCreated', UserId: 'help@fabrikam.example', CommunicationType },
  Members: [{ DisplayName }, { DisplayName: 'Ada' }],
  ParticipantInfo: { HasForeignTenantUsers },
});
const search = { Operation: 'SearchCreated', UserId: 'ada@contoso.example', ResultStatus: 'Success' };
const alert = (Severity: string) => ({
  ...{
    Operation: 'AlertTriggered',
    RecordType: 40,
    UserId: 'SecurityComplianceAlerts',
    ResultStatus: 'Succeeded',
  },
  ...{ AlertId: 'x', Severity },
});

export const contentExamples: Examples = {
  massDownload: {
    fires: files(200, 'FileDownloaded'),
    doesNot: [
      files(199, 'FileDownloaded'),
      several(300, { ...user, Operation: 'FileDownloaded', ObjectId: 'same' }),
      files(300, 'FileAccessed'),
    ],
  },
  massDeletion: {
    fires: [...files(120, 'FileDeleted'), ...files(240, 'FileRenamed').slice(120)],
    doesNot: [files(150, 'FileRecycled'), files(300, 'FileModified')],
  },
  anonymousLinks: {
    fires: several(10, { ...user, Operation: 'AnonymousLinkCreated' }),
    doesNot: [
      several(9, { ...user, Operation: 'AnonymousLinkCreated' }),
      several(20, { ...user, Operation: 'CompanyLinkCreated' }),
    ],
  },
  sharingWidened: {
    fires: [policy('ShareWithGuests', 'Enabled')],
    raises: [['medium', [policy('SharingCapability', 'ExternalUserAndGuestSharing')]]],
    doesNot: [[policy('ShareWithGuests', 'Disabled')], [policy('SharingCapability', 'Disabled')]],
  },
  guestSpike: {
    fires: several(10, directory('Invite external user.')),
    doesNot: [
      several(9, directory('Invite external user.')),
      several(10, directory('Invite external user.', {}, { ResultStatus: 'Failure' })),
    ],
  },
  auditingSwitchedOff: {
    fires: [cmdlet('Set-AdminAuditLogConfig', { UnifiedAuditLogIngestionEnabled: 'False' })],
    raises: [
      ['high', [cmdlet('Set-Mailbox', { Identity: 'Bo', AuditEnabled: 'False' })]],
      ['high', [cmdlet('Set-MailboxAuditBypassAssociation', { AuditBypassEnabled: '$true' })]],
      ['high', [cmdlet('Set-OrganizationConfig', { x: 'y', AuditDisabled: 'True' })]],
    ],
    doesNot: [
      [cmdlet('Set-AdminAuditLogConfig', { UnifiedAuditLogIngestionEnabled: 'True' })],
      [cmdlet('Set-Mailbox', { DisplayName: 'AuditEnabled', CustomAttribute1: 'False' })],
    ],
  },
  eDiscoveryByNewUser: {
    fires: [search],
    doesNot: [[onDay(0, { ...search, Operation: 'SearchViewed' })], [{ ...search, ResultStatus: 'Failed' }]],
  },
  eDiscoveryExported: {
    fires: [{ ...search, Operation: 'SearchExported' }],
    raises: [['medium', [cmdlet('New-ComplianceSearchAction', { SearchName: 'x', Export: 'True' })]]],
    doesNot: [[search], [cmdlet('New-ComplianceSearchAction', { SearchName: 'x', Preview: 'True' })]],
  },
  emailProtectionRemoved: {
    fires: [cmdlet('Remove-SafeLinksPolicy', { Identity: 'x' })],
    raises: [
      ['high', [cmdlet('Disable-AntiPhishRule', { Identity: 'x' })]],
      ['high', [cmdlet('Set-DkimSigningConfig', { Enabled: 'False' })]],
    ],
    doesNot: [
      [cmdlet('New-SafeLinksPolicy', { Name: 'x' })],
      [cmdlet('Set-DkimSigningConfig', { Enabled: 'True' })],
    ],
  },
  retentionRemoved: {
    fires: [cmdlet('Remove-RetentionCompliancePolicy', { Identity: 'x' })],
    raises: [['high', [cmdlet('Set-Mailbox', { LitigationHoldEnabled: 'False' })]]],
    doesNot: [
      [cmdlet('Get-RetentionCompliancePolicy', {})],
      [cmdlet('Set-Mailbox', { LitigationHoldEnabled: 'True' })],
    ],
  },
  dlpOverridden: {
    fires: [{ Operation: 'DlpRuleUndo', UserId: 'ada@contoso.example' }],
    raises: [
      ['low', [{ Operation: 'DLPRuleMatch', UserId: 'ada', ExceptionInfo: { Justification: 'needed' } }]],
    ],
    doesNot: [[{ Operation: 'DlpRuleMatch', UserId: 'ada@contoso.example' }]],
  },
  helpDeskChat: {
    fires: [chat('IT Support (Contoso)', true)],
    doesNot: [[chat('IT Support', false)], [chat('Bo Brandt', true)], [chat('Help Desk', true, 'GroupChat')]],
  },
  microsoftAlert: {
    fires: [alert('Informational')],
    raises: [
      ['low', [alert('Low')]],
      ['high', [alert('High')]],
    ],
    doesNot: [[{ ...alert('High'), RecordType: 18, Operation: 'SearchAlert' }]],
  },
};

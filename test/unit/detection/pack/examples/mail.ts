import { several } from '../../../../support/detection/fired.ts';
import { cmdlet, onDay, type Examples } from './example.ts';

const forwards = { Name: 'x', ForwardTo: 'bo@fabrikam.example' };
const outlook = (actions: unknown) =>
  cmdlet(
    'UpdateInboxRules',
    {},
    {
      OperationProperties: [{ Name: 'RuleActions', Value: JSON.stringify(actions) }],
    },
  );
const failed = { ResultStatus: 'False' };
const reads = {
  Operation: 'MailItemsAccessed',
  RecordType: 50,
  Workload: 'Exchange',
  ResultStatus: 'Succeeded',
};
const mailbox = { ...reads, UserId: 'ada@contoso.example', MailboxOwnerUPN: 'bo@contoso.example' };
const rest = { ...mailbox, ClientInfoString: 'Client=REST;;' };
const folder = (MemberUpn: string, MemberRights: string) => ({
  ...{ Operation: 'ModifyFolderPermissions', UserId: 'ada@contoso.example', ResultStatus: 'Succeeded' },
  Item: { ParentFolder: { MemberUpn, MemberRights, Path: '\\Inbox' } },
});

export const mailExamples: Examples = {
  inboxRuleForwards: {
    fires: [cmdlet('New-InboxRule', forwards)],
    raises: [
      ['high', [cmdlet('Set-InboxRule', { RedirectTo: '"Bo" [SMTP:bo@fabrikam.example]' })]],
      [
        'high',
        [outlook([{ ActionType: 'Forward', Recipients: ['a@fabrikam.example'], ForwardFlags: 'None' }])],
      ],
    ],
    doesNot: [
      [cmdlet('New-InboxRule', { ForwardTo: 'bo@contoso.example' })],
      [cmdlet('New-InboxRule', forwards, failed)],
      [cmdlet('New-InboxRule', { MoveToFolder: 'Projects' })],
      [outlook([{ ActionType: 'Forward', Recipients: ['bo@contoso.example'] }])],
    ],
  },
  mailboxForwards: {
    fires: [cmdlet('Set-Mailbox', { Identity: 'Ada', ForwardingSmtpAddress: 'smtp:bo@fabrikam.example' })],
    doesNot: [
      [cmdlet('Set-Mailbox', { Identity: 'Ada', ForwardingSmtpAddress: '' })],
      [cmdlet('Set-Mailbox', { ForwardingSmtpAddress: 'smtp:bo@contoso.onmicrosoft.com' })],
      [cmdlet('Set-Mailbox', { ForwardingAddress: 'Bo' })],
    ],
  },
  forwardingTargetShared: {
    fires: [
      cmdlet('New-InboxRule', forwards, { Id: 'a' }),
      cmdlet(
        'Set-Mailbox',
        { ForwardingSmtpAddress: 'smtp:BO@fabrikam.example' },
        { Id: 'b', UserId: 'cem@contoso.example' },
      ),
    ],
    doesNot: [
      [cmdlet('New-InboxRule', forwards, { Id: 'a' }), cmdlet('Set-InboxRule', forwards, { Id: 'b' })],
      [
        cmdlet('New-InboxRule', forwards, { Id: 'a' }),
        cmdlet(
          'New-InboxRule',
          { ForwardTo: 'c@fabrikam.example' },
          { Id: 'b', UserId: 'cem@contoso.example' },
        ),
      ],
    ],
  },
  inboxRuleHides: {
    fires: [cmdlet('New-InboxRule', { Name: 'x', DeleteMessage: 'True' })],
    raises: [
      ['medium', [cmdlet('Set-InboxRule', { MoveToFolder: 'Ada:\\RSS Feeds' })]],
      ['medium', [outlook([{ ActionType: 'Delete' }])]],
      ['high', [cmdlet('New-InboxRule', { MarkAsRead: 'True', SubjectContainsWords: 'Invoice;offer' })]],
    ],
    doesNot: [
      [cmdlet('New-InboxRule', { Name: 'x', DeleteMessage: 'False', MoveToFolder: 'Projects' })],
      [cmdlet('New-InboxRule', { SubjectContainsWords: 'invoice', MoveToFolder: 'Invoices' })],
    ],
  },
  inboxRuleNameless: {
    fires: [cmdlet('New-InboxRule', {}, { ObjectId: 'EXAMPLE/Hosted/contoso.onmicrosoft.com/Ada\\..' })],
    doesNot: [[cmdlet('New-InboxRule', {}, { ObjectId: 'EXAMPLE/Hosted/contoso.onmicrosoft.com/Ada\\é.' })]],
  },
  transportRuleChanged: {
    fires: [cmdlet('Remove-TransportRule', { Identity: 'Spam' })],
    raises: [
      ['high', [cmdlet('New-TransportRule', { Name: '.', BlindCopyTo: 'bo@fabrikam.example' })]],
      ['high', [cmdlet('Set-TransportRule', { SetSCL: '-1' })]],
    ],
    doesNot: [
      [cmdlet('New-TransportRule', { Name: 'Disclaimer', BlindCopyTo: '' })],
      [cmdlet('Set-TransportRule', { SetSCL: '9' })],
    ],
  },
  mailboxPermissionGranted: {
    fires: [cmdlet('Add-MailboxPermission', { Identity: 'Bo', User: 'Cem', AccessRights: 'FullAccess' })],
    raises: [
      ['medium', [cmdlet('Set-Mailbox', { GrantSendOnBehalfTo: 'Cem' })]],
      [
        'high',
        [cmdlet('Add-MailboxPermission', { User: 'ADA@contoso.example', AccessRights: 'FullAccess' })],
      ],
      ['high', [cmdlet('Add-RecipientPermission', { Trustee: 'Ada', AccessRights: 'SendAs' })]],
    ],
    doesNot: [
      [cmdlet('Add-MailboxPermission', { User: 'Cem', AccessRights: 'ReadPermission' })],
      [
        cmdlet(
          'Add-MailboxPermission',
          { User: 'Discovery Management', AccessRights: 'FullAccess' },
          { UserId: 'NT AUTHORITY\\SYSTEM (Microsoft.Exchange.ServiceHost)' },
        ),
      ],
    ],
  },
  folderOpenedToEveryone: {
    fires: [folder('Everyone', 'ReadAny, Visible')],
    doesNot: [[folder('Everyone', 'None')], [folder('cem@contoso.example', 'ReadAny, Visible')]],
  },
  mailboxOpenedByOther: {
    fires: [
      onDay(0, { ...mailbox, UserId: 'cem@contoso.example', LogonType: 2 }),
      onDay(40, { ...mailbox, LogonType: 2 }),
    ],
    doesNot: [
      [onDay(0, { ...mailbox, LogonType: 2 }), onDay(20, { ...mailbox, LogonType: 2 })],
      [
        onDay(0, { ...mailbox, LogonType: 2 }),
        onDay(40, { ...mailbox, LogonType: 0, UserId: 'bo@contoso.example' }),
      ],
    ],
  },
  mailReadByNewApplication: {
    fires: [onDay(0, { ...rest, ClientAppId: 'a' }), onDay(1, { ...rest, ClientAppId: 'b' })],
    doesNot: [
      [onDay(0, { ...rest, ClientInfoString: 'Client=OWA;', ClientAppId: 'a' })],
      [onDay(0, { ...rest, ClientAppId: '' })],
    ],
  },
  mailReadThrottled: {
    fires: [{ ...mailbox, OperationProperties: [{ Name: 'IsThrottled', Value: 'True' }] }],
    doesNot: [
      [{ ...mailbox, OperationProperties: [{ Name: 'IsThrottled', Value: 'False' }] }],
      several(3, mailbox),
    ],
  },
};

import { describe } from 'vitest';
import { cmdlet, describesAs } from './described.ts';

const director = 'dir@contoso.example';
const hosted =
  'EURPR01A001.PROD.OUTLOOK.COM/Microsoft Exchange Hosted Organizations/contoso.onmicrosoft.example';

describe('permissions to mailboxes', () => {
  describesAs([
    {
      record: cmdlet('Add-MailboxPermission', {
        Identity: director,
        User: 'Adele@contoso.example',
        AccessRights: 'FullAccess',
      }),
      act: 'mailboxPermissionAdded',
      severity: 'high',
      sentence: 'adele@contoso.example gave themselves FullAccess to the mailbox of dir@contoso.example',
      changes: [
        { what: 'User', to: 'Adele@contoso.example' },
        { what: 'AccessRights', to: 'FullAccess' },
      ],
    },
    {
      record: cmdlet('Add-MailboxPermission', {
        Identity: `${hosted}/Director`,
        User: `${hosted}/Bo`,
        AccessRights: 'FullAccess',
      }),
      act: 'mailboxPermissionAdded',
      severity: 'notable',
      sentence: 'adele@contoso.example gave Bo FullAccess to the mailbox of Director',
    },
    {
      record: cmdlet(
        'Add-MailboxPermission',
        { Identity: director, User: 'Default', AccessRights: 'ReadPermission' },
        { ResultStatus: 'False' },
      ),
      act: 'mailboxPermissionAdded',
      severity: 'notable',
      sentence:
        'adele@contoso.example gave Default ReadPermission to the mailbox of dir@contoso.example, which failed',
    },
    {
      record: cmdlet(
        'Add-MailboxPermission',
        {
          Identity: `${hosted}/DiscoverySearchMailbox`,
          User: `${hosted}/Discovery Management`,
          AccessRights: 'FullAccess',
        },
        { UserId: 'NT AUTHORITY\\SYSTEM (Microsoft.Exchange.ServiceHost)', UserType: 3 },
      ),
      act: 'mailboxPermissionAdded',
      severity: 'routine',
      sentence:
        'Microsoft’s service Microsoft.Exchange.ServiceHost gave Discovery Management FullAccess to the mailbox of DiscoverySearchMailbox',
    },
  ]);
});

describe('forwarding', () => {
  describesAs([
    {
      record: cmdlet('Set-Mailbox', {
        Identity: director,
        ForwardingSmtpAddress: 'smtp:dir@adatum.example',
        DeliverToMailboxAndForward: 'False',
      }),
      act: 'forwardingSet',
      severity: 'high',
      sentence:
        'adele@contoso.example set up forwarding of all email for the mailbox of dir@contoso.example to dir@adatum.example, and the mailbox keeps no copy',
      changes: [
        { what: 'ForwardingSmtpAddress', to: 'smtp:dir@adatum.example' },
        { what: 'DeliverToMailboxAndForward', to: 'False' },
      ],
    },
    {
      record: cmdlet('Set-Mailbox', { Identity: director, ForwardingAddress: 'bo@contoso.example' }),
      act: 'forwardingSet',
      severity: 'notable',
      sentence:
        'adele@contoso.example set up forwarding of all email for the mailbox of dir@contoso.example to bo@contoso.example',
    },
    {
      record: cmdlet('Set-Mailbox', { Identity: director, ForwardingSmtpAddress: '' }),
      act: 'forwardingRemoved',
      severity: 'routine',
      sentence: 'adele@contoso.example stopped forwarding of email for the mailbox of dir@contoso.example',
    },
  ]);
});

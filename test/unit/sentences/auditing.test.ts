import { describe } from 'vitest';
import { cmdlet, describesAs } from './described.ts';

describe('auditing', () => {
  describesAs([
    {
      record: cmdlet('Set-AdminAuditLogConfig', { UnifiedAuditLogIngestionEnabled: 'False' }),
      act: 'auditingDisabled',
      severity: 'high',
      sentence: 'adele@contoso.example turned off the audit log of the organization',
      changes: [{ what: 'UnifiedAuditLogIngestionEnabled', to: 'False' }],
    },
    {
      record: cmdlet('Set-OrganizationConfig', { AuditDisabled: 'True' }),
      act: 'auditingDisabled',
      severity: 'high',
      sentence: 'adele@contoso.example turned off mailbox auditing for the whole organization',
    },
    {
      record: cmdlet('Set-Mailbox', { Identity: 'dir@contoso.example', AuditEnabled: 'False' }),
      act: 'auditingDisabled',
      severity: 'high',
      sentence: 'adele@contoso.example turned off auditing of the mailbox of dir@contoso.example',
    },
    {
      record: cmdlet('Set-MailboxAuditBypassAssociation', {
        Identity: 'bo@contoso.example',
        AuditBypassEnabled: 'True',
      }),
      act: 'auditingDisabled',
      severity: 'high',
      sentence:
        'adele@contoso.example turned off mailbox auditing of everything that bo@contoso.example does',
    },
    {
      record: cmdlet('Set-Mailbox', { Identity: 'dir@contoso.example', AuditEnabled: '$true' }),
      act: 'auditingEnabled',
      severity: 'notable',
      sentence: 'adele@contoso.example turned on auditing of the mailbox of dir@contoso.example',
    },
    {
      record: cmdlet('Set-Mailbox', { Identity: 'dir@contoso.example', AuditOwner: 'HardDelete' }),
      act: 'auditedActionsChanged',
      severity: 'notable',
      sentence: 'adele@contoso.example changed what is audited in the mailbox of dir@contoso.example',
    },
    {
      record: cmdlet('Set-AdminAuditLogConfig', { AdminAuditLogEnabled: 'True' }),
      act: 'other',
      severity: 'routine',
      sentence: 'adele@contoso.example ran Set-AdminAuditLogConfig',
    },
  ]);
});

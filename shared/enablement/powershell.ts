/** What an administrator types by hand where Exchange refuses us: the modern module, no Basic authentication. */
import type { Tenant } from '../tenants/tenant.ts';
import type { EnablementRequest, StepName } from './enablement.ts';

/** Lines for one step; undefined for a step that is not Exchange's. */
export function powerShellFor(
  step: StepName,
  tenant: Tenant,
  request: EnablementRequest,
): string | undefined {
  const commands: Readonly<Partial<Record<StepName, string>>> = {
    customization: 'Enable-OrganizationCustomization',
    unifiedAuditLog: 'Set-AdminAuditLogConfig -UnifiedAuditLogIngestionEnabled $true',
    organizationAuditing: 'Set-OrganizationConfig -AuditDisabled $false',
    mailboxes:
      'Get-EXOMailbox -ResultSize Unlimited -RecipientTypeDetails UserMailbox,SharedMailbox,RoomMailbox,EquipmentMailbox | ' +
      `Set-Mailbox -AuditEnabled $true -AuditLogAgeLimit ${request.auditLogAgeDays}`,
    bypasses:
      'Get-MailboxAuditBypassAssociation -ResultSize Unlimited | Where-Object AuditBypassEnabled | ' +
      'ForEach-Object { Set-MailboxAuditBypassAssociation -Identity $_.Guid.ToString() -AuditBypassEnabled $false }',
  };
  const command = commands[step];
  if (command === undefined) return undefined;
  return [
    'Install-Module ExchangeOnlineManagement -Scope CurrentUser',
    `Connect-ExchangeOnline -DelegatedOrganization ${tenant.tenantId}`,
    command,
  ].join('\n');
}

/** What an administrator runs by hand where Exchange refuses Auditkeep: the modern module, no Basic authentication. */
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
    mailboxes: mailboxCommand(request),
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

const kinds = 'UserMailbox,SharedMailbox,RoomMailbox,EquipmentMailbox';

function mailboxCommand(request: EnablementRequest): string {
  const { mailboxes, auditLogAgeDays, nonOwner, owner } = request;
  const identity = 'named' in mailboxes ? '$_' : '$_.ExchangeGuid.ToString()';
  const actions = [
    ...added('AuditAdmin', nonOwner?.admin),
    ...added('AuditDelegate', nonOwner?.delegate),
    ...added('AuditOwner', owner),
  ];
  const settings = ['-AuditEnabled $true', `-AuditLogAgeLimit ${auditLogAgeDays}`, ...actions].join(' ');
  return `${source(mailboxes)} | ForEach-Object { Set-Mailbox -Identity ${identity} ${settings} }`;
}

function source(mailboxes: EnablementRequest['mailboxes']): string {
  if ('named' in mailboxes) return mailboxes.named.map(quoted).join(', ');
  const filter = 'filter' in mailboxes ? ` -Filter ${quoted(mailboxes.filter)}` : '';
  return `Get-EXOMailbox -ResultSize Unlimited -RecipientTypeDetails ${kinds}${filter}`;
}

function added(parameter: string, actions: readonly string[] = []): readonly string[] {
  return actions.length === 0 ? [] : [`-${parameter} @{Add=${actions.map(quoted).join(',')}}`];
}

/** PowerShell also treats typographic quotes as quotes; control characters could end the line. */
function quoted(text: string): string {
  const line = text.replaceAll(/\p{Cc}/gu, ' ');
  return `'${line.replaceAll(/['\u2018-\u201B]/g, '$&$&')}'`;
}

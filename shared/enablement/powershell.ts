/** What an administrator runs by hand where Exchange refuses Auditkeep: the modern module, no Basic authentication. */
import type { Tenant } from '../tenants/tenant.ts';
import type { EnablementRequest, StepName } from './enablement.ts';
import { auditedKinds } from './mailbox-kinds.ts';

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

/** One Set-Mailbox for each setting: what one refuses must not keep the others from being set. */
function mailboxCommand(request: EnablementRequest): string {
  const { mailboxes, nonOwner, owner } = request;
  const actions = [
    ...added('AuditAdmin', nonOwner?.admin),
    ...added('AuditDelegate', nonOwner?.delegate),
    ...added('AuditOwner', owner),
  ];
  const commands = [set('-AuditEnabled $true'), ageCommand(request), ...actions.map(set)];
  const each = ['$id = $_.ExchangeGuid.ToString()', ...commands].join('; ');
  return `${source(mailboxes)} | ForEach-Object { ${each} }`;
}

function set(setting: string): string {
  return `Set-Mailbox -Identity $id ${setting}`;
}

/** Only raises, as Auditkeep does. */
function ageCommand({ auditLogAgeDays, lower }: EnablementRequest): string {
  const command = set(`-AuditLogAgeLimit ${auditLogAgeDays}`);
  return lower
    ? command
    : `if ([TimeSpan]$_.AuditLogAgeLimit -lt [TimeSpan]::FromDays(${auditLogAgeDays})) { ${command} }`;
}

function source(mailboxes: EnablementRequest['mailboxes']): string {
  if ('named' in mailboxes)
    return `${mailboxes.named.map(quoted).join(', ')} | ForEach-Object { Get-Mailbox -Identity $_ }`;
  const filter = 'filter' in mailboxes ? ` -Filter ${quoted(mailboxes.filter)}` : '';
  const properties = '-Properties ExchangeGuid,AuditLogAgeLimit';
  return `Get-EXOMailbox -ResultSize Unlimited -RecipientTypeDetails ${auditedKinds.join(',')} ${properties}${filter}`;
}

function added(parameter: string, actions: readonly string[] = []): readonly string[] {
  return actions.length === 0 ? [] : [`-${parameter} @{Add=${actions.map(quoted).join(',')}}`];
}

/** PowerShell also treats typographic quotes as quotes; control characters could end the line. */
function quoted(text: string): string {
  const line = text.replaceAll(/\p{Cc}/gu, ' ');
  return `'${line.replaceAll(/['\u2018-\u201B]/g, '$&$&')}'`;
}

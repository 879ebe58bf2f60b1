import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { powerShellFor } from '../../../shared/enablement/powershell.ts';
import { requestOf } from '../../support/enablement-world.ts';
import { fabrikamId, tenantNamed } from '../../support/tenants.ts';

const tenant = tenantNamed('Fabrikam', { tenantId: fabrikamId });
const lineOf = (step: Parameters<typeof powerShellFor>[0], request: unknown = {}) =>
  powerShellFor(step, tenant, requestOf(request))?.split('\n').at(-1);

describe('the PowerShell commands', () => {
  it('begins with the modern module, signed in to the tenant, and never with Basic authentication', () => {
    const text = powerShellFor('unifiedAuditLog', tenant, requestOf());
    expect(text).toBe(
      [
        'Install-Module ExchangeOnlineManagement -Scope CurrentUser',
        `Connect-ExchangeOnline -DelegatedOrganization ${fabrikamId}`,
        'Set-AdminAuditLogConfig -UnifiedAuditLogIngestionEnabled $true',
      ].join('\n'),
    );
    expect(text).not.toMatch(/New-PSSession|Basic|Credential/i);
  });

  it.each([
    ['customization', 'Enable-OrganizationCustomization'],
    ['organizationAuditing', 'Set-OrganizationConfig -AuditDisabled $false'],
    [
      'bypasses',
      'Get-MailboxAuditBypassAssociation -ResultSize Unlimited | Where-Object AuditBypassEnabled | ' +
        'ForEach-Object { Set-MailboxAuditBypassAssociation -Identity $_.Guid.ToString() -AuditBypassEnabled $false }',
    ],
    [
      'mailboxes',
      'Get-EXOMailbox -ResultSize Unlimited -RecipientTypeDetails UserMailbox,SharedMailbox,RoomMailbox,EquipmentMailbox ' +
        '-Properties ExchangeGuid,AuditLogAgeLimit | ForEach-Object { $id = $_.ExchangeGuid.ToString(); ' +
        'Set-Mailbox -Identity $id -AuditEnabled $true; if ([TimeSpan]$_.AuditLogAgeLimit -lt ' +
        '[TimeSpan]::FromDays(365)) { Set-Mailbox -Identity $id -AuditLogAgeLimit 365 } }',
    ],
  ] as const)('have one line for %s', (step, line) => {
    expect(lineOf(step)).toBe(line);
  });

  it('are absent for steps outside Exchange', () => {
    expect([lineOf('subscriptions'), lineOf('verification')]).toEqual([undefined, undefined]);
  });

  it('names the requested mailboxes and actions', () => {
    expect(lineOf('mailboxes', { mailboxes: { filter: "Alias -eq 'anna'" } })).toContain(
      "-Filter 'Alias -eq ''anna''' | ForEach-Object",
    );
    const request = { mailboxes: ['Anna', "o'neil@fabrikam.example"], nonOwner: { admin: ['Move', 'Copy'] } };
    expect(lineOf('mailboxes', { ...request, owner: [], auditLogAgeDays: 30, lower: true })).toBe(
      "'Anna', 'o''neil@fabrikam.example' | ForEach-Object { Get-Mailbox -Identity $_ } | ForEach-Object { " +
        '$id = $_.ExchangeGuid.ToString(); Set-Mailbox -Identity $id -AuditEnabled $true; ' +
        "Set-Mailbox -Identity $id -AuditLogAgeLimit 30; Set-Mailbox -Identity $id -AuditAdmin @{Add='Move','Copy'} }",
    );
  });

  it('escape quotes in names of mailboxes, typographic ones included', () => {
    const unit = fc.constantFrom("'", '’', '‘', '‚', '‛', '"', '$', '`', ';', '\n', '\r', '\u0085', 'a', ' ');
    fc.assert(
      fc.property(fc.string({ unit, minLength: 1, maxLength: 20 }), (name) => {
        const line = lineOf('mailboxes', { mailboxes: [name] }) ?? '';
        const quoted = line.slice(0, line.indexOf(' | ForEach-Object { Get-Mailbox -Identity $_ }'));
        expect(quoted).toMatch(/^'(?:[^'‘’‚‛\p{Cc}]|['‘’‚‛]{2})*'$/u);
      }),
    );
  });
});

/** The cmdlets that Auditkeep sends to Exchange. */

/**
 * All of them, with every parameter that they are sent with. docs/permissions.md describes a role group that allows
 * these and nothing else: one that is missing there works only for Exchange administrators.
 */
export const cmdletParameters = {
  'Get-OrganizationConfig': [],
  'Set-OrganizationConfig': ['AuditDisabled'],
  'Enable-OrganizationCustomization': [],
  'Get-AdminAuditLogConfig': [],
  'Set-AdminAuditLogConfig': ['UnifiedAuditLogIngestionEnabled'],
  'Get-Mailbox': ['Identity', 'ResultSize', 'RecipientTypeDetails', 'Filter'],
  'Set-Mailbox': [
    'Identity',
    'AuditEnabled',
    'AuditLogAgeLimit',
    'AuditAdmin',
    'AuditDelegate',
    'AuditOwner',
  ],
  'Get-MailboxAuditBypassAssociation': ['ResultSize'],
  'Set-MailboxAuditBypassAssociation': ['Identity', 'AuditBypassEnabled'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type CmdletName = keyof typeof cmdletParameters;

/** Values by the names of parameters that the cmdlet may have. */
export type ParametersOf<Name extends CmdletName> = Partial<
  Record<(typeof cmdletParameters)[Name][number], unknown>
>;

/** A cmdlet with its parameters. */
export type Cmdlet = {
  readonly [Name in CmdletName]: { readonly name: Name; readonly parameters?: Readonly<ParametersOf<Name>> };
}[CmdletName];

/** The mailbox cmdlets: audit settings and bypasses. */

import * as z from 'zod';
import { mailboxKinds, type MailboxKind } from './exchange-schema.ts';
import { readTimeSpan } from './time-span.ts';
import {
  actionsChangeSchema,
  addedActions,
  changeActions,
  defaultAuditSetSchema,
  restoreDefaults,
} from './audited-actions-change.ts';
import { CmdletError, defineCmdlet, resultSizeSchema, type Cmdlet, type Row } from './cmdlet.ts';
import { readFilter } from './mailbox-filter.ts';
import type { Mailbox, Mailboxes } from './mailboxes.ts';

const kindsSchema = z
  .union([z.string().transform((text) => text.split(',')), z.array(z.string())])
  .transform((kinds) => kinds.map((kind) => kind.trim()))
  .pipe(z.array(z.enum(mailboxKinds)));

/** Group mailboxes are only returned on request. */
const getMailbox = defineCmdlet(
  'Get-Mailbox',
  {
    Identity: z.string().optional(),
    ResultSize: resultSizeSchema,
    RecipientTypeDetails: kindsSchema.optional(),
    GroupMailbox: z.boolean().default(false),
    Filter: z.string().optional(),
  },
  ({ state }, parameters) => {
    const { mailboxes } = state.exchange;
    const kinds = parameters.RecipientTypeDetails ?? kindsOf(parameters.GroupMailbox);
    const matches = parameters.Filter === undefined ? () => true : readFilter(parameters.Filter);
    const found =
      parameters.Identity === undefined ? mailboxes.all() : [only(mailboxes, parameters.Identity, kinds)];
    const rows = found.filter((mailbox) => kinds.includes(mailbox.kind) && matches(mailbox)).map(mailboxRow);
    return { rows, resultSize: parameters.ResultSize };
  },
);

const setMailbox = defineCmdlet(
  'Set-Mailbox',
  {
    Identity: z.string(),
    GroupMailbox: z.boolean().default(false),
    AuditEnabled: z.boolean().optional(),
    AuditLogAgeLimit: z.union([z.string(), z.number()]).transform(readTimeSpan).optional(),
    DefaultAuditSet: defaultAuditSetSchema,
    AuditAdmin: actionsChangeSchema('Admin'),
    AuditDelegate: actionsChangeSchema('Delegate'),
    AuditOwner: actionsChangeSchema('Owner'),
  },
  ({ state }, parameters) => {
    const { mailboxes } = state.exchange;
    const mailbox = only(mailboxes, parameters.Identity, kindsOf(parameters.GroupMailbox));
    const { AuditAdmin, AuditDelegate, AuditOwner } = parameters;
    refuseUnlicensed(mailbox, [AuditAdmin, AuditDelegate, AuditOwner].flatMap(addedActions));
    const restored = restoreDefaults(mailbox, parameters.DefaultAuditSet ?? []);
    const admin = changeActions(restored, 'Admin', AuditAdmin);
    const delegate = changeActions(admin, 'Delegate', AuditDelegate);
    mailboxes.replace({
      ...mailbox,
      ...changeActions(delegate, 'Owner', AuditOwner),
      ...switchOf(mailbox, parameters.AuditEnabled),
      auditLogAgeLimit: parameters.AuditLogAgeLimit ?? mailbox.auditLogAgeLimit,
    });
    return { rows: [], guid: mailbox.guid };
  },
);

const getBypass = defineCmdlet(
  'Get-MailboxAuditBypassAssociation',
  { Identity: z.string().optional(), ResultSize: resultSizeSchema },
  ({ state }, { Identity: identity, ResultSize: resultSize }) => {
    const { mailboxes } = state.exchange;
    const found = identity === undefined ? mailboxes.all() : [only(mailboxes, identity, mailboxKinds)];
    return { rows: found.map(bypassRow), resultSize };
  },
);

const setBypass = defineCmdlet(
  'Set-MailboxAuditBypassAssociation',
  { Identity: z.string(), AuditBypassEnabled: z.boolean() },
  ({ state }, { Identity: identity, AuditBypassEnabled: bypassed }) => {
    const { mailboxes } = state.exchange;
    const mailbox = only(mailboxes, identity, mailboxKinds);
    mailboxes.replace({ ...mailbox, bypassed });
    return { rows: [], guid: mailbox.guid };
  },
);

export const mailboxCmdlets: readonly Cmdlet[] = [getMailbox, setMailbox, getBypass, setBypass];

const kindsOf = (withGroups: boolean): readonly MailboxKind[] =>
  withGroups ? ['GroupMailbox'] : mailboxKinds.filter((kind) => kind !== 'GroupMailbox');

const only = (mailboxes: Mailboxes, identity: string, kinds: readonly MailboxKind[]): Mailbox => {
  const [mailbox, ...others] = mailboxes.find(identity).filter(({ kind }) => kinds.includes(kind));
  if (mailbox === undefined) {
    throw new CmdletError(
      'Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException',
      `The operation couldn't be performed because object '${identity}' couldn't be found.`,
    );
  }
  if (others.length === 0) return mailbox;
  throw new CmdletError(
    'Microsoft.Exchange.Configuration.Tasks.ManagementObjectAmbiguousException',
    `The operation couldn't be performed because '${identity}' matches multiple entries.`,
  );
};

/** The command as a whole is refused. */
const refuseUnlicensed = (mailbox: Mailbox, added: readonly string[]): void => {
  const unlicensed = added.filter((action) => mailbox.unlicensedActions.includes(action));
  if (unlicensed.length === 0) return;
  throw new CmdletError(
    'Microsoft.Exchange.Configuration.Tasks.RecipientTaskException',
    `The mailbox '${mailbox.primarySmtpAddress}' doesn't have a license to audit ${unlicensed.join(', ')}.`,
  );
};

/** A mailbox that reports that it is audited but is not stays that way if the same value is set again. */
const switchOf = (
  mailbox: Mailbox,
  wanted: boolean | undefined,
): Pick<Mailbox, 'auditEnabled' | 'foundAsAudited'> => {
  const { auditEnabled, foundAsAudited } = mailbox;
  return wanted === undefined || wanted === auditEnabled
    ? { auditEnabled, foundAsAudited }
    : { auditEnabled: wanted, foundAsAudited: wanted };
};

const domainOf = ({ primarySmtpAddress }: Mailbox): string => primarySmtpAddress.split('@')[1] ?? '';

const mailboxRow = (mailbox: Mailbox): Row => ({
  Identity: mailbox.displayName,
  Name: mailbox.alias,
  Alias: mailbox.alias,
  DisplayName: mailbox.displayName,
  UserPrincipalName: mailbox.primarySmtpAddress,
  PrimarySmtpAddress: mailbox.primarySmtpAddress,
  EmailAddresses: [
    `SMTP:${mailbox.primarySmtpAddress}`,
    ...mailbox.aliases.map((address) => `smtp:${address}`),
    `SPO:SPO_${mailbox.guid}@SPO_simulated`,
  ],
  LegacyExchangeDN: `/o=ExchangeLabs/ou=Exchange Administrative Group (FYDIBOHF23SPDLT)/cn=Recipients/cn=${mailbox.guid.replaceAll('-', '')}-${mailbox.alias}`,
  DistinguishedName: `CN=${mailbox.alias},OU=${domainOf(mailbox)},OU=Microsoft Exchange Hosted Organizations,DC=EURPR04A009,DC=PROD,DC=OUTLOOK,DC=COM`,
  ExternalDirectoryObjectId: mailbox.directoryId ?? '',
  Guid: mailbox.guid,
  ExchangeGuid: mailbox.guid,
  RecipientType: 'UserMailbox',
  RecipientTypeDetails: mailbox.kind,
  AuditEnabled: mailbox.auditEnabled,
  AuditLogAgeLimit: mailbox.auditLogAgeLimit,
  AuditAdmin: mailbox.actions.Admin,
  AuditDelegate: mailbox.actions.Delegate,
  AuditOwner: mailbox.actions.Owner,
  DefaultAuditSet: mailbox.defaultAuditSet,
});

const bypassRow = (mailbox: Mailbox): Row => ({
  Identity: mailbox.displayName,
  Name: mailbox.alias,
  Guid: mailbox.guid,
  AuditBypassEnabled: mailbox.bypassed,
});

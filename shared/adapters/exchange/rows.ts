/** Rows of Exchange's lists, read as far as they can be. A row without anything unique is refused. */
import * as z from 'zod';
import { logonTypes, type Mailbox } from '../../enablement/exchange-admin.ts';
import { distinctNames } from '../../records/person-names.ts';
import { canonicalName, recipientIn } from '../../records/recipient-names.ts';

/** A value in an unknown form counts as not audited, so that the posture names the mailbox. */
const text = z.string().trim().catch('');
/** Blank for the zero GUID, which is that of every object without one. */
const guid = text.transform((value) => (/^[{(]?0{8}(?:-0{4}){3}-0{12}[)}]?$/.test(value) ? '' : value));
const kind = text.transform((name) => name || 'Unknown');
const separated = (joined: string) => joined.split(',');
const list = z
  .union([z.array(z.string()), z.string().transform(separated)])
  .transform((items) => items.map((item) => item.trim()).filter(Boolean));
const actionList = list.catch([]);

/** No guess where it is blank or names another type: adding actions to a list that Microsoft manages would end that. */
const managedTypes = z
  .union([z.array(z.string()), z.string().regex(/\S/).transform(separated)])
  .transform((items) => items.map((item) => item.trim().toLowerCase()))
  .pipe(z.array(z.enum(logonTypes)))
  .optional()
  .catch(undefined);
const nameTexts = z.union([z.array(z.string()), z.string().transform((one) => [one])]).catch([]);

const uniqueNames = z.object({
  ExchangeGuid: guid,
  Guid: guid,
  UserPrincipalName: text,
  PrimarySmtpAddress: text,
});

/** What cmdlets take for the mailbox; blank if the row has nothing that is unique. */
function idOf(row: z.output<typeof uniqueNames>): string {
  return row.ExchangeGuid || row.Guid || row.UserPrincipalName || row.PrimarySmtpAddress;
}

/** Under which records may have a mailbox. */
const mailboxNames = uniqueNames.extend({
  ExternalDirectoryObjectId: guid,
  EmailAddresses: nameTexts,
  LegacyExchangeDN: text,
  DistinguishedName: text,
  Identity: text,
  Name: text,
  Alias: text,
});

/** A row of Get-Mailbox, for those that can be audited. */
export const mailboxRow = mailboxNames
  .extend({
    DisplayName: text,
    RecipientTypeDetails: kind,
    AuditEnabled: z.boolean().catch(false),
    AuditLogAgeLimit: text,
    AuditAdmin: actionList,
    AuditDelegate: actionList,
    AuditOwner: actionList,
    DefaultAuditSet: managedTypes,
  })
  .refine((row) => idOf(row) !== '')
  .transform((row): Mailbox => ({
    id: idOf(row),
    userPrincipalName: row.UserPrincipalName || row.PrimarySmtpAddress || idOf(row),
    displayName: row.DisplayName,
    names: namesOf(row),
    kind: row.RecipientTypeDetails,
    auditEnabled: row.AuditEnabled,
    auditLogAgeDays: daysOf(row.AuditLogAgeLimit),
    actions: { admin: row.AuditAdmin, delegate: row.AuditDelegate, owner: row.AuditOwner },
    managedByMicrosoft: row.DefaultAuditSet,
  }));

interface NamedRow extends z.output<typeof mailboxNames> {
  readonly DisplayName: string;
}

/** Newest and surest first: only so many are kept. */
function namesOf(row: NamedRow): readonly string[] {
  return distinctNames([
    ...[row.ExchangeGuid, row.Guid, row.ExternalDirectoryObjectId, row.UserPrincipalName],
    ...[row.PrimarySmtpAddress, row.Name, row.Alias, row.Identity, row.DisplayName, row.LegacyExchangeDN],
    canonicalName(row.DistinguishedName),
    // Addresses of other types, such as SPO, name no one.
    ...row.EmailAddresses.filter((address) => /^smtp:/i.test(address)).map(recipientIn),
  ]);
}

/** A row of Get-MailboxAuditBypassAssociation. Of those that are not enabled it does not matter whose they are. */
export const bypassRow = z
  .object({ Guid: guid, Identity: text, AuditBypassEnabled: z.boolean() })
  .transform(({ Guid, Identity, AuditBypassEnabled: isEnabled }) => ({
    id: Guid || Identity,
    name: Identity || Guid,
    isEnabled,
  }))
  .refine(({ id, isEnabled }) => !isEnabled || id !== '');

/** A row of Get-Mailbox, for those of other kinds. */
export const otherMailboxRow = uniqueNames
  .extend({ RecipientTypeDetails: kind })
  .refine((row) => idOf(row) !== '')
  .transform((row) => ({ id: idOf(row), kind: row.RecipientTypeDetails }));

/** `90.00:00:00` is ninety days, `12:00:00` none, `Unlimited` Infinity; undefined for a limit in any other form. */
function daysOf(timeSpan: string): number | undefined {
  if (/^unlimited$/i.test(timeSpan)) return Infinity;
  const found = /^(?:(\d+)\.)?\d{2}:\d{2}:\d{2}(?:\.\d+)?$/.exec(timeSpan);
  return found === null ? undefined : Number(found[1] ?? 0);
}

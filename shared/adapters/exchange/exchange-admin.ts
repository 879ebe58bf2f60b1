/** Exchange Online administration by cmdlets. */
import * as z from 'zod';
import type { TenantRef } from '../../activity/activity-feed.ts';
import type { Budget } from '../../budget.ts';
import { UpstreamError } from '../../errors.ts';
import {
  logonTypes,
  type Bypass,
  type BypassList,
  type ExchangeAdmin,
  type LogonType,
  type Mailbox,
  type MailboxChange,
  type MailboxPage,
  type MailboxSelection,
} from '../../enablement/exchange-admin.ts';
import { distinctNames } from '../../records/person-names.ts';
import { canonicalName, recipientIn } from '../../records/recipient-names.ts';
import { auditedKinds } from '../../enablement/mailbox-kinds.ts';
import { withRetries, type RetryPolicy } from '../../retry.ts';
import type { Cmdlet, CmdletName, ParametersOf } from './cmdlets.ts';
import { pageExpired } from './exchange-errors.ts';
import { createExchange, type Exchange, type ExchangeOptions } from './invoke-command.ts';

export function createExchangeAdmin(options: ExchangeOptions): ExchangeAdmin {
  const open = createExchange(options);
  const changeEach = (tenant: TenantRef, cmdlets: readonly Cmdlet[], budget: Budget | undefined) =>
    invokeEach(open(tenant, budget), cmdlets, { budget, baseMs: options.retryBaseMs ?? 500 });
  const set = async (tenant: TenantRef, cmdlet: Cmdlet, budget: Budget | undefined): Promise<void> => {
    await open(tenant, budget).invoke(cmdlet);
  };
  return {
    async readOrganization(tenant, budget) {
      const exchange = open(tenant, budget);
      const { IsDehydrated, AuditDisabled } = await readOne(exchange, 'Get-OrganizationConfig', organization);
      return { isDehydrated: IsDehydrated, auditDisabled: AuditDisabled };
    },
    async enableCustomization(tenant, budget) {
      await set(tenant, { name: 'Enable-OrganizationCustomization' }, budget).catch((error: unknown) => {
        if (!(error instanceof UpstreamError) || error.action !== 'done') throw error;
      });
    },
    async readUnifiedAuditLog(tenant, budget) {
      // From Exchange, never from the compliance endpoint, which always says false.
      const config = await readOne(open(tenant, budget), 'Get-AdminAuditLogConfig', auditLogConfig);
      return config.UnifiedAuditLogIngestionEnabled;
    },
    enableUnifiedAuditLog: (tenant, budget) => set(tenant, enableAuditLog, budget),
    allowMailboxAuditing: (tenant, budget) => set(tenant, allowAuditing, budget),
    listMailboxes: (tenant, selection, budget) => listMailboxes(open(tenant, budget), selection),
    countOtherMailboxes: (tenant, budget) => countOtherMailboxes(open(tenant, budget)),
    changeMailboxes: (tenant, changes, budget) => changeEach(tenant, changes.map(toSetMailbox), budget),
    listBypasses: (tenant, budget) => listBypasses(open(tenant, budget)),
    removeBypasses: (tenant, bypasses, budget) => changeEach(tenant, bypasses.map(toRemoveBypass), budget),
  };
}

const enableAuditLog: Cmdlet = {
  name: 'Set-AdminAuditLogConfig',
  parameters: { UnifiedAuditLogIngestionEnabled: true },
};
const allowAuditing: Cmdlet = { name: 'Set-OrganizationConfig', parameters: { AuditDisabled: false } };

const organization = z.object({ IsDehydrated: z.boolean(), AuditDisabled: z.boolean() });
const auditLogConfig = z.object({ UnifiedAuditLogIngestionEnabled: z.boolean() });

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

const mailboxRow = mailboxNames
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

/** Of those that are not enabled it does not matter whose they are. */
const bypassRow = z
  .object({ Guid: guid, Identity: text, AuditBypassEnabled: z.boolean() })
  .transform(({ Guid, Identity, AuditBypassEnabled: isEnabled }) => ({
    id: Guid || Identity,
    name: Identity || Guid,
    isEnabled,
  }))
  .refine(({ id, isEnabled }) => !isEnabled || id !== '');

async function readOne<T extends z.ZodType>(
  exchange: Exchange,
  name: 'Get-OrganizationConfig' | 'Get-AdminAuditLogConfig',
  schema: T,
): Promise<z.output<T>> {
  const [value] = await exchange.invoke({ name });
  return parseRow(schema, value, name);
}

function parseRow<T extends z.ZodType>(schema: T, value: unknown, cmdlet: string): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const message = `Exchange returned an unexpected response to ${cmdlet}.`;
  throw new UpstreamError('fail', 'UnexpectedAnswer', message);
}

/** How often a list is read from its start without reaching further than before. */
const vainReadings = 3;

interface Page<T> {
  readonly rows: readonly T[];
  readonly unreadable: number;
}

/**
 * Page by page, each row once. A list that expires is read from its start again as long as that reaches further. Rows
 * in an unknown form hold back no others: their number comes after the last page, for they have no id to know them by
 * when the list is read again.
 *
 * Where no next link ever works, this ends with an error that says what to do by hand; there is no safe way around it.
 * Slices by a filter (first letters, ranges of dates or ids) would be complete only if Exchange compares as assumed, in
 * its own collation and time zone, and a wrong slice omits mailboxes without a sign. Reading only those that are not
 * audited would reach each of them, but not those whose age limit or actions alone are wrong.
 * @throws UpstreamError `ExchangePagesRefused`
 */
async function* readAll<T extends { readonly id: string }>(
  exchange: Exchange,
  cmdlet: Cmdlet,
  row: z.ZodType<T>,
): AsyncGenerator<Page<T>> {
  const seen = new Set<string>();
  for (let vain = 0; vain < vainReadings; vain++) {
    const before = seen.size;
    let unreadable = 0;
    try {
      for await (const page of exchange.pages(cmdlet)) {
        const rows = page.flatMap((value) => row.safeParse(value).data ?? []);
        unreadable += page.length - rows.length;
        const fresh = rows.filter(({ id }) => !seen.has(id));
        for (const { id } of fresh) seen.add(id);
        yield { rows: fresh, unreadable: 0 };
      }
      if (unreadable > 0) yield { rows: [], unreadable };
      return;
    } catch (error) {
      if (!(error instanceof UpstreamError) || error.code !== pageExpired) throw error;
      if (seen.size > before) vain = 0;
    }
  }
  throw new UpstreamError('fail', 'ExchangePagesRefused', pagesRefused(cmdlet.name, seen.size));
}

function pagesRefused(cmdlet: CmdletName, rows: number): string {
  const refused = `Exchange returned ${rows} rows of ${cmdlet} and refused the rest: each time, the next page had expired.`;
  const instead = cmdlet === 'Get-Mailbox' ? 'Name mailboxes or a filter that finds fewer, or do' : 'Do';
  return `${refused} ${instead} it by hand.`;
}

async function* listMailboxes(exchange: Exchange, selection: MailboxSelection): AsyncGenerator<MailboxPage> {
  for (const parameters of queriesOf(selection)) {
    const pages = readAll(exchange, { name: 'Get-Mailbox', parameters }, mailboxRow);
    for await (const { rows, unreadable } of pages) yield { mailboxes: rows, unreadable };
  }
}

const otherMailboxRow = uniqueNames
  .extend({ RecipientTypeDetails: kind })
  .refine((row) => idOf(row) !== '')
  .transform((row) => ({ id: idOf(row), kind: row.RecipientTypeDetails }));

async function countOtherMailboxes(exchange: Exchange): Promise<ReadonlyMap<string, number>> {
  const Filter = auditedKinds.map((kind) => `RecipientTypeDetails -ne '${kind}'`).join(' -and ');
  const cmdlet: Cmdlet = { name: 'Get-Mailbox', parameters: { ResultSize: 'Unlimited', Filter } };
  const counts = new Map<string, number>();
  const add = (kindOf: string, count: number) => counts.set(kindOf, (counts.get(kindOf) ?? 0) + count);
  for await (const { rows, unreadable } of readAll(exchange, cmdlet, otherMailboxRow)) {
    for (const row of rows) add(row.kind, 1);
    if (unreadable > 0) add('Unknown', unreadable);
  }
  return counts;
}

async function listBypasses(exchange: Exchange): Promise<BypassList> {
  const bypasses: Bypass[] = [];
  let unreadable = 0;
  const parameters = { ResultSize: 'Unlimited' };
  const cmdlet: Cmdlet = { name: 'Get-MailboxAuditBypassAssociation', parameters };
  for await (const page of readAll(exchange, cmdlet, bypassRow)) {
    const enabled = page.rows.filter(({ isEnabled }) => isEnabled);
    bypasses.push(...enabled.map(({ id, name }) => ({ id, name })));
    unreadable += page.unreadable;
  }
  return { bypasses, unreadable };
}

function queriesOf(selection: MailboxSelection): readonly ParametersOf<'Get-Mailbox'>[] {
  if ('named' in selection) return selection.named.map((Identity) => ({ Identity }));
  const every = { ResultSize: 'Unlimited', RecipientTypeDetails: auditedKinds };
  return 'filter' in selection ? [{ ...every, Filter: selection.filter }] : [every];
}

/** `90.00:00:00` is ninety days, `12:00:00` none, `Unlimited` Infinity; undefined for a limit in any other form. */
function daysOf(timeSpan: string): number | undefined {
  if (/^unlimited$/i.test(timeSpan)) return Infinity;
  const found = /^(?:(\d+)\.)?\d{2}:\d{2}:\d{2}(?:\.\d+)?$/.exec(timeSpan);
  return found === null ? undefined : Number(found[1] ?? 0);
}

const parameterOf = {
  admin: 'AuditAdmin',
  delegate: 'AuditDelegate',
  owner: 'AuditOwner',
} as const satisfies Readonly<Record<LogonType, string>>;

function toSetMailbox({ mailbox, auditEnabled, auditLogAgeDays, addActions = {} }: MailboxChange): Cmdlet {
  const parameters: ParametersOf<'Set-Mailbox'> = { Identity: mailbox.id };
  if (auditEnabled !== undefined) parameters.AuditEnabled = auditEnabled;
  if (auditLogAgeDays !== undefined) parameters.AuditLogAgeLimit = `${auditLogAgeDays}.00:00:00`;
  for (const type of logonTypes) {
    const Add = addActions[type];
    if (Add !== undefined) {
      parameters[parameterOf[type]] = { '@odata.type': '#Exchange.GenericHashTable', Add };
    }
  }
  return { name: 'Set-Mailbox', parameters };
}

function toRemoveBypass({ id }: Bypass): Cmdlet {
  const parameters = { Identity: id, AuditBypassEnabled: false };
  return { name: 'Set-MailboxAuditBypassAssociation', parameters };
}

const attemptsPerChange = 4;

/**
 * Repeats those that Exchange was only too busy for; gives the error of each.
 * @throws UpstreamError for an error that concerns all commands: Exchange stays busy, or the application lacks a permission
 */
async function invokeEach(
  exchange: Exchange,
  cmdlets: readonly Cmdlet[],
  { budget, baseMs }: Pick<RetryPolicy, 'budget' | 'baseMs'>,
): Promise<readonly (string | undefined)[]> {
  const outcomes: (UpstreamError | undefined)[] = [];
  let left = [...cmdlets.keys()];
  const invokeLeft = async (): Promise<void> => {
    const errors = await exchange.invokeAll(left.flatMap((index) => cmdlets[index] ?? []));
    left.forEach((index, position) => (outcomes[index] = errors[position]));
    left = left.filter((index) => outcomes[index]?.isTransient);
    const busy = outcomes.find((outcome) => outcome?.isTransient);
    if (busy !== undefined) throw busy;
  };
  const passing = (error: unknown) => outcomes.find((outcome) => outcome === error);
  await withRetries(invokeLeft, { attempts: attemptsPerChange, baseMs, passing, budget }).catch(
    (error: unknown) => {
      if (passing(error) === undefined) throw error;
    },
  );
  const general = outcomes.find((error) => error?.action === 'pause' || error?.action === 'renewToken');
  if (general !== undefined) throw general;
  return outcomes.map((error) => error?.message);
}

/** Exchange Online administration by cmdlets. */
import { setTimeout } from 'node:timers/promises';
import * as z from 'zod';
import type { TenantRef } from '../../activity/activity-feed.ts';
import { UpstreamError } from '../../errors.ts';
import {
  logonTypes,
  type Bypass,
  type ExchangeAdmin,
  type LogonType,
  type Mailbox,
  type MailboxChange,
  type MailboxSelection,
} from '../../enablement/exchange-admin.ts';
import { pageExpired } from './exchange-errors.ts';
import { createExchange, type Cmdlet, type Exchange, type ExchangeOptions } from './invoke-command.ts';

export function createExchangeAdmin(options: ExchangeOptions): ExchangeAdmin {
  const exchange = createExchange(options);
  const changing = { exchange, retryBaseMs: options.retryBaseMs ?? 500 };
  const set = async (tenant: TenantRef, cmdlet: Cmdlet) => {
    await exchange.invoke(tenant, cmdlet);
  };
  return {
    async readOrganization(tenant) {
      const { IsDehydrated, AuditDisabled } = await readOne(
        exchange,
        tenant,
        'Get-OrganizationConfig',
        organization,
      );
      return { isDehydrated: IsDehydrated, auditDisabled: AuditDisabled };
    },
    async enableCustomization(tenant) {
      await set(tenant, { name: 'Enable-OrganizationCustomization' }).catch((error: unknown) => {
        if (!(error instanceof UpstreamError) || error.action !== 'done') throw error;
      });
    },
    async readUnifiedAuditLog(tenant) {
      // Against Exchange, never against the compliance endpoint, which always says false.
      const config = await readOne(exchange, tenant, 'Get-AdminAuditLogConfig', auditLogConfig);
      return config.UnifiedAuditLogIngestionEnabled;
    },
    enableUnifiedAuditLog: (tenant) =>
      set(tenant, { name: 'Set-AdminAuditLogConfig', parameters: { UnifiedAuditLogIngestionEnabled: true } }),
    allowMailboxAuditing: (tenant) =>
      set(tenant, { name: 'Set-OrganizationConfig', parameters: { AuditDisabled: false } }),
    listMailboxes: (tenant, selection) => listMailboxes(exchange, tenant, selection),
    changeMailboxes: (tenant, changes) => invokeEach(changing, tenant, changes.map(toSetMailbox)),
    async listBypasses(tenant) {
      const bypasses: Bypass[] = [];
      const cmdlet = { name: 'Get-MailboxAuditBypassAssociation', parameters: { ResultSize: 'Unlimited' } };
      const idOf = (row: z.infer<typeof bypassRow>) => row.Guid;
      for await (const page of readAll(exchange, tenant, { cmdlet, row: bypassRow, idOf })) {
        const found = page.filter((one) => one.AuditBypassEnabled);
        bypasses.push(...found.map(({ Guid, Identity }) => ({ id: Guid, name: Identity })));
      }
      return bypasses;
    },
    removeBypasses: (tenant, bypasses) =>
      invokeEach(
        changing,
        tenant,
        bypasses.map(({ id }) => ({
          name: 'Set-MailboxAuditBypassAssociation',
          parameters: { Identity: id, AuditBypassEnabled: false },
        })),
      ),
  };
}

const organization = z.object({ IsDehydrated: z.boolean(), AuditDisabled: z.boolean() });
const auditLogConfig = z.object({ UnifiedAuditLogIngestionEnabled: z.boolean() });
const bypassRow = z.object({ Guid: z.string(), Identity: z.string(), AuditBypassEnabled: z.boolean() });

const text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

const actionList = z
  .union([z.array(z.string()), z.string().transform((list) => list.split(/,\s*/).filter(Boolean))])
  .nullish()
  .transform((actions) => actions ?? []);

const mailboxRow = z.object({
  ExchangeGuid: z.string(),
  UserPrincipalName: text,
  DisplayName: text,
  RecipientTypeDetails: z.string(),
  AuditEnabled: z.boolean(),
  AuditLogAgeLimit: text,
  AuditAdmin: actionList,
  AuditDelegate: actionList,
  AuditOwner: actionList,
  DefaultAuditSet: actionList,
});

/** Kinds whose use is audited; group and discovery mailboxes are Microsoft's own affair. */
const auditedKinds = ['UserMailbox', 'SharedMailbox', 'RoomMailbox', 'EquipmentMailbox'];

async function readOne<T extends z.ZodType>(
  exchange: Exchange,
  tenant: TenantRef,
  name: string,
  schema: T,
): Promise<z.output<T>> {
  const [value] = await exchange.invoke(tenant, { name });
  return parseRow(schema, value, name);
}

function parseRow<T extends z.ZodType>(schema: T, value: unknown, cmdlet: string): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UpstreamError('fail', 'UnexpectedAnswer', `Exchange answered ${cmdlet} with something else.`);
}

interface Reading<T extends z.ZodType> {
  readonly cmdlet: Cmdlet;
  readonly row: T;
  readonly idOf: (row: z.output<T>) => string;
}

/** A list is begun anew so often without coming further. */
const vainReadings = 3;

/**
 * Page by page, each row once. A list that expires is begun anew while that leads further than before.
 *
 * Where no link ever works this ends with an error that tells what to do by hand; nothing goes around it. Slices by a
 * filter (first letters, ranges of dates or ids) would be complete only if Exchange compares as we think it does, in its
 * own collation and time zone, and a slice that is wrong leaves mailboxes out without a sign. Asking again for those that
 * are not audited would reach every one of them, but not those whose age limit or actions alone are wrong.
 * @throws UpstreamError `ExchangePagesRefused`
 */
async function* readAll<T extends z.ZodType>(
  exchange: Exchange,
  tenant: TenantRef,
  { cmdlet, row, idOf }: Reading<T>,
): AsyncGenerator<readonly z.output<T>[]> {
  const seen = new Set<string>();
  for (let vain = 0; vain < vainReadings; vain++) {
    const before = seen.size;
    try {
      for await (const page of exchange.pages(tenant, cmdlet)) {
        const rows = page.map((value) => parseRow(row, value, cmdlet.name));
        const fresh = rows.filter((each) => !seen.has(idOf(each)));
        for (const each of fresh) seen.add(idOf(each));
        yield fresh;
      }
      return;
    } catch (error) {
      if (!(error instanceof UpstreamError) || error.code !== pageExpired) throw error;
      if (seen.size > before) vain = 0;
    }
  }
  throw new UpstreamError('fail', 'ExchangePagesRefused', pagesRefused(cmdlet.name, seen.size));
}

function pagesRefused(cmdlet: string, rows: number): string {
  const refused = `Exchange gave ${rows} rows of ${cmdlet} and refuses the rest: the next page had expired each time it was asked for.`;
  const instead = cmdlet === 'Get-Mailbox' ? 'Name mailboxes or a filter that finds fewer, or do' : 'Do';
  return `${refused} ${instead} it by hand.`;
}

async function* listMailboxes(
  exchange: Exchange,
  tenant: TenantRef,
  selection: MailboxSelection,
): AsyncGenerator<readonly Mailbox[]> {
  const idOf = (row: z.infer<typeof mailboxRow>) => row.ExchangeGuid;
  for (const parameters of queriesOf(selection)) {
    const cmdlet = { name: 'Get-Mailbox', parameters };
    for await (const page of readAll(exchange, tenant, { cmdlet, row: mailboxRow, idOf })) {
      yield page.map(toMailbox);
    }
  }
}

function queriesOf(selection: MailboxSelection): readonly Readonly<Record<string, unknown>>[] {
  if ('named' in selection) return selection.named.map((Identity) => ({ Identity }));
  const every = { ResultSize: 'Unlimited', RecipientTypeDetails: auditedKinds };
  return 'filter' in selection ? [{ ...every, Filter: selection.filter }] : [every];
}

function toMailbox(row: z.infer<typeof mailboxRow>): Mailbox {
  const managed = row.DefaultAuditSet.map((name) => name.toLowerCase());
  return {
    id: row.ExchangeGuid,
    userPrincipalName: row.UserPrincipalName,
    displayName: row.DisplayName,
    kind: row.RecipientTypeDetails,
    auditEnabled: row.AuditEnabled,
    auditLogAgeDays: daysOf(row.AuditLogAgeLimit),
    actions: { admin: row.AuditAdmin, delegate: row.AuditDelegate, owner: row.AuditOwner },
    managedByMicrosoft: logonTypes.filter((type) => managed.includes(type)),
  };
}

/** `90.00:00:00` is ninety days. */
function daysOf(timeSpan: string): number {
  return Number(/^(\d+)\./.exec(timeSpan)?.[1] ?? 0);
}

const parameterOf: Readonly<Record<LogonType, string>> = {
  admin: 'AuditAdmin',
  delegate: 'AuditDelegate',
  owner: 'AuditOwner',
};

function toSetMailbox({ mailbox, auditEnabled, auditLogAgeDays, addActions = {} }: MailboxChange): Cmdlet {
  const added = logonTypes.flatMap((type) => {
    const Add = addActions[type];
    return Add === undefined
      ? []
      : [[parameterOf[type], { '@odata.type': '#Exchange.GenericHashTable', Add }] as const];
  });
  return {
    name: 'Set-Mailbox',
    parameters: {
      Identity: mailbox.id,
      ...(auditEnabled === undefined ? {} : { AuditEnabled: auditEnabled }),
      ...(auditLogAgeDays === undefined ? {} : { AuditLogAgeLimit: `${auditLogAgeDays}.00:00:00` }),
      ...Object.fromEntries(added),
    },
  };
}

const attemptsPerChange = 4;

interface Changing {
  readonly exchange: Exchange;
  /** First wait between attempts, doubled each time. */
  readonly retryBaseMs: number;
}

/**
 * Those that Exchange was only too busy for are asked again; gives what went wrong with each.
 * @throws UpstreamError for what is not about the one command: Exchange stays busy, or the application may not
 */
async function invokeEach(
  { exchange, retryBaseMs }: Changing,
  tenant: TenantRef,
  cmdlets: readonly Cmdlet[],
): Promise<readonly (string | undefined)[]> {
  const outcomes = [...(await exchange.invokeAll(tenant, cmdlets))];
  for (let attempt = 1; attempt < attemptsPerChange; attempt++) {
    const again = outcomes.flatMap((error, index) =>
      error !== undefined && isPassing(error) ? [index] : [],
    );
    if (again.length === 0) break;
    await setTimeout(retryBaseMs * 2 ** (attempt - 1));
    const repeated = await exchange.invokeAll(
      tenant,
      again.flatMap((index) => cmdlets[index] ?? []),
    );
    again.forEach((index, position) => (outcomes[index] = repeated[position]));
  }
  const general = outcomes.find((error) => error?.action === 'pause' || error?.action === 'renewToken');
  if (general !== undefined) throw general;
  return outcomes.map((error) => error?.message);
}

function isPassing({ action }: UpstreamError): boolean {
  return action === 'retry' || action === 'pause';
}

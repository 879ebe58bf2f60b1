/** Exchange Online administration by cmdlets. */
import * as z from 'zod';
import type { TenantRef } from '../../activity/activity-feed.ts';
import type { Budget } from '../../budget.ts';
import {
  logonTypes,
  type Bypass,
  type BypassList,
  type ExchangeAdmin,
  type LogonType,
  type MailboxChange,
  type MailboxPage,
  type MailboxSelection,
} from '../../enablement/exchange-admin.ts';
import { auditedKinds } from '../../enablement/mailbox-kinds.ts';
import { UpstreamError } from '../../errors.ts';
import type { Cmdlet, ParametersOf } from './cmdlets.ts';
import { createExchange, type Exchange, type ExchangeOptions } from './invoke-command.ts';
import { invokeEach } from './invoke-each.ts';
import { readAll } from './read-all.ts';
import { bypassRow, mailboxRow, otherMailboxRow } from './rows.ts';

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

async function* listMailboxes(exchange: Exchange, selection: MailboxSelection): AsyncGenerator<MailboxPage> {
  for (const parameters of queriesOf(selection)) {
    const pages = readAll(exchange, { name: 'Get-Mailbox', parameters }, mailboxRow);
    for await (const { rows, unreadable } of pages) yield { mailboxes: rows, unreadable };
  }
}

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

/** Exchange Online administration by cmdlets. */
import { z } from 'zod';
import type { TenantRef } from '../../activity/activity-feed.ts';
import { UpstreamError } from '../../errors.ts';
import {
  logonTypes,
  type ExchangeAdmin,
  type LogonType,
  type Mailbox,
  type MailboxChange,
  type MailboxSelection,
} from '../../enablement/exchange-admin.ts';
import { createExchange, type Cmdlet, type Exchange, type ExchangeOptions } from './invoke-command.ts';

export function createExchangeAdmin(options: ExchangeOptions): ExchangeAdmin {
  const exchange = createExchange(options);
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
    enableCustomization: (tenant) => set(tenant, { name: 'Enable-OrganizationCustomization' }),
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
    changeMailboxes: (tenant, changes) => invokeEach(exchange, tenant, changes.map(toSetMailbox)),
    async listBypasses(tenant) {
      const identities: string[] = [];
      const cmdlet = { name: 'Get-MailboxAuditBypassAssociation', parameters: { ResultSize: 'Unlimited' } };
      for await (const page of exchange.pages(tenant, cmdlet)) {
        const found = z
          .array(bypass)
          .parse(page)
          .filter((one) => one.AuditBypassEnabled);
        identities.push(...found.map((one) => one.Identity));
      }
      return identities;
    },
    removeBypasses: (tenant, identities) =>
      invokeEach(
        exchange,
        tenant,
        identities.map((Identity) => ({
          name: 'Set-MailboxAuditBypassAssociation',
          parameters: { Identity, AuditBypassEnabled: false },
        })),
      ),
  };
}

const organization = z.object({ IsDehydrated: z.boolean(), AuditDisabled: z.boolean() });
const auditLogConfig = z.object({ UnifiedAuditLogIngestionEnabled: z.boolean() });
const bypass = z.object({ Identity: z.string(), AuditBypassEnabled: z.boolean() });

const actionList = z.union([
  z.array(z.string()),
  z.string().transform((text) => text.split(/,\s*/).filter(Boolean)),
]);

const mailboxRow = z.object({
  ExchangeGuid: z.string(),
  UserPrincipalName: z.string().default(''),
  DisplayName: z.string().default(''),
  RecipientTypeDetails: z.string(),
  AuditEnabled: z.boolean(),
  AuditLogAgeLimit: z.string(),
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
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new UpstreamError('fail', 'UnexpectedAnswer', `Exchange answered ${name} with something else.`);
}

async function* listMailboxes(
  exchange: Exchange,
  tenant: TenantRef,
  selection: MailboxSelection,
): AsyncGenerator<readonly Mailbox[]> {
  for (const parameters of queriesOf(selection)) {
    for await (const page of exchange.pages(tenant, { name: 'Get-Mailbox', parameters })) {
      yield z.array(mailboxRow).parse(page).map(toMailbox);
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

/** Those that Exchange was only too busy for are asked again; gives what went wrong with each. */
async function invokeEach(
  exchange: Exchange,
  tenant: TenantRef,
  cmdlets: readonly Cmdlet[],
): Promise<readonly (string | undefined)[]> {
  const outcomes = [...(await exchange.invokeAll(tenant, cmdlets))];
  for (let attempt = 1; attempt < attemptsPerChange; attempt++) {
    const again = outcomes.flatMap((error, index) =>
      error !== undefined && isPassing(error) ? [index] : [],
    );
    if (again.length === 0) break;
    const repeated = await exchange.invokeAll(
      tenant,
      again.flatMap((index) => cmdlets[index] ?? []),
    );
    again.forEach((index, position) => (outcomes[index] = repeated[position]));
  }
  return outcomes.map((error) => error?.message);
}

function isPassing({ action }: UpstreamError): boolean {
  return action === 'retry' || action === 'pause';
}

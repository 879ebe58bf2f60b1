/** An Exchange organization in memory, with settings that take effect later and refusals on demand. */
import {
  commandRefused,
  type Bypass,
  type ExchangeAdmin,
  type Mailbox,
  type MailboxChange,
  type MailboxSelection,
} from '../../../shared/enablement/exchange-admin.ts';
import { auditedKinds } from '../../../shared/enablement/mailbox-kinds.ts';
import { UpstreamError } from '../../../shared/errors.ts';
import { afterChange, type ModeledMailbox } from '../modeled-mailbox.ts';

export interface FakeExchange extends ExchangeAdmin {
  readonly organization: { isDehydrated: boolean; auditDisabled: boolean; unifiedAuditLog: boolean };
  /** How long a change takes to show. */
  readonly delays: { customizationMs: number; unifiedAuditLogMs: number };
  readonly bypassed: Map<string, Bypass>;
  pageSize: number;
  /** Rows at the end of every list of mailboxes or bypasses that cannot be read. */
  readonly odd: { mailboxes: number; bypasses: number };
  /** Everything written, in order: `Set-Mailbox id-anna`. */
  readonly writes: readonly string[];
  /** Every change of a mailbox that was requested, refused ones included. */
  readonly commands: readonly MailboxChange[];
  put(...mailboxes: readonly ModeledMailbox[]): void;
  mailbox(name: string): ModeledMailbox;
  /** Refuses calls of a method, so many times. */
  refuse(method: keyof ExchangeAdmin, error: UpstreamError, times?: number): void;
  /** Refuses every change of one mailbox. */
  refuseMailbox(id: string, message: string): void;
  /** Refuses every change that names this action, of one mailbox or of all. */
  refuseAction(action: string, message: string, id?: string): void;
  /** Refuses every change that is meant. */
  refuseChange(isMeant: (change: MailboxChange) => boolean, message: string): void;
  relent(): void;
}

interface RefusedChange {
  readonly isMeant: (change: MailboxChange) => boolean;
  readonly message: string;
}

interface Refusal {
  readonly method: keyof ExchangeAdmin;
  readonly error: UpstreamError;
  left: number;
}

export function createFakeExchange(now: () => Date): FakeExchange {
  const mailboxes = new Map<string, ModeledMailbox>();
  const bypassed = new Map<string, Bypass>();
  const organization = { isDehydrated: false, auditDisabled: false, unifiedAuditLog: true };
  const delays = { customizationMs: 0, unifiedAuditLogMs: 0 };
  const writes: string[] = [];
  const commands: MailboxChange[] = [];
  const refusals: Refusal[] = [];
  const refusedMailboxes = new Map<string, string>();
  const refusedChanges: RefusedChange[] = [];
  const refusalOf = (change: MailboxChange): string | undefined =>
    refusedMailboxes.get(change.mailbox.id) ?? refusedChanges.find(({ isMeant }) => isMeant(change))?.message;
  const refuseChange: FakeExchange['refuseChange'] = (isMeant, message) =>
    void refusedChanges.push({ isMeant, message });
  let pending: { readonly due: number; readonly change: Partial<typeof organization> }[] = [];
  const settle = () => {
    for (const { due, change } of pending) if (due <= now().getTime()) Object.assign(organization, change);
    pending = pending.filter(({ due }) => due > now().getTime());
  };
  const enter = async (method: keyof ExchangeAdmin): Promise<void> => {
    settle();
    const refusal = refusals.find((each) => each.method === method && each.left > 0);
    await Promise.resolve();
    if (refusal === undefined) return;
    refusal.left -= 1;
    throw refusal.error;
  };
  const write = async (method: keyof ExchangeAdmin, what: string): Promise<void> => {
    await enter(method);
    writes.push(what);
  };
  const later = (delayMs: number, change: Partial<typeof organization>) => {
    pending.push({ due: now().getTime() + delayMs, change });
    settle();
  };
  const exchange: FakeExchange = {
    ...{ organization, delays, bypassed, writes, commands, pageSize: 1000 },
    odd: { mailboxes: 0, bypasses: 0 },
    put: (...added) => {
      for (const mailbox of added) mailboxes.set(mailbox.id, mailbox);
    },
    mailbox: (name) => {
      const found = mailboxes.get(`id-${name}`);
      if (found === undefined) throw new Error(`There is no mailbox ${name}.`);
      return found;
    },
    refuse: (method, error, times = Infinity) => void refusals.push({ method, error, left: times }),
    refuseMailbox: (id, message) => void refusedMailboxes.set(id, message),
    refuseChange,
    refuseAction: (action, message, only) => {
      const names = ({ addActions = {} }: MailboxChange) => Object.values(addActions).flat();
      const isMeant = (change: MailboxChange) => (only ?? change.mailbox.id) === change.mailbox.id;
      refuseChange((change) => isMeant(change) && names(change).includes(action), message);
    },
    relent: () => {
      refusals.length = 0;
      refusedChanges.length = 0;
      refusedMailboxes.clear();
    },
    readOrganization: async () => {
      await enter('readOrganization');
      return { isDehydrated: organization.isDehydrated, auditDisabled: organization.auditDisabled };
    },
    enableCustomization: async () => {
      await write('enableCustomization', 'Enable-OrganizationCustomization');
      later(delays.customizationMs, { isDehydrated: false });
    },
    readUnifiedAuditLog: async () => {
      await enter('readUnifiedAuditLog');
      return organization.unifiedAuditLog;
    },
    enableUnifiedAuditLog: async () => {
      await write('enableUnifiedAuditLog', 'Set-AdminAuditLogConfig');
      later(delays.unifiedAuditLogMs, { unifiedAuditLog: true });
    },
    allowMailboxAuditing: async () => {
      await write('allowMailboxAuditing', 'Set-OrganizationConfig');
      organization.auditDisabled = false;
    },
    async *listMailboxes(_tenant, selection) {
      await enter('listMailboxes');
      const found = select([...mailboxes.values()], selection);
      for (let at = 0; at === 0 || at < found.length; at += exchange.pageSize) {
        yield { mailboxes: found.slice(at, at + exchange.pageSize), unreadable: 0 };
      }
      if (exchange.odd.mailboxes > 0) yield { mailboxes: [], unreadable: exchange.odd.mailboxes };
    },
    countOtherMailboxes: async () => {
      await enter('countOtherMailboxes');
      const counts = new Map<string, number>();
      for (const { kind } of mailboxes.values())
        if (!isAudited(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1);
      return counts;
    },
    changeMailboxes: async (_tenant, changes) => {
      await enter('changeMailboxes');
      commands.push(...changes);
      return changes.map((change) => {
        const { id } = change.mailbox;
        const mailbox = mailboxes.get(id);
        const refusal = refusalOf(change);
        if (mailbox === undefined || refusal !== undefined) return refusal ?? 'It does not exist.';
        writes.push(`Set-Mailbox ${id}`);
        mailboxes.set(id, afterChange(mailbox, change));
        return undefined;
      });
    },
    listBypasses: async () => {
      await enter('listBypasses');
      return { bypasses: [...bypassed.values()], unreadable: exchange.odd.bypasses };
    },
    removeBypasses: async (_tenant, bypasses) => {
      await enter('removeBypasses');
      return bypasses.map(({ id }) => {
        if (refusedMailboxes.has(id)) return refusedMailboxes.get(id);
        writes.push(`Set-MailboxAuditBypassAssociation ${id}`);
        bypassed.delete(id);
        return undefined;
      });
    },
  };
  return exchange;
}

const isAudited = (kind: string) => auditedKinds.some((audited) => audited === kind);

function select(all: readonly ModeledMailbox[], selection: MailboxSelection): readonly Mailbox[] {
  const audited = all.filter(({ kind }) => isAudited(kind));
  if ('all' in selection) return audited;
  if ('filter' in selection) return audited.filter((mailbox) => !mailbox.foundAudited);
  return selection.named.map((name) => {
    const found = all.find((mailbox) => [mailbox.displayName, mailbox.userPrincipalName].includes(name));
    if (found === undefined) throw new UpstreamError('fail', commandRefused, `${name} couldn't be found.`);
    return found;
  });
}

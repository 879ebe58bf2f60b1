/** How tests inspect a tenant's Exchange organization and change it behind the client's back. */

import type { ExchangeCounters } from './exchange-counters.ts';
import {
  type AddedMailboxes,
  type MailboxesChange,
  type MailboxKind,
  type OrganizationChange,
} from './exchange-schema.ts';
import { addMailboxes, type Organization } from './exchange-state.ts';
import type { Mailbox } from './mailboxes.ts';
import type { TenantState } from '../tenant-states.ts';

export interface ExchangeSummary {
  readonly organization: Organization;
  readonly mailboxes: {
    readonly total: number;
    readonly byKind: Readonly<Record<MailboxKind, number>>;
    /** Mailboxes whose reported AuditEnabled is true. */
    readonly auditEnabled: number;
    /** Mailboxes that the server-side filter considers audited. */
    readonly foundAsAudited: number;
    readonly bypassed: number;
  };
}

export interface ObservedMailbox extends Mailbox {
  /** Accepted Set-Mailbox commands since the counters were reset. */
  readonly writes: number;
  /** Accepted Set-MailboxAuditBypassAssociation commands since the counters were reset. */
  readonly bypassWrites: number;
}

/** The controls of one tenant. Changes do not count as writes and take effect immediately. */
export interface ExchangeControls {
  summary(): ExchangeSummary;
  /** The Activity API's auditingEnabled belongs to the tenant's policy and stays unchanged. */
  changeOrganization(change: OrganizationChange): ExchangeSummary;
  mailboxes(): readonly ObservedMailbox[];
  addMailboxes(added: AddedMailboxes): ExchangeSummary;
  /** Returns the number of changed mailboxes. */
  changeMailboxes(change: MailboxesChange): number;
}

export const createExchangeControls = (state: TenantState, counters: ExchangeCounters): ExchangeControls => {
  const { organization, mailboxes } = state.exchange;
  const { tenantId, domain } = state.tenant;

  const summary = (): ExchangeSummary => ({
    organization: organization.get(),
    mailboxes: countMailboxes(mailboxes.all()),
  });

  const observe = (mailbox: Mailbox): ObservedMailbox => {
    const commandsOf = (cmdlet: string): number =>
      counters.commandsTo({ tenantId, cmdlet, guid: mailbox.guid });
    return {
      ...mailbox,
      writes: commandsOf('Set-Mailbox'),
      bypassWrites: commandsOf('Set-MailboxAuditBypassAssociation'),
    };
  };

  return {
    summary,
    changeOrganization: (change) => {
      const asked = change.dehydrated === true ? { customizationAsked: false } : {};
      organization.patch({ ...change, ...asked });
      return summary();
    },
    mailboxes: () => mailboxes.all().map(observe),
    addMailboxes: (added) => {
      addMailboxes(mailboxes, domain, added);
      return summary();
    },
    changeMailboxes: ({ where, change }) => {
      const found = where.identities?.flatMap((identity) => mailboxes.find(identity)) ?? mailboxes.all();
      const meant = found.filter(({ kind }) => where.kinds?.includes(kind) ?? true);
      for (const mailbox of meant) mailboxes.replace(changed(mailbox, change));
      return meant.length;
    },
  };
};

const changed = (mailbox: Mailbox, change: MailboxesChange['change']): Mailbox => {
  const { auditAdmin, auditDelegate, auditOwner, ...rest } = change;
  const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  const { Admin, Delegate, Owner } = mailbox.actions;
  return {
    ...mailbox,
    ...(rest.auditEnabled === undefined ? {} : { foundAsAudited: rest.auditEnabled }),
    ...given,
    actions: {
      Admin: auditAdmin ?? Admin,
      Delegate: auditDelegate ?? Delegate,
      Owner: auditOwner ?? Owner,
    },
  };
};

const countMailboxes = (mailboxes: readonly Mailbox[]): ExchangeSummary['mailboxes'] => {
  const count = (matches: (mailbox: Mailbox) => boolean): number => mailboxes.filter(matches).length;
  const countKind = (wanted: MailboxKind): number => count(({ kind }) => kind === wanted);
  return {
    total: mailboxes.length,
    byKind: {
      UserMailbox: countKind('UserMailbox'),
      SharedMailbox: countKind('SharedMailbox'),
      RoomMailbox: countKind('RoomMailbox'),
      EquipmentMailbox: countKind('EquipmentMailbox'),
      GroupMailbox: countKind('GroupMailbox'),
      DiscoveryMailbox: countKind('DiscoveryMailbox'),
    },
    auditEnabled: count(({ auditEnabled }) => auditEnabled),
    foundAsAudited: count(({ foundAsAudited }) => foundAsAudited),
    bypassed: count(({ bypassed }) => bypassed),
  };
};

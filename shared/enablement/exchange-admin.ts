/** What Auditkeep uses of Exchange Online administration. */
import type { TenantRef } from '../activity/activity-feed.ts';
import type { Budget } from '../budget.ts';

/** Who acts on a mailbox. */
export const logonTypes = ['admin', 'delegate', 'owner'] as const;
export type LogonType = (typeof logonTypes)[number];

export interface OrganizationSettings {
  /** Nothing can be changed before Enable-OrganizationCustomization. */
  readonly isDehydrated: boolean;
  /** True switches mailbox auditing off for all users, whatever the mailboxes say. */
  readonly auditDisabled: boolean;
}

export interface Mailbox {
  /** ExchangeGuid, which is stable, unlike names; without one the next name that is unique. */
  readonly id: string;
  /** Never blank: what postures and steps call the mailbox. */
  readonly userPrincipalName: string;
  readonly displayName: string;
  /** Every name that records may have: ids, addresses, legacy and canonical names, alias, display name. */
  readonly names: readonly string[];
  /** RecipientTypeDetails: UserMailbox, SharedMailbox, RoomMailbox, EquipmentMailbox … */
  readonly kind: string;
  readonly auditEnabled: boolean;
  /** Whole days for which the mailbox keeps its own log; Infinity without a limit, undefined when it cannot be read. */
  readonly auditLogAgeDays: number | undefined;
  /** What is audited, by who acts. */
  readonly actions: Readonly<Record<LogonType, readonly string[]>>;
  /** The logon types whose actions Microsoft keeps up to date itself; undefined when that cannot be read. */
  readonly managedByMicrosoft: readonly LogonType[] | undefined;
}

/** Mailboxes of a list, and the number of rows that cannot be read: they may be mailboxes that are not audited. */
export interface MailboxPage {
  readonly mailboxes: readonly Mailbox[];
  readonly unreadable: number;
}

/** What to change on one mailbox; absent members stay as they are. */
export interface MailboxChange {
  readonly mailbox: Pick<Mailbox, 'id' | 'userPrincipalName'>;
  readonly auditEnabled?: boolean | undefined;
  readonly auditLogAgeDays?: number | undefined;
  readonly addActions?: Partial<Readonly<Record<LogonType, readonly string[]>>> | undefined;
}

/** Which mailboxes: all that can be audited, those named, or those a server-side filter finds. */
export type MailboxSelection =
  { readonly all: true } | { readonly named: readonly string[] } | { readonly filter: string };

/** A principal whose actions on mailboxes are not audited at all. */
export interface Bypass {
  /** Stable and unique, unlike names, which stand in for one that is missing. */
  readonly id: string;
  readonly name: string;
}

/** All bypasses, and the number of rows that cannot be read: they may hide one. */
export interface BypassList {
  readonly bypasses: readonly Bypass[];
  readonly unreadable: number;
}

/** Code of an UpstreamError that is about this one command, not about what the application may do. */
export const commandRefused = 'ExchangeRefused';

/**
 * All methods throw UpstreamError when Exchange refuses for good, for longer than a few retries, or until the budget is
 * spent.
 */
export interface ExchangeAdmin {
  readOrganization(tenant: TenantRef, budget?: Budget): Promise<OrganizationSettings>;
  /** Succeeds if it was requested before. */
  enableCustomization(tenant: TenantRef, budget?: Budget): Promise<void>;
  /** The unified audit log's switch. */
  readUnifiedAuditLog(tenant: TenantRef, budget?: Budget): Promise<boolean>;
  enableUnifiedAuditLog(tenant: TenantRef, budget?: Budget): Promise<void>;
  allowMailboxAuditing(tenant: TenantRef, budget?: Budget): Promise<void>;
  /** Page by page to the last, each mailbox once. Rows that cannot be read hold back no others. */
  listMailboxes(tenant: TenantRef, selection: MailboxSelection, budget?: Budget): AsyncIterable<MailboxPage>;
  /** Mailboxes that {@link listMailboxes} leaves out, by kind (RecipientTypeDetails), as far as Exchange lists them. */
  countOtherMailboxes(tenant: TenantRef, budget?: Budget): Promise<ReadonlyMap<string, number>>;
  /** Makes the changes; gives the error of each, in the same order. Throws when Exchange is too busy. */
  changeMailboxes(
    tenant: TenantRef,
    changes: readonly MailboxChange[],
    budget?: Budget,
  ): Promise<readonly (string | undefined)[]>;
  listBypasses(tenant: TenantRef, budget?: Budget): Promise<BypassList>;
  /** As {@link changeMailboxes}. */
  removeBypasses(
    tenant: TenantRef,
    bypasses: readonly Bypass[],
    budget?: Budget,
  ): Promise<readonly (string | undefined)[]>;
}

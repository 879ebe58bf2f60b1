/** The mailboxes of one tenant and their audit settings. */

import { createRandom, seedOf } from '../random.ts';
import type { AuditedActions, LogonType } from './audit-actions.ts';
import { mailboxSchema, type MailboxKind, type SimulatedMailbox } from './exchange-schema.ts';

export interface Mailbox {
  readonly guid: string;
  readonly alias: string;
  readonly displayName: string;
  readonly primarySmtpAddress: string;
  readonly aliases: readonly string[];
  readonly directoryId: string | undefined;
  readonly kind: MailboxKind;
  /** What Get-Mailbox reports. */
  readonly auditEnabled: boolean;
  /** What the server-side filter sees. */
  readonly foundAsAudited: boolean;
  /** In Exchange's format: `[d.]hh:mm:ss`. */
  readonly auditLogAgeLimit: string;
  readonly actions: AuditedActions;
  /** The logon types whose list Microsoft manages. */
  readonly defaultAuditSet: readonly LogonType[];
  readonly bypassed: boolean;
  /** Set-Mailbox refuses to add these. */
  readonly unlicensedActions: readonly string[];
}

export interface Mailboxes {
  /** In the order in which they were added. */
  all(): readonly Mailbox[];
  /** All mailboxes with this name, alias, address, or GUID, ignoring case. */
  find(identity: string): readonly Mailbox[];
  /** @throws Error for a duplicate GUID */
  add(mailbox: Mailbox): void;
  /** Replaces the mailbox with the same GUID; its names stay the same. */
  replace(mailbox: Mailbox): void;
}

export const createMailboxes = (): Mailboxes => {
  const byGuid = new Map<string, Mailbox>();
  const guidsByName = new Map<string, Set<string>>();

  const add = (mailbox: Mailbox): void => {
    if (byGuid.has(mailbox.guid)) throw new Error(`There is already a mailbox ${mailbox.guid}.`);
    byGuid.set(mailbox.guid, mailbox);
    for (const name of namesOf(mailbox)) {
      guidsByName.set(name, (guidsByName.get(name) ?? new Set()).add(mailbox.guid));
    }
  };

  const find = (identity: string): readonly Mailbox[] =>
    [...(guidsByName.get(identity.toLowerCase()) ?? [])]
      .map((guid) => byGuid.get(guid))
      .filter((mailbox) => mailbox !== undefined);

  return {
    all: () => [...byGuid.values()],
    find,
    add,
    replace: (mailbox) => void byGuid.set(mailbox.guid, mailbox),
  };
};

/** @throws ZodError for a mailbox that does not follow the schema */
export const mailboxOf = (simulated: SimulatedMailbox): Mailbox => {
  const { guid, auditAdmin, auditDelegate, auditOwner, ...rest } = mailboxSchema.parse(simulated);
  const { primarySmtpAddress } = rest;
  return {
    ...rest,
    directoryId: rest.directoryId,
    guid: (guid ?? createRandom(seedOf(primarySmtpAddress, 'mailbox')).guid()).toLowerCase(),
    alias: primarySmtpAddress.split('@')[0] ?? primarySmtpAddress,
    foundAsAudited: rest.foundAsAudited ?? rest.auditEnabled,
    actions: { Admin: auditAdmin, Delegate: auditDelegate, Owner: auditOwner },
  };
};

const namesOf = ({ guid, alias, displayName, primarySmtpAddress, aliases }: Mailbox): ReadonlySet<string> =>
  new Set([guid, alias, displayName, primarySmtpAddress, ...aliases].map((name) => name.toLowerCase()));

/** A directory of names that a test chooses; it knows no one until then. */
import { unambiguousNames, type MailboxNames } from '../../../shared/tenants/mailbox-names.ts';
import type { NameDirectory, NameSets } from '../../../shared/tenants/name-directory.ts';

export interface FakeNameDirectory extends NameDirectory {
  /** From now on, in every tenant. */
  know(sets: NameSets): void;
  /** Likewise, of mailboxes by their names. */
  knowMailboxes(mailboxes: readonly (readonly string[])[]): void;
}

export function createFakeNameDirectory(): FakeNameDirectory {
  let known: NameSets = [];
  let mailboxes: MailboxNames = new Map();
  return {
    knowMailboxes: (named) => {
      mailboxes = unambiguousNames(named.map((names, at) => ({ id: String(at), names, seen: '2026-03-02' })));
    },
    mailboxesIn: async () => await Promise.resolve(mailboxes),
    know: (sets) => {
      known = sets;
    },
    namesIn: async () => await Promise.resolve(known),
  };
}

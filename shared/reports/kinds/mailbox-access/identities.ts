/** Whom and which mailbox names mean: all names that are known of one mailbox are one. */
import { normalize } from '../../../records/normalize.ts';
import { addressIn } from '../../../records/person-names.ts';
import { recipientIn } from '../../../records/recipient-names.ts';
import { unambiguousNames, type KnownMailbox } from '../../../tenants/mailbox-names.ts';

export interface Identities {
  /** Equal for all names of a known mailbox; otherwise the name as compared. */
  readonly keyOf: (name: string) => string;
  /** The key of who or what has all of these names: that of a known mailbox, or else of an address, or else of the first name. Undefined without names. */
  readonly keyOfAll: (names: readonly string[]) => string | undefined;
}

export function createIdentities(mailboxes: readonly KnownMailbox[]): Identities {
  const known = unambiguousNames(mailboxes);
  const knownKey = (name: string): string | undefined => {
    const [first] = spellings(name).flatMap((one) => known.get(one) ?? []);
    return first === undefined ? undefined : normalize.text(first);
  };
  return {
    keyOf: (name) => knownKey(name) ?? spellings(name).at(-1) ?? '',
    keyOfAll(names) {
      const mailbox = names.map(knownKey).find((key) => key !== undefined);
      const name = names.find((one) => one.includes('@')) ?? names[0];
      return mailbox ?? (name === undefined ? undefined : spellings(name).at(-1));
    },
  };
}

/** As compared: as written, and without what is written around it. */
function spellings(name: string): readonly string[] {
  const bare = recipientIn(name);
  return [name, addressIn(bare) ?? bare].map(normalize.text);
}

/** Everyone whom snapshots and changes name, each once with all names. */
import { normalize } from '../../../records/normalize.ts';
import { distinctNames } from '../../../records/person-names.ts';
import { namesOfHolder } from '../../../tenants/name-directory.ts';
import type { RoleHolder } from '../../../tenants/role-holders.ts';
import type { ChangedPrincipal } from './changed-principal.ts';

export interface KnownPrincipal {
  /** Directory object id, or else the name by which records name it, as compared. */
  readonly key: string;
  readonly type: ChangedPrincipal['type'];
  /** The newest that a snapshot has; otherwise the address. */
  readonly displayName: string;
  /** The newest user principal name; otherwise an address that records have, or else an id. */
  readonly address: string;
  /** Every name that records of what it did may have: also those it had before it was renamed. */
  readonly names: readonly string[];
}

export interface KnownPrincipals {
  readonly all: readonly KnownPrincipal[];
  /** The key of a principal that a change names. */
  keyOf(changed: ChangedPrincipal): string;
}

interface Seen {
  readonly type: ChangedPrincipal['type'];
  readonly displayName: string | undefined;
  readonly address: string | undefined;
  readonly names: readonly string[];
}

/** @param holders of all snapshots, oldest first @param changed users and service principals, not groups */
export function knownPrincipals(
  holders: readonly RoleHolder[],
  changed: readonly ChangedPrincipal[],
): KnownPrincipals {
  const seen = new Map<string, Seen>();
  for (const holder of holders) {
    const { id, type, displayName, userPrincipalName } = holder;
    const names = namesOfHolder(holder);
    remember(seen, normalize.text(id), { type, displayName, address: userPrincipalName, names });
  }
  const withId = changed.filter(({ id }) => id !== undefined);
  for (const one of withId) remember(seen, normalize.text(one.id ?? ''), nameless(one));
  const byName = new Map<string, string>();
  for (const [key, { names }] of seen) for (const name of names) byName.set(normalize.text(name), key);
  const keyOf = ({ id, names }: ChangedPrincipal): string => {
    if (id !== undefined) return normalize.text(id);
    const same = names.map(normalize.text);
    return same.map((name) => byName.get(name)).find((key) => key !== undefined) ?? same[0] ?? '';
  };
  for (const one of changed) if (one.id === undefined) remember(seen, keyOf(one), nameless(one));
  return { keyOf, all: [...seen].map(([key, one]) => ({ ...one, key, ...shownNames(one) })) };
}

function nameless({ type, names }: ChangedPrincipal): Seen {
  return { type, displayName: undefined, address: undefined, names };
}

function remember(seen: Map<string, Seen>, key: string, { type, displayName, address, names }: Seen): void {
  const known = seen.get(key);
  seen.set(key, {
    type: type === 'unknown' ? (known?.type ?? type) : type,
    displayName: displayName ?? known?.displayName,
    address: address ?? known?.address,
    names: distinctNames([...(known?.names ?? []), ...names]),
  });
}

function shownNames({ displayName, address, names }: Seen): Pick<KnownPrincipal, 'displayName' | 'address'> {
  const shown = address ?? names.find((name) => name.includes('@')) ?? names[0] ?? '';
  return { displayName: displayName ?? shown, address: shown };
}

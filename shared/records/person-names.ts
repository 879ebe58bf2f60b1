/** The spellings in which audit records name one person. */
import { normalize } from './normalize.ts';

/** What SharePoint and sign-ins with a Microsoft account write before an address. */
const prefix = /^(?:urn:spo:guest#|live\.com#|(?:i:0[^|]*\|membership\|)|smtp:)/i;

/** A guest's name in the directory of a tenant: the address at home with `_` for `@`. */
const guestName = /^(.+)_([^_@]+)#ext#@[^@]+$/i;

/**
 * What the name says about itself: the address after a prefix such as `urn:spo:guest#`, and the address at home of
 * `ada_fabrikam.example#EXT#@contoso.example`. Undefined if there is nothing more in it.
 */
export function addressIn(name: string): string | undefined {
  const bare = name.trim().replace(prefix, '');
  const [, local, domain] = guestName.exec(bare) ?? [];
  if (local !== undefined && domain !== undefined) return `${local}@${domain}`;
  return bare === name.trim() ? undefined : bare;
}

/** The name, what is in it, and how SharePoint names a guest with that address. Each once. */
export function spellingsOf(name: string): readonly string[] {
  const address = addressIn(name);
  const addresses = [name, address].filter((one) => one?.includes('@') === true && !one.includes('#'));
  return distinctNames([name, address, ...addresses.map((one) => `urn:spo:guest#${one ?? ''}`)]);
}

/** Each once, as first spelled; absent and blank ones are left out. */
export function distinctNames(names: readonly (string | undefined)[]): readonly string[] {
  const first = new Map<string, string>();
  for (const name of names) {
    const same = normalize.text(name ?? '');
    if (name !== undefined && same !== '' && !first.has(same)) first.set(same, name);
  }
  return [...first.values()];
}

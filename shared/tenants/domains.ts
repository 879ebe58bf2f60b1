/** Domain names, by which people name tenants. */
import { domainToASCII } from 'node:url';
import type { Tenant } from './tenant.ts';

const maxLength = 253;
/** What follows anything else would be taken for the rest of an address, and dropped. */
const domainCharacters = /^[\p{L}\p{M}\p{N}.-]+$/u;
/** At least two labels. */
const asciiDomain = /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/;

/** In lower case, international names in their ASCII form; undefined if it is not a domain name. */
export function canonicalDomain(name: string): string | undefined {
  const text = name.trim();
  if (text.length > maxLength || !domainCharacters.test(text)) return undefined;
  const ascii = domainToASCII(text);
  return ascii.length <= maxLength && asciiDomain.test(ascii) ? ascii : undefined;
}

/** The domain that a tenant was registered by, in its canonical form. */
export function domainOf({ domain }: Pick<Tenant, 'domain'>): string | undefined {
  return domain === undefined ? undefined : canonicalDomain(domain);
}

/** A column of a row holds 32 K characters, and all tenants are read at once. */
const maxKeptCharacters = 10_000;

/**
 * What is kept of the domains that a tenant has verified: each once, in its canonical form, the one that it was
 * registered by first, and no more than some 400.
 */
export function keptDomains(names: readonly string[], tenant: Pick<Tenant, 'domain'>): readonly string[] {
  const domains = new Set(names.flatMap((name) => canonicalDomain(name) ?? []));
  const registered = domainOf(tenant);
  const first = registered !== undefined && domains.has(registered) ? [registered] : [];
  let characters = 0;
  return [...new Set([...first, ...domains])].filter((name) => {
    characters += name.length;
    return characters <= maxKeptCharacters;
  });
}

/** The domains that name a tenant: `current` ones are its own; a `former` one names it unless another tenant has it. */
export interface NamingDomains {
  readonly current: readonly string[];
  readonly former: readonly string[];
}

/** Without a list of verified ones, only the domain that it was registered by. */
export function namingDomains({ domain, domains }: Pick<Tenant, 'domain' | 'domains'>): NamingDomains {
  const registered = [domainOf({ domain })].filter((name) => name !== undefined);
  if (domains === undefined) return { current: registered, former: [] };
  return { current: domains, former: registered.filter((name) => !domains.includes(name)) };
}

/** The tenants that a domain in its canonical form names: of several, all. */
export function namedByDomain<T extends Pick<Tenant, 'domain' | 'domains'>>(
  tenants: readonly T[],
  domain: string,
): readonly T[] {
  const having = (kind: keyof NamingDomains) =>
    tenants.filter((tenant) => namingDomains(tenant)[kind].includes(domain));
  const current = having('current');
  return current.length > 0 ? current : having('former');
}

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

/** What tells the domains of a tenant, as stored or as answers show it. */
export interface Named extends Pick<Tenant, 'domain' | 'domains' | 'domainsReadDateTime'> {
  readonly createdDateTime: Date | string;
}

interface Claim {
  readonly domain: string;
  /** The greater one is right. */
  readonly strength: string;
}

/**
 * The newest wins, as Microsoft lets only one tenant have a domain at a time: sign-in named the tenant when it was
 * registered by the domain, Graph when its list was read. A list that lacks the domain of the registration is newer than
 * that, so any other tenant that has the domain wins. Lists of earlier versions have no time.
 */
function claimsOf(tenant: Named): readonly Claim[] {
  const { domains, createdDateTime } = tenant;
  const created = new Date(createdDateTime).toISOString();
  const read = tenant.domainsReadDateTime ?? created;
  const verified = (domains ?? []).map((domain) => ({ domain, strength: `${read} 2` }));
  const domain = domainOf(tenant);
  if (domain === undefined || domains?.includes(domain) === true) return verified;
  return [...verified, { domain, strength: domains === undefined ? `${created} 1` : '' }];
}

/** The tenants that each domain names, in its canonical form: several only if nothing says which one has it. */
export function tenantsByDomain<T extends Named>(tenants: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const found = new Map<string, { readonly strength: string; readonly tenants: readonly T[] }>();
  for (const tenant of tenants) {
    for (const { domain, strength } of claimsOf(tenant)) {
      const best = found.get(domain);
      if (best === undefined || strength > best.strength) found.set(domain, { strength, tenants: [tenant] });
      else if (strength === best.strength)
        found.set(domain, { strength, tenants: [...best.tenants, tenant] });
    }
  }
  return new Map([...found].map(([domain, best]) => [domain, best.tenants]));
}

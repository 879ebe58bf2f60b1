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

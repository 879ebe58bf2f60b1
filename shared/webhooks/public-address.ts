/** Which addresses callers can have Auditkeep connect to: public unicast addresses, none of its own network. */
import { isIPv4 } from '../records/ip-address.ts';
import { createNetworkMatcher, parseNetwork } from '../records/networks.ts';

/**
 * What the registries of special purposes name, from private networks to documentation and multicast.
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry
 */
const isSpecial = matcherOf(
  '0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24',
  '192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15 198.51.100.0/24',
  '203.0.113.0/24 224.0.0.0/4 240.0.0.0/4',
  // Public by its number, but the platform's own: Azure serves every machine from it.
  // https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
  '168.63.129.16/32',
  // Of IPv6: protocol assignments with Teredo, documentation, and 6to4, which leads to any IPv4 address.
  '2001::/23 2001:db8::/32 2002::/16 3fff::/20',
);

/** All of IPv6 that is in public use; IPv4 addresses mapped to IPv6 are not in it. */
const isPublic6 = matcherOf('2000::/3');

function matcherOf(...networks: readonly string[]): (address: string) => boolean {
  const parsed = networks.flatMap((texts) => texts.split(' ')).flatMap((text) => parseNetwork(text) ?? []);
  return createNetworkMatcher(parsed);
}

/** False also for text that is not an address, and for an address with a zone, which is link-local. */
export function isPublicAddress(address: string): boolean {
  return (isIPv4(address) || isPublic6(address)) && !isSpecial(address);
}

/**
 * Domains that are never resolved on the internet.
 * @see https://www.iana.org/assignments/special-use-domain-names
 */
const localDomains = ['localhost', 'local', 'internal', 'home.arpa', 'invalid', 'onion', 'alt'];

/**
 * Whether a host of a URL could be public: a public address, or a name in a domain of the internet.
 * @param host as in the normal form of a URL, which has every notation of an IPv4 address in dotted decimals
 */
export function isPublicHost(host: string, isAllowed = isPublicAddress): boolean {
  const address = host.replace(/^\[(.*)\]$/, '$1');
  if (isIPv4(address) || address !== host) return isAllowed(address);
  const name = host.replace(/\.$/, '');
  return name.includes('.') && !localDomains.some((domain) => name.endsWith(`.${domain}`));
}

/** Which addresses callers can have Auditkeep connect to: public unicast addresses, none of its own network. */
import { BlockList, isIPv4, isIPv6 } from 'node:net';

/**
 * What the registries of special purposes name, from private networks to documentation and multicast.
 * @see https://www.iana.org/assignments/iana-ipv4-special-registry
 */
const special4: readonly (readonly [string, number])[] = [
  ['0.0.0.0', 8],
  ['10.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.31.196.0', 24],
  ['192.52.193.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['192.175.48.0', 24],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 4],
  ['240.0.0.0', 4],
  // Public by its number, but the platform's own: Azure serves every machine from it.
  // https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
  ['168.63.129.16', 32],
];

/** All of version 6 that is in public use; version 4 addresses mapped to version 6 are not in it. */
const public6 = ['2000::', 3] as const;
/** Exceptions: protocol assignments with Teredo, documentation, and 6to4, which leads to any version 4 address. */
const special6: readonly (readonly [string, number])[] = [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
];

const specials = new BlockList();
for (const [network, prefix] of special4) specials.addSubnet(network, prefix, 'ipv4');
for (const [network, prefix] of special6) specials.addSubnet(network, prefix, 'ipv6');
const publics = new BlockList();
publics.addSubnet(...public6, 'ipv6');

/** False also for text that is not an address. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !specials.check(address, 'ipv4');
  // An address with a zone is link-local.
  if (!isIPv6(address) || address.includes('%')) return false;
  return publics.check(address, 'ipv6') && !specials.check(address, 'ipv6');
}

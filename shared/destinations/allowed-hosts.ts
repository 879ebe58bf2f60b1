/** Which hosts destinations may have: public ones, and those in networks that the deployment allows. */
import { isIPv4, isIPv6 } from '../records/ip-address.ts';
import { createNetworkMatcher, parseNetwork } from '../records/networks.ts';
import { isPublicAddress } from '../webhooks/public-address.ts';

/** @param networks in CIDR notation, such as `10.1.0.0/16` */
export function allowedIn(networks: readonly string[]): (address: string) => boolean {
  const matches = createNetworkMatcher(networks.flatMap((text) => parseNetwork(text) ?? []));
  return (address) => isPublicAddress(address) || matches(address);
}

/** False for an address that may not be connected to. Names are checked when they are resolved. */
export function allowsHost(host: string, isAllowed: (address: string) => boolean): boolean {
  const address = host.replace(/^\[(.*)\]$/, '$1');
  return isIPv4(address) || isIPv6(address) ? isAllowed(address) : true;
}

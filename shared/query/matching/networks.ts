/** Networks of addresses in CIDR notation, version 4 and 6. */
import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { canonicalAddress } from '../../records/client-address.ts';

export interface Network {
  readonly address: string;
  readonly family: 'ipv4' | 'ipv6';
  /** Significant bits. */
  readonly prefix: number;
}

/** Whether the text is meant as a network, valid or not: an address, a slash and a number. */
export function looksLikeNetwork(text: string): boolean {
  const [address = ''] = text.split('/');
  return /^[^/]+\/-?\d+\s*$/.test(text) && (isIPv4(address.trim()) || isIPv6(address.trim()));
}

/** Undefined for anything that is not a network. Bits after the prefix are ignored. */
export function parseNetwork(text: string): Network | undefined {
  const match = /^([0-9a-f.:]+)\/(\d{1,3})$/i.exec(text.trim());
  const [, address = '', digits = ''] = match ?? [];
  const prefix = Number(digits);
  if (isIPv4(address)) return prefix <= 32 ? { address, family: 'ipv4', prefix } : undefined;
  if (!isIPv6(address) || prefix > 128) return undefined;
  const canonical = canonicalAddress(address) ?? address;
  // Records show IPv4-mapped addresses as IPv4, so such a network is an IPv4 network.
  if (isIPv4(canonical) && prefix >= 96) return { address: canonical, family: 'ipv4', prefix: prefix - 96 };
  return { address, family: 'ipv6', prefix };
}

/** Whether a canonical address is in one of the networks. A list per version: a shared one would mix them up. */
export function createNetworkMatcher(networks: readonly Network[]): (address: string) => boolean {
  const lists = { ipv4: new BlockList(), ipv6: new BlockList() };
  for (const { address, family, prefix } of networks) lists[family].addSubnet(address, prefix, family);
  return (address) => {
    if (isIPv4(address)) return lists.ipv4.check(address, 'ipv4');
    return isIPv6(address) && lists.ipv6.check(address, 'ipv6');
  };
}

/** All addresses of the network, undefined when there are more than `atMost`; of IPv6 only a single address counts. */
export function addressesOf(
  { address, family, prefix }: Network,
  atMost: number,
): readonly string[] | undefined {
  if (family === 'ipv6') return prefix === 128 ? [address] : undefined;
  const count = 2 ** (32 - prefix);
  if (count > atMost) return undefined;
  const number = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  const first = number - (number % count);
  return Array.from({ length: count }, (_, at) => dotted(first + at));
}

function dotted(number: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256).join('.');
}

/** Networks of IP addresses in CIDR notation. */
import { canonicalAddress } from './client-address.ts';
import { formatIPv4, isIPv4, isIPv6, numericAddress, type NumericAddress } from './ip-address.ts';

export interface Network extends NumericAddress {
  readonly address: string;
  /** Significant bits. */
  readonly prefix: number;
}

/** Whether the text is meant as a network, valid or not: an address, a slash and a number. */
export function looksLikeNetwork(text: string): boolean {
  const address = text.split('/')[0]?.trim() ?? '';
  return /^[^/]+\/-?\d+\s*$/.test(text) && (isIPv4(address) || isIPv6(address));
}

/** Undefined for anything that is not a network. Bits after the prefix are ignored. */
export function parseNetwork(text: string): Network | undefined {
  const [, address = '', digits = ''] = /^([0-9a-f.:]+)\/(\d{1,3})$/i.exec(text.trim()) ?? [];
  const prefix = Number(digits);
  const parsed = numericAddress(address);
  if (parsed === undefined || prefix > parsed.bits) return undefined;
  // Records show IPv4-mapped addresses as IPv4, so such a network is an IPv4 network.
  const mapped = prefix >= 96 ? numericAddress(canonicalAddress(address) ?? '') : undefined;
  if (parsed.bits === 128 && mapped?.bits === 32) return { ...mapped, address, prefix: prefix - 96 };
  return { ...parsed, address, prefix };
}

/** Whether an address is in one of the networks. Takes a look-up for each length of prefix, not for each network. */
export function createNetworkMatcher(networks: readonly Network[]): (address: string) => boolean {
  const groups = groupsOf(networks);
  return (text) => {
    const address = groups.length === 0 ? undefined : numericAddress(text);
    return (
      address !== undefined &&
      groups.some(
        ({ bits, ignored, prefixes }) => address.bits === bits && prefixes.has(address.value >> ignored),
      )
    );
  };
}

/** Networks of one length: an address is in one of them if the bits that count are among their prefixes. */
interface NetworkGroup extends Pick<NumericAddress, 'bits'> {
  readonly ignored: bigint;
  readonly prefixes: Set<bigint>;
}

function groupsOf(networks: readonly Network[]): readonly NetworkGroup[] {
  const groups = new Map<string, NetworkGroup>();
  for (const { bits, prefix, value } of networks) {
    const key = `${bits}/${prefix}`;
    const ignored = BigInt(bits - prefix);
    const group = groups.get(key) ?? { bits, ignored, prefixes: new Set() };
    group.prefixes.add(value >> ignored);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** All addresses of the network; undefined when there are more than `atMost`, or more than one of IPv6. */
export function addressesOf(
  { bits, value, prefix, address }: Network,
  atMost: number,
): readonly string[] | undefined {
  const count = 2 ** (bits - prefix);
  if (count === 1) return [address];
  if (bits === 128 || count > atMost) return undefined;
  const first = value - (value % BigInt(count));
  return Array.from({ length: count }, (_, at) => formatIPv4(first + BigInt(at)));
}

/** Networks of addresses: people move within one, so that each new address is not a new place. */
import { formatIPv4, compressIPv6, numericAddress } from '../../../records/ip-address.ts';

/** Significant bits. */
export const networkPrefixes = { 32: 24, 128: 48 } as const;

/**
 * `192.0.2.0/24`, `2001:db8:7::/48`. Undefined for host names, and for `0.0.0.0` and `::`, which
 * records have where the address is unknown.
 */
export function networkOf(address: string): string | undefined {
  const parsed = numericAddress(address);
  if (parsed === undefined || parsed.value === 0n) return undefined;
  const { bits, value } = parsed;
  const ignored = BigInt(bits - networkPrefixes[bits]);
  const first = (value >> ignored) << ignored;
  const text = bits === 32 ? formatIPv4(first) : formatIPv6(first);
  return `${text}/${networkPrefixes[bits]}`;
}

const groups = [112n, 96n, 80n, 64n, 48n, 32n, 16n, 0n];

function formatIPv6(value: bigint): string {
  return compressIPv6(groups.map((shift) => ((value >> shift) & 0xffffn).toString(16)).join(':'));
}

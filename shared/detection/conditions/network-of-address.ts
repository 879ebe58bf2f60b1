/** The network that an address is taken to belong to. */
import { formatIPv4, numericAddress } from '../../records/ip-address.ts';

/** `192.0.2.0/24`, or `2001:db8:1::/48`, as internet providers assign them; undefined for anything but an address. */
export function networkOfAddress(address: string | undefined): string | undefined {
  const parsed = address === undefined ? undefined : numericAddress(address);
  if (parsed === undefined) return undefined;
  if (parsed.bits === 32) return `${formatIPv4((parsed.value >> 8n) << 8n)}/24`;
  const groups = [112n, 96n, 80n].map((shift) => ((parsed.value >> shift) & 0xffffn).toString(16));
  return `${groups.join(':')}::/48`;
}

/** Which calls without a caller are counted together: those that one client can send. */
import { canonicalAddress } from '../records/client-address.ts';
import { compressIPv6, numericAddress } from '../records/ip-address.ts';

/**
 * An IPv4 address, or the /64 network of an IPv6 address, which is what one client has. Empty if there is none.
 * @param forwardedFor the header `X-Forwarded-For`: the platform appends the last address; the client can forge those
 *   before it
 */
export function clientNetwork(forwardedFor: string | null): string {
  const address = canonicalAddress(forwardedFor?.split(',').at(-1) ?? '') ?? '';
  const number = numericAddress(address);
  if (number === undefined) return '';
  return number.bits === 32 ? address : networkOf(number.value >> 64n);
}

function networkOf(upperHalf: bigint): string {
  const groups = [48n, 32n, 16n, 0n].map((shift) => ((upperHalf >> shift) & 0xffffn).toString(16));
  return `${compressIPv6(`${groups.join(':')}::`)}/64`;
}

/** Finds the bare, canonical address in the many forms in which audit records contain it. */
import { compressIPv6, formatIPv4, isIPv6, numericAddress } from './ip-address.ts';

/**
 * `192.0.2.1:443`, `[2001:DB8::0]:443`, `::ffff:192.0.2.1`, `NAME (192.0.2.1)` and the like become
 * `192.0.2.1` or `2001:db8::`; a host name becomes lower case without its port. Undefined for an empty value.
 */
export function canonicalAddress(delivered: string): string | undefined {
  const text = delivered.trim();
  const named = /^\[?[^()]*\(([^()]+)\)\]?$/.exec(text)?.[1]?.trim();
  const bare = withoutPort(named ?? text);
  if (bare === '') return undefined;
  const address = bare.split('%')[0] ?? bare;
  return isIPv6(address) ? canonicalIPv6(address) : bare.toLowerCase();
}

/** Words that are delivered in place of an address. */
const noAddress: ReadonlySet<string> = new Set([
  ...['null', 'not available', 'unknown', 'none', 'not-found', 'n/a', 'na', 'undefined'],
]);

/**
 * The {@link canonicalAddress canonical addresses} in a field: proxies add theirs after a comma. Words and dashes in place
 * of an address are none.
 */
export function addressesIn(delivered: string): readonly string[] {
  return delivered
    .split(/[,;]/)
    .filter((text) => /[\p{L}\p{N}:]/u.test(text) && !noAddress.has(text.trim().toLowerCase()))
    .flatMap((text) => canonicalAddress(text) ?? []);
}

function withoutPort(text: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1];
  if (bracketed !== undefined) return bracketed.trim();
  if (isIPv6(text)) return text;
  return /^([^:]*):\d+$/.exec(text)?.[1] ?? text;
}

/** An IPv4-mapped address becomes IPv4. */
function canonicalIPv6(text: string): string {
  const compressed = compressIPv6(text);
  if (!/^::ffff:[\da-f]+:[\da-f]+$/.test(compressed)) return compressed;
  return formatIPv4((numericAddress(compressed)?.value ?? 0n) & 0xffff_ffffn);
}

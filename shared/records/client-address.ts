/** Finds the bare, canonical address in the many shapes that audit records deliver. */
import { isIPv4, isIPv6 } from 'node:net';

/**
 * `192.0.2.1:443`, `[2001:DB8::0]:443`, `::ffff:192.0.2.1`, `NAME (192.0.2.1)` and the like become
 * `192.0.2.1` or `2001:db8::`; a host name becomes lower case without its port. Undefined for nothing.
 */
export function canonicalAddress(delivered: string): string | undefined {
  const text = delivered.trim();
  const named = /^\[?[^()]*\(([^()]+)\)\]?$/.exec(text)?.[1]?.trim();
  const bare = withoutPort(named ?? text);
  if (bare === '') return undefined;
  const address = bare.split('%')[0] ?? bare;
  return isIPv6(address) ? canonicalIPv6(address) : bare.toLowerCase();
}

function withoutPort(text: string): string {
  const bracketed = /^\[([^\]]*)\](?::\d+)?$/.exec(text)?.[1];
  if (bracketed !== undefined) return bracketed.trim();
  if (isIPv6(text)) return text;
  return /^([^:]*):\d+$/.exec(text)?.[1] ?? text;
}

/** Lower case, zeros compressed as RFC 5952 says; an IPv4 address in IPv6 clothes becomes IPv4. */
function canonicalIPv6(text: string): string {
  const compressed = new URL(`http://[${text}]/`).hostname.slice(1, -1);
  const mapped = /^::ffff:([0-9a-f]+):([0-9a-f]+)$/.exec(compressed);
  if (mapped === null) return compressed;
  const [high, low] = [parseInt(mapped[1] ?? '0', 16), parseInt(mapped[2] ?? '0', 16)];
  const dotted = [high >> 8, high & 255, low >> 8, low & 255].join('.');
  return isIPv4(dotted) ? dotted : compressed;
}

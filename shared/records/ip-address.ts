/** IP addresses: what is one, and its number. */

const ipv4Pattern = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/;
const ipv6Pattern = /^([\da-f.]*:[\da-f:.]*)(?:%[\da-z.:-]+)?$/i;

export function isIPv4(text: string): boolean {
  return ipv4Pattern.test(text);
}

/** With or without a zone. */
export function isIPv6(text: string): boolean {
  const address = ipv6Pattern.exec(text)?.[1];
  return address !== undefined && URL.canParse(`http://[${address}]/`);
}

/** Lower case, zeros compressed as in RFC 5952. @param address a valid one without a zone */
export function compressIPv6(address: string): string {
  return new URL(`http://[${address}]/`).hostname.slice(1, -1);
}

export interface NumericAddress {
  readonly bits: 32 | 128;
  readonly value: bigint;
}

/** Undefined for text that is not an address, and for an address with a zone. */
export function numericAddress(text: string): NumericAddress | undefined {
  if (isIPv4(text)) return { bits: 32, value: joined(text.split('.').map(Number), 8n) };
  if (!isIPv6(text) || text.includes('%')) return undefined;
  const [head = [], tail = []] = compressIPv6(text)
    .split('::')
    .map((part) => part.split(':').flatMap((group) => (group === '' ? [] : parseInt(group, 16))));
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => 0);
  return { bits: 128, value: joined([...head, ...zeros, ...tail], 16n) };
}

function joined(parts: readonly number[], bitsOfPart: bigint): bigint {
  return parts.reduce((value, part) => (value << bitsOfPart) | BigInt(part), 0n);
}

/** @param value a 32-bit number */
export function formatIPv4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => (value >> shift) & 255n).join('.');
}

/** The app's own keys: they sign links and trigger states, and secrets are derived from them. */

/**
 * The current key, then its predecessors, each at least 32 random bytes. What any of them signed or encrypted is
 * accepted; only the current one signs and encrypts.
 */
export type SigningKeys = readonly [current: Buffer, ...previous: Buffer[]];

const leastBytes = 32;
/** Among 32 random bytes, fewer never occur; a hexadecimal text has up to 16. */
const leastDistinct = 8;

/** What is wrong with a signing key; undefined if nothing is. @param key base64 */
export function flawOfSigningKey(key: string): string | undefined {
  const bytes = Buffer.from(key, 'base64');
  if (bytes.length < leastBytes) return `must be at least ${leastBytes} bytes, base64`;
  if (new Set(bytes).size >= leastDistinct) return undefined;
  return 'is not random, so anyone could guess it: create one with openssl rand -base64 32';
}

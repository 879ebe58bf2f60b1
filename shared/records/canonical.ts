/** Tells whether two record texts say the same, whatever the order of their members. */
import { createHash } from 'node:crypto';

/**
 * 32 bytes. Equal for equal content with another key order or other blanks.
 * @param parsed the text's JSON value, undefined when it has none
 */
export function contentHash(bytes: Buffer, parsed: unknown): Buffer {
  const canonical = parsed === undefined ? bytes : canonicalOrBytes(bytes, parsed);
  return createHash('sha256').update(canonical).digest();
}

function canonicalOrBytes(bytes: Buffer, parsed: unknown): string | Buffer {
  try {
    return canonicalJson(parsed);
  } catch (error) {
    // Nested deeper than the stack: such a text stands for itself.
    if (error instanceof RangeError) return bytes;
    throw error;
  }
}

function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member)}`).join(',')}}`;
}

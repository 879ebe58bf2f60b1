/** Whether two record texts have the same content, whatever the order of their members. */
import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';

/**
 * 32 bytes. Equal for equal content with another key order or other whitespace; different for numbers that differ only
 * beyond JavaScript's precision. Bytes that are not a JSON object, not UTF-8 or nested too deeply are hashed as they are.
 * @param parsed the JSON value of the bytes, undefined if they have none
 */
export function contentHash(bytes: Buffer, parsed: unknown): Buffer {
  const canonical = parsed === undefined ? undefined : canonicalText(bytes, parsed);
  return createHash('sha256')
    .update(canonical ?? bytes)
    .digest();
}

/** Real records have up to 11 levels. */
const maxDepth = 200;

function canonicalText(bytes: Buffer, parsed: unknown): string | undefined {
  if (!isUtf8(bytes)) return undefined;
  const text = bytes.toString('utf8');
  // Numbers become texts if JavaScript might have rounded one of them.
  const exact: unknown = longDigits.test(text) ? JSON.parse(withExactNumbers(text)) : parsed;
  return canonicalJson(exact, 0);
}

const longDigits = /\d{16}|\d[eE]/;
const number = /-?\d[\d.eE+-]*/g;

/** Skips strings: a pattern that spans them would need a stack as deep as they are long. */
function withExactNumbers(text: string): string {
  const parts: string[] = [];
  for (let at = 0; at < text.length;) {
    const quote = text.indexOf('"', at);
    const end = quote === -1 ? text.length : quote;
    parts.push(text.slice(at, end).replaceAll(number, '"number $&"'));
    at = quote === -1 ? end : closingQuote(text, quote) + 1;
    parts.push(text.slice(end, at));
  }
  return parts.join('');
}

function closingQuote(text: string, opening: number): number {
  for (let at = text.indexOf('"', opening + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (text[at - 1 - backslashes] === '\\') backslashes++;
    if (backslashes % 2 === 0) return at;
  }
  return text.length;
}

/** Undefined if nested too deeply. */
function canonicalJson(value: unknown, depth: number): string | undefined {
  if (depth > maxDepth) return undefined;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Array.isArray(value)
    ? value.map((member) => canonicalJson(member, depth + 1))
    : Object.entries(value)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, member]) => named(key, canonicalJson(member, depth + 1)));
  if (members.includes(undefined)) return undefined;
  return Array.isArray(value) ? `[${members.join(',')}]` : `{${members.join(',')}}`;
}

function named(key: string, value: string | undefined): string | undefined {
  return value === undefined ? undefined : `${JSON.stringify(key)}:${value}`;
}

/** The text of a record as delivered, or its beginning if it is longer than can be held. */
import { parseJson } from '../json.ts';

export interface DeliveredText {
  readonly bytes: Buffer;
  /** `bytes` is only the beginning. */
  readonly truncated: boolean;
}

export function wholeText(bytes: Buffer): DeliveredText {
  return { bytes, truncated: false };
}

/**
 * The JSON value; undefined for a text that is not JSON. Of a truncated text an object with those of its members that
 * are whole in the beginning; undefined if there are none. Members after the first one that is not whole are unknown.
 */
export function parseText({ bytes, truncated }: DeliveredText): unknown {
  if (!truncated) return parseJson(bytes.toString('utf8'));
  const end = endOfMembers(bytes);
  return end === undefined ? undefined : parseJson(`${bytes.toString('utf8', 0, end)}}`);
}

const quote = 0x22;
const comma = 0x2c;
const backslash = 0x5c;
/** How deep what follows is nested, compared with what precedes it. */
const nesting: ReadonlyMap<number, number> = new Map([
  [0x5b, 1],
  [0x7b, 1],
  [0x5d, -1],
  [0x7d, -1],
]);

/** Position of the last comma between members of the outermost object. */
function endOfMembers(bytes: Buffer): number | undefined {
  let end: number | undefined;
  for (let at = 0, depth = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === quote) at = closingQuote(bytes, at);
    else if (byte === comma && depth === 1) end = at;
    else depth += nesting.get(byte) ?? 0;
  }
  return end;
}

/** The end if the string has no closing quote. */
function closingQuote(bytes: Buffer, opening: number): number {
  for (let at = bytes.indexOf(quote, opening + 1); at !== -1; at = bytes.indexOf(quote, at + 1)) {
    let backslashes = 0;
    while (bytes[at - 1 - backslashes] === backslash) backslashes++;
    if (backslashes % 2 === 0) return at;
  }
  return bytes.length;
}

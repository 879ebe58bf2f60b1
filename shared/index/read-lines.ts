/** Reads the lines of a raw blob in bounded memory. */
import { gunzip } from '../landing/gzip.ts';

/** Longer lines are truncated; see {@link RawLine}. */
export const maxLineBytes = 16 * 1024 * 1024;

/** A line without its line feed; if it is `truncated`, `bytes` is only its beginning. */
export interface RawLine {
  readonly line: number;
  readonly bytes: Buffer;
  readonly truncated: boolean;
}

/**
 * Lines of a gzip file, in order, numbered from 0.
 * @param maxBytes held of a line
 * @throws Error when the file is damaged or ends early
 */
export function readLines(
  gzipped: AsyncIterable<Buffer>,
  maxBytes: number = maxLineBytes,
): AsyncGenerator<RawLine> {
  return splitLines(gunzip(gzipped), maxBytes);
}

/** Lines of a text, in order, numbered from 0. @param maxBytes held of a line */
export async function* splitLines(text: AsyncIterable<Buffer>, maxBytes: number): AsyncGenerator<RawLine> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let line = 0;
  const take = (): RawLine => {
    const bytes = Buffer.concat(held);
    const truncated = heldBytes > maxBytes;
    held = [];
    heldBytes = 0;
    return { line: line++, bytes, truncated };
  };
  const hold = (part: Buffer) => {
    const room = Math.max(0, maxBytes - heldBytes);
    if (room > 0) held.push(part.subarray(0, room));
    heldBytes += part.length;
  };
  for await (const chunk of text) {
    let start = 0;
    for (let end = chunk.indexOf(0x0a); end !== -1; end = chunk.indexOf(0x0a, start)) {
      hold(chunk.subarray(start, end));
      yield take();
      start = end + 1;
    }
    if (start < chunk.length) hold(chunk.subarray(start));
  }
  if (heldBytes > 0) yield take();
}

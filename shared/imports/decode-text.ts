/** The text of a file, whatever it was encoded and compressed with. */
import { pipeline, Readable } from 'node:stream';
import { TextDecoder } from 'node:util';
import { createGunzip } from 'node:zlib';
import { UnreadableFileError } from './errors.ts';

/**
 * Decodes UTF-8, and UTF-16 as Windows PowerShell writes it, plain or compressed with gzip; a byte order mark is skipped.
 * @throws UnreadableFileError for a ZIP archive or workbook, a damaged gzip file, and bytes that are not text
 */
export async function* decodeText(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const [start, whole] = await peek(bytes, 4);
  if (isGzip(start)) {
    yield* decodeText(gunzip(whole));
    return;
  }
  if (start[0] === 0x50 && start[1] === 0x4b)
    throw new UnreadableFileError('it is a ZIP archive or a workbook: unpack it, or save it as CSV');
  const decoder = new TextDecoder(encodingOf(start), { fatal: true });
  try {
    for await (const chunk of whole) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UnreadableFileError(`it is not text in ${decoder.encoding.toUpperCase()}: save it as UTF-8`);
  }
}

function isGzip(start: Uint8Array): boolean {
  return start[0] === 0x1f && start[1] === 0x8b;
}

/** Without a byte order mark, a null byte next to the first character shows UTF-16. */
function encodingOf([first, second]: Uint8Array): string {
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return 'utf-16be';
  return 'utf-8';
}

/** @returns at least so many bytes, if there are as many, and all bytes from the beginning */
async function peek(
  bytes: AsyncIterable<Uint8Array>,
  length: number,
): Promise<readonly [start: Uint8Array, whole: AsyncIterable<Uint8Array>]> {
  const rest = bytes[Symbol.asyncIterator]();
  let start = Buffer.alloc(0);
  while (start.length < length) {
    const next = await rest.next();
    if (next.done === true) break;
    start = Buffer.concat([start, next.value]);
  }
  return [start, resume(start, rest)];
}

async function* resume(
  start: Uint8Array,
  rest: AsyncIterator<Uint8Array, unknown>,
): AsyncGenerator<Uint8Array> {
  yield start;
  yield* { [Symbol.asyncIterator]: () => rest };
}

async function* gunzip(zipped: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const inflated = createGunzip();
  // Errors reach the loop below, and a loop that ends early closes the source.
  pipeline(Readable.from(zipped), inflated, () => undefined);
  try {
    for await (const chunk of inflated) yield chunk as Buffer;
  } catch (error) {
    throw new UnreadableFileError('its gzip compression is damaged, or its end is missing', { cause: error });
  }
}

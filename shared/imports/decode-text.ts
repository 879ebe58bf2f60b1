/** The text of a file, whatever it was encoded and compressed with. */
import { TextDecoder } from 'node:util';
import { gunzip } from '../landing/gzip.ts';
import { lengthOf, peek, prepend } from '../peek.ts';
import { TooMuchTextError, UnreadableFileError } from './errors.ts';

/**
 * Decodes UTF-8, and UTF-16 as Windows PowerShell writes it, plain or compressed with gzip; a byte order mark is skipped.
 * @throws UnreadableFileError for a ZIP archive or workbook, a damaged gzip file, gzip within gzip, and bytes that are not text
 * @throws TooMuchTextError after `maxCharacters` of text
 */
export async function* decodeText(
  bytes: AsyncIterable<Uint8Array>,
  maxCharacters: number,
): AsyncGenerator<string> {
  let left = maxCharacters;
  for await (const chunk of decode(bytes, unzippedOnce)) {
    // Up to the same character however the text is cut into chunks, so that every run reads the same rows.
    yield chunk.slice(0, left);
    left -= chunk.length;
    if (left < 0) throw new TooMuchTextError(0);
  }
}

type Unpack = (gzipped: AsyncIterable<Uint8Array>) => AsyncGenerator<string>;

async function* decode(bytes: AsyncIterable<Uint8Array>, unpack: Unpack): AsyncGenerator<string> {
  const { start: held, rest } = await peek(bytes, (chunks) => lengthOf(chunks) >= markBytes);
  const start = Buffer.concat(held);
  const whole = prepend(held, rest);
  if (isGzip(start)) {
    yield* unpack(whole);
    return;
  }
  if (start[0] === 0x50 && start[1] === 0x4b)
    throw new UnreadableFileError(
      'is a ZIP archive or a workbook: unpack the archive, or use the file as it was exported',
    );
  const decoder = new TextDecoder(encodingOf(start), { fatal: true });
  try {
    for await (const chunk of whole) yield decoder.decode(chunk, { stream: true });
    yield decoder.decode();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UnreadableFileError(`is not text in ${decoder.encoding.toUpperCase()}: save it as UTF-8`);
  }
}

/** One level only: a file can be made that unpacks to itself. */
function unzippedOnce(gzipped: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  return decode(unzipped(gzipped), () => {
    throw new UnreadableFileError('is compressed twice: unpack it once');
  });
}

/** What shows how a file is encoded. */
const markBytes = 4;

function isGzip(start: Uint8Array): boolean {
  return start[0] === 0x1f && start[1] === 0x8b;
}

/** Without a byte order mark, a null byte next to the first character shows UTF-16. */
function encodingOf([first, second]: Uint8Array): string {
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return 'utf-16be';
  return 'utf-8';
}

async function* unzipped(gzipped: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* gunzip(gzipped);
  } catch (error) {
    throw new UnreadableFileError('has damaged gzip compression, or its end is missing', { cause: error });
  }
}

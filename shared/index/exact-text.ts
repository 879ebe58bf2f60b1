/** Reads the text of a record from where its row has it: in the row itself, or in a raw blob. */
import type { RawStore } from '../landing/landing.ts';
import { unpackText } from './packing.ts';
import { readLines, type RawLine } from './read-lines.ts';
import type { IndexRow, TextPointer } from './record-index.ts';

/** A row of `time`. */
type TextRow = Pick<IndexRow, 'text' | 'textAt'>;

/** No record is known to have had a tenth of a megabyte. */
const maxTextBytes = 128 * 1024 * 1024;

/**
 * The exact bytes as delivered.
 * @throws Error when they are not where the row says, or are more than can be held
 */
export async function exactText(raw: RawStore, { text, textAt }: TextRow): Promise<Buffer> {
  if (text !== undefined) return unpackText(text);
  const { bytes, truncated } = await lineAt(raw, textAt, maxTextBytes);
  // Half of a record would be no evidence.
  if (truncated) throw new Error('The record is larger than can be held.');
  return bytes;
}

/**
 * Of a longer record the first 16 MiB, so that searching many stays within memory.
 * @throws Error when they are not where the row says
 */
export async function textToSearch(raw: RawStore, { text, textAt }: TextRow): Promise<Buffer> {
  return text === undefined ? (await lineAt(raw, textAt)).bytes : unpackText(text);
}

async function lineAt(raw: RawStore, at: TextPointer | undefined, maxBytes?: number): Promise<RawLine> {
  if (at === undefined) throw new Error('The row has no text and does not say where it is.');
  const blob = await raw.read(at.blobName);
  if (blob === undefined) throw new Error('The raw blob that holds the text is not there.');
  for await (const read of readLines(blob.body, maxBytes)) if (read.line === at.line) return read;
  throw new Error('The raw blob has fewer lines than the index says.');
}

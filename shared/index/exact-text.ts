/** Reads the text of a record from its row, or from the raw blob that the row points to. */
import type { RawStore } from '../landing/raw-store.ts';
import { wholeText, type DeliveredText } from '../records/delivered-text.ts';
import { unpackText } from './packing.ts';
import { readLines, type RawLine } from './read-lines.ts';
import type { StoredText, TextPointer } from './record-index.ts';

type RawReader = Pick<RawStore, 'read'>;

/** No record is known to have a tenth of a megabyte. */
const maxTextBytes = 128 * 1024 * 1024;

/**
 * The exact bytes as delivered.
 * @throws Error when they are not where the row says, or are too many to be held
 */
export async function exactText(raw: RawReader, { text, textAt }: StoredText): Promise<Buffer> {
  if (text !== undefined) return unpackText(text);
  const { bytes, truncated } = await lineAt(raw, textAt, maxTextBytes);
  // A truncated record is not evidence.
  if (truncated) throw new Error('The record is too large to be read.');
  return bytes;
}

/**
 * Only the first 16 MiB of a longer record, so that searching many stays within memory.
 * @throws Error when they are not where the row says
 */
export async function textToSearch(raw: RawReader, { text, textAt }: StoredText): Promise<DeliveredText> {
  return text === undefined ? await lineAt(raw, textAt) : wholeText(unpackText(text));
}

async function lineAt(raw: RawReader, at: TextPointer | undefined, maxBytes?: number): Promise<RawLine> {
  if (at === undefined) throw new Error('The row has neither a text nor a pointer to it.');
  const blob = await raw.read(at.blobName);
  if (blob === undefined) throw new Error('The raw blob that holds the text does not exist.');
  for await (const read of readLines(blob.body, maxBytes)) if (read.line === at.line) return read;
  throw new Error('The raw blob has fewer lines than the index says.');
}

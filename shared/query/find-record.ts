/** Finds one record by its id alone, with its exact text. */
import { RequestError } from '../errors.ts';
import { dateOfInverted, monthOf } from '../index/keys.ts';
import { unpackText } from '../index/packing.ts';
import { readLines } from '../index/read-lines.ts';
import type { IndexRow, RecordIndex, TextPointer } from '../index/record-index.ts';
import type { RawStore } from '../landing/landing.ts';
import { completedBy, recordOfRow, type FoundRecord } from './found-record.ts';
import { recordIdPattern } from './reading/id-stream.ts';

export interface FindDeps {
  readonly index: RecordIndex;
  readonly raw: RawStore;
}

export interface RecordWithText {
  readonly record: FoundRecord;
  /** The exact bytes as delivered. */
  readonly text: Buffer;
}

/** No record is known to have had a tenth of a megabyte. */
const maxTextBytes = 128 * 1024 * 1024;

/**
 * Two point reads: its claim, and its row.
 * @throws RequestError 404, the same for every way in which a record is not there
 * @throws Error when the text is not where the index says
 */
export async function findRecord(deps: FindDeps, tenantId: string, id: string): Promise<RecordWithText> {
  const wanted = id.trim().toLowerCase();
  const row = recordIdPattern.test(wanted) ? await findRow(deps.index, tenantId, wanted) : undefined;
  if (row === undefined) throw new RequestError(404, 'RecordNotFound', 'This tenant has no such record.');
  const text = await textOf(deps.raw, row);
  return { record: completedBy(recordOfRow(row, tenantId), text), text };
}

async function findRow(index: RecordIndex, tenantId: string, id: string): Promise<IndexRow | undefined> {
  const claim = (await index.readClaims(tenantId, [id])).get(id);
  if (claim === undefined) return undefined;
  const month = monthOf(dateOfInverted(claim.inverted));
  return await index.getRow(tenantId, month, 'time', `${claim.inverted}_${id}`);
}

async function textOf(raw: RawStore, { text, textAt }: IndexRow): Promise<Buffer> {
  if (text !== undefined) return unpackText(text);
  if (textAt === undefined) throw new Error('The row has no text and does not say where it is.');
  return await readRawLine(raw, textAt);
}

async function readRawLine(raw: RawStore, { blobName, line }: TextPointer): Promise<Buffer> {
  const blob = await raw.read(blobName);
  if (blob === undefined) throw new Error('The raw blob that holds the text is not there.');
  for await (const read of readLines(blob.body, maxTextBytes)) {
    if (read.line !== line) continue;
    // Half of a record would be no evidence.
    if (read.truncated) throw new Error('The record is larger than an answer may be.');
    return read.bytes;
  }
  throw new Error('The raw blob has fewer lines than the index says.');
}

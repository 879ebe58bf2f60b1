/** Finds one record by its id, with its exact text. */
import { RequestError } from '../errors.ts';
import { exactText } from '../index/exact-text.ts';
import type { IndexRow, RecordIndex } from '../index/record-index.ts';
import { wholeText } from '../records/delivered-text.ts';
import { completedFromText, recordOfRow, type FoundRecord } from './found-record.ts';
import { recordIdPattern } from './reading/id-stream.ts';
import type { TextDeps } from './reading/row-filter.ts';
import { readTimeRow } from './reading/time-row.ts';

export type FindDeps = TextDeps;

export interface RecordWithText {
  readonly record: FoundRecord;
  /** The exact bytes as delivered. */
  readonly text: Buffer;
}

/**
 * Two point reads: its claim, and its row.
 * @throws RequestError 404, the same for every reason why a record is not found
 * @throws Error when the text is not where the index says
 */
export async function findRecord(deps: FindDeps, tenantId: string, id: string): Promise<RecordWithText> {
  const wanted = id.trim().toLowerCase();
  const row = recordIdPattern.test(wanted) ? await findRow(deps.index, tenantId, wanted) : undefined;
  if (row === undefined)
    throw new RequestError(404, 'RecordNotFound', 'This tenant has no such record. Check tenant and ID.');
  const text = await exactText(deps.raw, row);
  return { record: completedFromText(recordOfRow(row, tenantId), wholeText(text)), text };
}

async function findRow(index: RecordIndex, tenantId: string, id: string): Promise<IndexRow | undefined> {
  const claim = (await index.readClaims(tenantId, [id])).get(id);
  if (claim === undefined) return undefined;
  return await readTimeRow(index, tenantId, `${claim.inverted}_${id}`);
}

/** Rows of the time partition: they hold the texts of their records, or pointers to them. */
import type { IndexRow, RecordIndex } from '../../index/record-index.ts';
import { monthOf } from '../../index/keys.ts';
import { dateOfPosition, positionOf, type FoundRecord } from '../found-record.ts';

/** One point read. @param position `{inverted time}_{id}` */
export async function readTimeRow(
  index: RecordIndex,
  tenantId: string,
  position: string,
): Promise<IndexRow | undefined> {
  return await index.getRow(tenantId, monthOf(dateOfPosition(position)), 'time', position);
}

/** No read where the record came with its row. */
export async function timeRowOf(index: RecordIndex, record: FoundRecord): Promise<IndexRow | undefined> {
  return record.timeRow ?? (await readTimeRow(index, record.tenantId, positionOf(record)));
}

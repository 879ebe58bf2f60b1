/** A month of invented records in an index of tables. */
import type { DeliveredRecord } from '../../../../shared/index/delivered-records.ts';
import type { Month } from '../../../../shared/index/keys.ts';
import type { RecordIndex } from '../../../../shared/index/record-index.ts';
import { recordRows } from '../../../../shared/index/rows.ts';
import { parseRecord } from '../../../../shared/records/audit-record.ts';
import { generateRecords } from '../../../simulator/synthetic-records.ts';
import { tenantId } from '../placed-records.ts';

export const month: Month = '202603';

/** Records as the simulator generates them for benchmarks, all of March. */
export function inventedRecords(count: number, seed = 1): readonly DeliveredRecord[] {
  const now = new Date('2026-03-31T23:00:00Z');
  return [...generateRecords({ tenantId, count, seed, now })].map(({ text, contentType }, line) => {
    const record = parseRecord(Buffer.from(text));
    const landedAt = new Date(Date.UTC(2026, 3, 1) + Math.floor(line / 70) * 300_000);
    const time = record.createdDateTime ?? landedAt;
    const delivery = { contentType, source: 'feed', contentCreated: landedAt, landedAt } as const;
    return { record, id: record.id, time, line, createdSource: 'record', delivery };
  });
}

/** @returns the number of rows */
export async function writeRecords(
  index: Pick<RecordIndex, 'writeRows'>,
  records: readonly DeliveredRecord[],
): Promise<number> {
  const rows = records.flatMap((one) => recordRows(one, { tenantId, blobName: 'tenant=a/b.ndjson.gz' }));
  for (const { dimension, row } of rows) await index.writeRows(tenantId, month, dimension, [row]);
  return rows.length;
}

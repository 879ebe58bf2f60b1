/** Records as the indexer hands them on, for tests. */
import { createHash } from 'node:crypto';
import { parseRecord, type Delivery } from '../../../shared/records/audit-record.ts';
import type { DeliveredRecord } from '../../../shared/index/delivered-records.ts';

export const tenantId = '11111111-2222-4333-8444-555555555555';
const landedAt = new Date('2026-03-02T10:00:00Z');

/** An invented GUID that is always the same for the same number. */
export function guidOf(number: number): string {
  const hex = createHash('sha256').update(String(number)).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** A record at a line, of 2 March 2026 unless it says otherwise. */
export function placeRecord(line: number, fields: unknown): DeliveredRecord {
  const text = typeof fields === 'string' ? fields : JSON.stringify(fields);
  const record = parseRecord(Buffer.from(text));
  const time = record.createdDateTime ?? new Date('2026-03-02T09:00:00Z');
  const delivery: Delivery = {
    ...{ contentType: 'Audit.General', contentCreated: landedAt, landedAt, source: 'feed' },
  };
  return { record, id: record.id, time, line, createdSource: 'record', delivery };
}

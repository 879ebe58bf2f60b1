/** Records as rules see them. */
import type { WatchedRecord } from '../../../shared/detection/conditions/watched-record.ts';
import { createRecordText } from '../../../shared/query/matching/free-text.ts';
import { parseRecord } from '../../../shared/records/audit-record.ts';
import { contentTypeOf } from '../../../shared/records/content-type.ts';

const created = new Date('2026-03-02T09:00:00Z');

/** @param fields the record as delivered */
export function watched(
  fields: Readonly<Record<string, unknown>>,
  acceptedDomains: readonly string[] = ['contoso.example', 'contoso.onmicrosoft.com'],
): WatchedRecord {
  const bytes = Buffer.from(JSON.stringify(fields));
  const { id, createdDateTime = created, summary } = parseRecord(bytes);
  return {
    tenantId: '11111111-1111-4111-8111-111111111111',
    record: {
      ...{ id, createdDateTime, summary, createdSource: 'record', source: 'feed' },
      contentType: contentTypeOf(summary),
      ingestedDateTime: created,
    },
    text: createRecordText(bytes),
    acceptedDomains,
  };
}

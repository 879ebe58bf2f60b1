/** Records to send, made up. */
import { randomUUID } from 'node:crypto';
import type { OutgoingRecord } from '../../../shared/destinations/outgoing.ts';
import { parseRecord } from '../../../shared/records/audit-record.ts';

let line = 0;

/** @param members of the record as delivered, in addition to those that every record has */
export function outgoingRecord(
  members: Readonly<Record<string, unknown>> = {},
  more: Partial<OutgoingRecord> = {},
): OutgoingRecord {
  const delivered = {
    Id: randomUUID(),
    CreationTime: '2026-03-02T08:00:00',
    RecordType: 6,
    Operation: 'FileDownloaded',
    Workload: 'SharePoint',
    UserId: 'ada@fabrikam.example',
    OrganizationId: tenantId,
    ...members,
  };
  return outgoingText(JSON.stringify(delivered), more);
}

const tenantId = '3f0c9f1e-1111-4222-8333-444455556666';

/** @param text as delivered, JSON or not */
export function outgoingText(text: string, more: Partial<OutgoingRecord> = {}): OutgoingRecord {
  const parsed = parseRecord(Buffer.from(text));
  return {
    tenantId,
    tenantName: 'Fabrikam',
    id: parsed.id,
    createdDateTime: parsed.createdDateTime ?? new Date('2026-03-02T08:00:00Z'),
    createdSource: 'record',
    summary: parsed.summary,
    contentType: 'Audit.SharePoint',
    source: 'feed',
    ingestedDateTime: new Date('2026-03-02T08:05:00Z'),
    place: { sequence: 1_772_440_000_000, line: line++ },
    text: Buffer.from(text),
    truncated: false,
    ...more,
  };
}

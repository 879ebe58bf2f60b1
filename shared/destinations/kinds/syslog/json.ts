/** Records as they were delivered. */
import type { OutgoingRecord } from '../../outgoing.ts';
import { jsonOf } from '../record-json.ts';
import { wellFormed } from '../well-formed.ts';
import { beginningOf, fitting, type MessageBody } from './text.ts';

/**
 * The record itself; of one that is too long, an object with its main members, so that the message is JSON in any case
 * and is found by what is searched for.
 */
export function jsonBody(record: OutgoingRecord, maxBytes: number): MessageBody {
  const whole = jsonOf(record);
  if (whole.length <= maxBytes) return { content: whole, isCut: false };
  const members = mainMembers(record).flatMap(([name, value]) =>
    value === undefined ? [] : [`,${JSON.stringify(name)}:${JSON.stringify(value)}`],
  );
  const { parts } = fitting(members, maxBytes - head.length - 1);
  return { content: Buffer.from(`${head}${parts.join('')}}`), isCut: true };
}

const head = '{"AuditkeepTruncated":true';
const maxLength = 500;

/** Under Microsoft's names, the most useful first. */
function mainMembers({
  id,
  createdDateTime,
  tenantId,
  summary,
}: OutgoingRecord): readonly (readonly [string, string | number | undefined])[] {
  const text = (value: string | undefined) =>
    value === undefined ? undefined : wellFormed(beginningOf(value, maxLength));
  return [
    ['Id', id],
    ['CreationTime', createdDateTime.toISOString().slice(0, 19)],
    ['OrganizationId', tenantId],
    ['RecordType', summary.recordType],
    ['Operation', text(summary.operation)],
    ['Workload', text(summary.service)],
    ['UserId', text(summary.userId)],
    ['ClientIP', text(summary.clientIp)],
    ['ResultStatus', text(summary.resultStatus)],
    ['UserType', summary.userType],
    ['ObjectId', text(summary.objectId)],
    ['UserKey', text(summary.userKey)],
  ];
}

/** Members that documents and rows of records have, by the names that Microsoft's schema gives them. */
import { recordTypeName, userTypeName } from '../../records/record-types.ts';
import type { OutgoingRecord } from '../outgoing.ts';

/**
 * All but times, IDs, and the record itself, which each kind names as its receiver demands. Undefined for what a record
 * does not have.
 * @param readable a text as the receiver can hold it
 */
export function membersOf(
  { tenantName, summary, place }: OutgoingRecord,
  readable: (text: string) => string,
): Readonly<Record<string, string | number | undefined>> {
  const text = (value: string | undefined) => (value === undefined ? undefined : readable(value));
  return {
    TenantName: text(tenantName),
    RecordType: summary.recordType,
    RecordTypeName: summary.recordType === undefined ? undefined : recordTypeName(summary.recordType),
    Operation: text(summary.operation),
    Workload: text(summary.service),
    UserId: text(summary.userId),
    UserKey: text(summary.userKey),
    UserType: summary.userType === undefined ? undefined : userTypeName(summary.userType),
    ClientIP: text(summary.clientIp),
    ObjectId: text(summary.objectId),
    ResultStatus: text(summary.resultStatus),
    Sequence: place.sequence,
    Line: place.line,
  };
}

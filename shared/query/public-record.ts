/** A record as answers show it: names as in Microsoft Graph's auditLogRecord. */
import { recordTypeName, userTypeName } from '../records/record-types.ts';
import type { FoundRecord } from './list-records.ts';

/** Absent members were not delivered. */
export function publicRecord({ id, createdDateTime, summary, ...found }: FoundRecord) {
  return {
    id,
    createdDateTime: createdDateTime.toISOString(),
    ...(found.createdSource === 'record' ? {} : { createdDateTimeSource: found.createdSource }),
    auditLogRecordType: summary.recordType === undefined ? undefined : recordTypeName(summary.recordType),
    recordType: summary.recordType,
    operation: summary.operation,
    userId: summary.userId,
    userType: summary.userType === undefined ? undefined : userTypeName(summary.userType),
    userKey: summary.userKey,
    service: summary.service,
    objectId: summary.objectId,
    clientIp: summary.clientIp,
    resultStatus: summary.resultStatus,
    siteUrl: summary.siteUrl,
    mailboxOwner: summary.mailboxOwner,
    organizationId: summary.organizationId,
    contentType: found.contentType,
    ingestedDateTime: found.ingestedDateTime.toISOString(),
  };
}

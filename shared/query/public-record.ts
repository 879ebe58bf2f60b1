/** A record as answers show it: names as in Microsoft Graph's auditLogRecord. */
import { recordTypeName, userTypeName } from '../records/record-types.ts';
import type { FoundRecord } from './found-record.ts';

/** What lists can show of a record. */
export const recordMembers = [
  ...(['id', 'createdDateTime', 'createdDateTimeSource', 'auditLogRecordType', 'recordType'] as const),
  ...(['operation', 'userId', 'userType', 'userKey', 'service', 'objectId', 'clientIp'] as const),
  ...(['resultStatus', 'siteUrl', 'siteId', 'mailboxOwner', 'teamId', 'administrativeUnits'] as const),
  ...(['organizationId', 'contentType', 'ingestedDateTime'] as const),
] as const;
export type RecordMember = (typeof recordMembers)[number];

export function isRecordMember(name: string): name is RecordMember {
  return recordMembers.some((member) => member === name);
}

export type PublicRecord = Readonly<
  Partial<Record<RecordMember, string | number | readonly string[] | undefined>>
>;

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
    siteId: summary.siteId,
    mailboxOwner: summary.mailboxOwner,
    teamId: summary.teamId,
    administrativeUnits: summary.administrativeUnits,
    organizationId: summary.organizationId,
    contentType: found.contentType,
    ingestedDateTime: found.ingestedDateTime.toISOString(),
  } satisfies PublicRecord;
}

/** The members that were asked for, in that order; all when none were. */
export function selectMembers(
  record: FoundRecord,
  select: readonly RecordMember[] | undefined,
): PublicRecord {
  const all: PublicRecord = publicRecord(record);
  return select === undefined ? all : Object.fromEntries(select.map((member) => [member, all[member]]));
}

/** A record in the wrapper of Graph, which spells it differently from the feed. */

import type { AuditedRecord } from './audited-records.ts';

const wrapperType = '#microsoft.graph.security.auditLogRecord';
const dataType = '#microsoft.graph.security.defaultAuditData';

/** `userId` has the record's UserKey and `userPrincipalName` its UserId, as on live tenants. */
export const auditLogRecordOf = ({ fields, time }: AuditedRecord): Readonly<Record<string, unknown>> => ({
  '@odata.type': wrapperType,
  id: fields['Id'],
  createdDateTime: new Date(time).toISOString(),
  auditLogRecordType: String(fields['RecordType']),
  operation: fields['Operation'],
  organizationId: fields['OrganizationId'],
  userType: String(fields['UserType']),
  userId: fields['UserKey'],
  service: fields['Workload'],
  objectId: fields['ObjectId'] ?? '',
  userPrincipalName: fields['UserId'],
  clientIp: fields['ClientIP'] ?? '',
  administrativeUnits: [],
  auditData: { '@odata.type': dataType, ...respelled(fields) },
});

/** In another order, with types of lists, and with a member that the feed does not have. */
const respelled = (fields: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
  const members = Object.entries(fields)
    .toReversed()
    .flatMap(([name, value]): [string, unknown][] =>
      Array.isArray(value)
        ? [
            [`${name}@odata.type`, '#Collection(microsoft.graph.security.auditData)'],
            [name, value],
          ]
        : [[name, value]],
    );
  return { ...Object.fromEntries(members), AssociatedAdminUnits: [] };
};

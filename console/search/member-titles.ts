/** Members of records in words. */
import type { AnswerTo } from '../api/paths.ts';

type Member = Exclude<keyof AnswerTo<'GetRecord'>, 'auditData'>;

/** In the order in which a record shows them. */
export const memberTitles: Readonly<Record<Member, string>> = {
  createdDateTime: 'When it happened',
  createdDateTimeSource: 'Where that time is from',
  userId: 'Person',
  operation: 'Operation',
  service: 'Service',
  objectId: 'Object',
  clientIp: 'Address',
  resultStatus: 'Result',
  mailboxOwner: 'Mailbox',
  siteUrl: 'Site',
  siteId: 'Site ID',
  teamId: 'Team',
  auditLogRecordType: 'Record type',
  recordType: 'Number of the record type',
  userType: 'User type',
  userKey: 'User key',
  administrativeUnits: 'Administrative units',
  organizationId: 'Organization',
  id: 'Record ID',
  contentType: 'Content type',
  source: 'Source',
  ingestedDateTime: 'When Auditkeep received it',
};

// The table has a row for each member.
export const memberNames = Object.keys(memberTitles) as readonly Member[];

/** Undefined if it is not a member, such as a path into the delivered record. */
export function memberNamed(name: string): Member | undefined {
  return memberNames.find((member) => member === name);
}

/** What is not a member is named as it is written. */
export function titleOfMember(name: string): string {
  const member = memberNamed(name);
  return member === undefined ? name : memberTitles[member];
}

/**
 * Records in the Log Event Extended Format, version 2.0.
 * @see https://www.ibm.com/docs/en/dsm?topic=leef-overview
 */
import { isIPv4, isIPv6 } from '../../../records/ip-address.ts';
import { recordTypeName } from '../../../records/record-types.ts';
import type { OutgoingRecord } from '../../outgoing.ts';
import { membersOf, textIn } from './members.ts';
import { severityOf } from './severity.ts';
import { beginningOf, controls, fitting, type MessageBody } from './text.ts';

/** The usual tab would be escaped by receivers of syslog. */
const separator = '^';
const maxLength = 2000;
const truncated = `${separator}truncated=true`;

export function leefBody(record: OutgoingRecord, maxBytes: number): MessageBody {
  const operation = header(beginningOf(record.summary.operation ?? 'Unknown', 200));
  const start = `LEEF:2.0|Microsoft|Office 365|1|${operation}|${separator}|`;
  const attributes = attributesOf(record).flatMap(([key, value]) =>
    value === undefined || value === '' ? [] : [{ key, value }],
  );
  const isShortened = attributes.some(({ value }) => value.length > maxLength);
  const room = maxBytes - Buffer.byteLength(start) - truncated.length;
  const texts = attributes.map(
    ({ key, value }) => `${separator}${key}=${plain(beginningOf(value, maxLength))}`,
  );
  const { parts, isCut } = fitting(texts, room);
  const isMarked = isCut || isShortened || record.truncated;
  const content = `${start}${[...parts, isMarked ? truncated : ''].join('').slice(separator.length)}`;
  return { content: Buffer.from(content), isCut: isCut || isShortened };
}

/** The most useful first. Those without a meaning in LEEF have names of their own. */
function attributesOf(
  record: OutgoingRecord,
): readonly (readonly [key: string, value: string | undefined])[] {
  const { summary, createdDateTime } = record;
  const members = membersOf(record);
  const { clientIp: ip = '', recordType, userType } = summary;
  return [
    ['devTime', createdDateTime.toISOString().replace('Z', '+0000')],
    ['devTimeFormat', "yyyy-MM-dd'T'HH:mm:ss.SSSZ"],
    ['cat', summary.service],
    ['sev', String(severityOf(record).event)],
    ['usrName', summary.userId],
    ['src', isIPv4(ip) || isIPv6(ip) ? ip : undefined],
    ['recordId', record.id],
    ['tenantId', record.tenantId],
    ['resultStatus', summary.resultStatus],
    ['recordType', recordType === undefined ? undefined : recordTypeName(recordType)],
    ['userType', userType?.toString()],
    ['resource', summary.objectId],
    ['mailboxOwner', summary.mailboxOwner],
    ['fileName', textIn(members, 'SourceFileName')],
    ['userKey', summary.userKey],
    ['userAgent', textIn(members, 'UserAgent', 'ClientInfoString')],
    ['tenantName', record.tenantName],
    ['parameters', textIn(members, 'Parameters', 'ModifiedProperties')],
  ];
}

/** LEEF has no way to escape: what separates becomes a blank. */
function plain(text: string): string {
  return text.replace(controls, ' ').replaceAll(separator, ' ');
}

function header(text: string): string {
  return plain(text).replaceAll('|', ' ');
}

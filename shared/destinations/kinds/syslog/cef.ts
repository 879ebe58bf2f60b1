/**
 * Records in the Common Event Format, version 0.
 * @see https://www.microfocus.com/documentation/arcsight/arcsight-smartconnectors/ (CEF Implementation Standard)
 */
import { isIPv4, isIPv6 } from '../../../records/ip-address.ts';
import { recordTypeName } from '../../../records/record-types.ts';
import type { OutgoingRecord } from '../../outgoing.ts';
import { membersOf, textIn } from './members.ts';
import { severityOf } from './severity.ts';
import { beginningOf, controls, fitting, type MessageBody } from './text.ts';

export function cefBody(record: OutgoingRecord, maxBytes: number): MessageBody {
  const operation = header(beginningOf(record.summary.operation ?? 'Unknown', 200));
  const start = `CEF:0|Microsoft|Microsoft 365|1|${operation}|${operation}|${severityOf(record).event}|`;
  const fields = fieldsOf(record).filter(({ value }) => value !== undefined && value !== '');
  const isShortened = fields.some(({ value = '', maxLength }) => value.length > maxLength);
  const room = maxBytes - Buffer.byteLength(start) - truncated.length;
  const { parts, isCut } = fitting(fields.map(extension), room);
  const isMarked = isCut || isShortened || record.truncated;
  const content = `${start}${[...parts, isMarked ? truncated : ''].join('').trimStart()}`;
  return { content: Buffer.from(content), isCut: isCut || isShortened };
}

const truncated = ' cs5Label=Truncated cs5=true';

interface Field {
  readonly key: string;
  readonly value: string | undefined;
  /** Of the value before it is escaped, in UTF-16 code units. */
  readonly maxLength: number;
  /** Of a key that has no meaning of its own. */
  readonly label?: string;
}

/** The most useful first. */
function fieldsOf(record: OutgoingRecord): readonly Field[] {
  const { summary } = record;
  const members = membersOf(record);
  const { clientIp: ip = '', objectId, recordType, userType } = summary;
  return [
    field('rt', String(record.createdDateTime.getTime())),
    field('externalId', record.id, 40),
    field('act', summary.operation, 63),
    labeled('cs2', 'OrganizationId', record.tenantId),
    field('suser', summary.userId),
    field('src', isIPv4(ip) ? ip : undefined),
    labeled('c6a2', 'Source IPv6 Address', isIPv6(ip) ? ip : undefined),
    field('destinationServiceName', summary.service),
    field('outcome', summary.resultStatus, 63),
    labeled('cs1', 'RecordType', recordType === undefined ? undefined : recordTypeName(recordType)),
    labeled('cn1', 'UserType', userType?.toString()),
    field('duser', summary.mailboxOwner),
    labeled('cs3', 'ObjectId', objectId),
    field('request', objectId?.startsWith('https://') === true ? objectId : undefined),
    field('fname', textIn(members, 'SourceFileName')),
    field('suid', summary.userKey),
    field('requestClientApplication', textIn(members, 'UserAgent', 'ClientInfoString')),
    labeled('cs6', 'TenantName', record.tenantName),
    labeled('cs4', 'Parameters', textIn(members, 'Parameters', 'ModifiedProperties')),
  ];
}

/** What the standard allows for most keys. */
const usualLength = 1023;
const customLength = 4000;

function field(key: string, value: string | undefined, maxLength = usualLength): Field {
  return { key, value, maxLength };
}

function labeled(key: string, label: string, value: string | undefined): Field {
  return { key, value, maxLength: customLength, label };
}

function extension({ key, value = '', maxLength, label }: Field): string {
  const text = `${key}=${escaped(beginningOf(value, maxLength))}`;
  return label === undefined ? ` ${text}` : ` ${key}Label=${label} ${text}`;
}

function header(text: string): string {
  return text.replace(controls, ' ').replace(/[\\|]/g, '\\$&');
}

function escaped(text: string): string {
  return text
    .replace(/[\\=]/g, '\\$&')
    .replace(/\r\n|\r|\n/g, '\\n')
    .replace(controls, ' ');
}

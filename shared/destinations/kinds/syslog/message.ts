/** What precedes the body of a message. */
import type { OutgoingRecord } from '../../outgoing.ts';
import { severityOf } from './severity.ts';
import { beginningOf, controls } from './text.ts';

/** "Log audit". */
const facility = 13;

/** What RFC 5612 reserves for examples: this project has no number of its own at IANA. */
const enterprise = 32473;

/** Ends with a blank. @param isCut the body does not have all of the record */
export function headOf(record: OutgoingRecord, isCut: boolean): string {
  const { createdDateTime, tenantId, tenantName, summary } = record;
  const priority = facility * 8 + severityOf(record).syslog;
  const host = nameOf(tenantName, 64) || tenantId;
  const id = nameOf(summary.operation ?? '', 32) || '-';
  const data = structuredData(record, isCut);
  return `<${priority}>1 ${createdDateTime.toISOString()} ${host} auditkeep - ${id} ${data} `;
}

/** As headers have names: visible ASCII without blanks. Letters of other scripts, the en dash for one, become hyphens. */
function nameOf(text: string, maxLength: number): string {
  const name = text.replace(/[^\x21-\x7e]+/g, '-').slice(0, maxLength);
  return name.replace(/^-+|-+$/g, '');
}

function structuredData(
  { tenantId, tenantName, id, place, truncated }: OutgoingRecord,
  isCut: boolean,
): string {
  const data: readonly (readonly [string, string])[] = [
    ['tenantId', tenantId],
    ['tenantName', beginningOf(tenantName, 64)],
    ['id', id],
    ['sequence', `${place.sequence}.${place.line}`],
    ...(isCut || truncated ? ([['truncated', 'true']] as const) : []),
  ];
  return `[auditkeep@${enterprise} ${data.map(([name, value]) => `${name}="${escaped(value)}"`).join(' ')}]`;
}

/** The three characters that RFC 5424 names. */
function escaped(text: string): string {
  return text.replace(controls, ' ').replace(/["\\\]]/g, '\\$&');
}

/** With the number of octets, as TLS has no ends of messages. */
export function framed(head: string, content: Buffer): Buffer {
  const start = Buffer.from(head);
  return Buffer.concat([Buffer.from(`${start.length + content.length} `), start, content]);
}

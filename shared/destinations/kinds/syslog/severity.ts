/** How severe a record is: audit records say it of alerts alone. */
import type { OutgoingRecord } from '../../outgoing.ts';
import { membersOf } from './members.ts';

export interface Severity {
  /** RFC 5424: 7 is the least severe. */
  readonly syslog: number;
  /** CEF and LEEF: 10 is the most severe. */
  readonly event: number;
}

const informational: Severity = { syslog: 6, event: 3 };
const failure: Severity = { syslog: 5, event: 5 };
/** As Microsoft's alerts name them. */
const ofAlerts: ReadonlyMap<unknown, Severity> = new Map([
  ['Low', { syslog: 5, event: 5 }],
  ['Medium', { syslog: 4, event: 7 }],
  ['High', { syslog: 3, event: 9 }],
]);

/** SecurityComplianceAlerts, MCASAlerts. */
const alerts: ReadonlySet<number | undefined> = new Set([40, 98]);
const failed = /^(fail|false$|partial)/i;

export function severityOf(record: OutgoingRecord): Severity {
  const { recordType, resultStatus = '', operation = '' } = record.summary;
  const ofAlert = alerts.has(recordType) ? ofAlerts.get(membersOf(record)['Severity']) : undefined;
  if (ofAlert !== undefined) return ofAlert;
  return failed.test(resultStatus) || /failed$/i.test(operation) ? failure : informational;
}

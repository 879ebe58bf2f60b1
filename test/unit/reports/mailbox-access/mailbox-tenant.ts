/** A tenant of tests with the mailboxes of Anna and Ben, and records of what happened in them. */
import { mailboxAccess } from '../../../../shared/reports/kinds/mailbox-access/kind.ts';
import type { GivenInputs, Needed } from '../../../../shared/reports/report-inputs.ts';
import {
  driveKind,
  march,
  storedRecord,
  type Driven,
  type DriveOptions,
  type StoredRecord,
} from '../driven-kind.ts';

export const anna = 'anna@fabrikam.example';
export const ben = 'ben@fabrikam.example';
export const guids = {
  anna: 'a1111111-0000-4000-8000-000000000001',
  ben: 'b1111111-0000-4000-8000-000000000001',
} as const;

export type Given = GivenInputs<unknown> & Pick<Needed, 'mailboxes' | 'postures'>;

/** A report about March 2026 in which both mailboxes are known, by default. */
export function given(changes: Partial<Given> = {}): Given {
  return {
    ...march,
    mailboxes: [
      { id: guids.anna, names: [guids.anna, anna, 'anna@old.example', 'anna'], seen: '2026-03-31' },
      { id: guids.ben, names: [guids.ben, ben, 'Ben'], seen: '2026-03-31' },
    ],
    postures: [],
    ...changes,
  };
}

export const audited: Needed['postures'][number] = {
  takenAt: '2026-03-30T00:00:00Z',
  unifiedAuditLog: true,
  mailboxAuditingDisabled: false,
  mailboxes: { total: 2, asWanted: 2, wrong: [] },
  bypasses: [],
  subscriptionsMissing: [],
};

let records = 0;

type Fields = Readonly<Record<string, unknown>>;

/** `05T10:30` is a time in March. */
function exchange(time: string, fields: Fields): StoredRecord {
  records += 1;
  const record = {
    Id: `00000000-0000-4000-8000-${String(records).padStart(12, '0')}`,
    CreationTime: `2026-03-${time}:00`,
    Workload: 'Exchange',
    ...fields,
  };
  return storedRecord(Buffer.from(JSON.stringify(record)));
}

/** Ben does it in Anna's mailbox, as her delegate. */
export function used(time: string, operation: string, fields: Fields = {}): StoredRecord {
  return exchange(time, {
    Operation: operation,
    RecordType: 2,
    UserId: ben,
    LogonType: 2,
    MailboxOwnerUPN: anna,
    MailboxGuid: guids.anna,
    ClientIPAddress: '192.0.2.1',
    ClientInfoString: 'Client=OWA;Mozilla/5.0',
    ...fields,
  });
}

export function opened(time: string, properties: Readonly<Record<string, string>>, fields: Fields = {}) {
  const OperationProperties = Object.entries(properties).map(([Name, Value]) => ({ Name, Value }));
  return used(time, 'MailItemsAccessed', { RecordType: 50, OperationProperties, ...fields });
}

/** An administrator runs a cmdlet on Anna's mailbox. */
export function cmdlet(time: string, operation: string, parameters: Readonly<Record<string, string>>) {
  return exchange(time, {
    Operation: operation,
    RecordType: 1,
    UserId: 'admin@fabrikam.example',
    ResultStatus: 'True',
    ObjectId: anna,
    Parameters: Object.entries({ Identity: anna, ...parameters }).map(([Name, Value]) => ({ Name, Value })),
  });
}

export function report(
  stored: readonly StoredRecord[],
  changes: Partial<Given> = {},
  options: DriveOptions = {},
): Driven {
  return driveKind(mailboxAccess, given(changes), stored, options);
}

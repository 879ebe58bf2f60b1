/** A tenant of tests, and the records of sign-ins to it. */
import { signIns } from '../../../../shared/reports/kinds/sign-ins/kind.ts';
import type { GivenInputs, Needed } from '../../../../shared/reports/report-inputs.ts';
import {
  driveKind,
  march,
  storedRecord,
  type Driven,
  type DriveOptions,
  type StoredRecord,
} from '../driven-kind.ts';

export type Given = GivenInputs<unknown> & Pick<Needed, 'collection' | 'pastGaps'>;

export const collected: Needed['collection'] = {
  state: 'Active',
  checks: [],
  contentTypes: [
    { contentType: 'Audit.AzureActiveDirectory', completeThrough: new Date('2026-04-01T00:00:00Z') },
  ],
  ...{ pending: 0, rejected: 0, unindexedLandings: 0 },
};

/** A report about March 2026; the records of February are complete, by default. */
export function given(changes: Partial<Given> = {}): Given {
  return {
    ...march,
    collection: collected,
    pastGaps: [],
    ...changes,
  };
}

type Fields = Readonly<Record<string, unknown>>;

let records = 0;

/** `03-05T10:30:00` is a time in 2026. */
function signIn(time: string, who: string, operation: string, fields: Fields): StoredRecord {
  records += 1;
  const { properties = {}, ...others } = fields;
  const record = {
    Id: `00000000-0000-4000-8000-${String(records).padStart(12, '0')}`,
    CreationTime: `2026-${time}`,
    Operation: operation,
    RecordType: 15,
    Workload: 'AzureActiveDirectory',
    // As in real feeds, also of failures.
    ResultStatus: 'Success',
    UserId: `${who}@fabrikam.example`,
    ClientIP: '192.0.2.1',
    ExtendedProperties: Object.entries(properties as Fields).map(([Name, Value]) => ({ Name, Value })),
    ...others,
  };
  return storedRecord(Buffer.from(JSON.stringify(record)));
}

export function signedIn(time: string, who: string, address = '192.0.2.1', fields: Fields = {}) {
  return signIn(time, who, 'UserLoggedIn', { ClientIP: address, ErrorNumber: '0', ...fields });
}

/** With a wrong password, by default. */
export function failed(time: string, who: string, address = '203.0.113.7', fields: Fields = {}) {
  const wrong = { ErrorNumber: '50126', LogonError: 'InvalidUserNameOrPassword' };
  return signIn(time, who, 'UserLoginFailed', { ClientIP: address, ...wrong, ...fields });
}

export function stopped(time: string, who: string, errorNumber: string, address = '203.0.113.7') {
  return failed(time, who, address, { ErrorNumber: errorNumber, LogonError: '' });
}

interface Failures {
  readonly who: string;
  readonly count: number;
  readonly address?: string;
  readonly fields?: Fields;
}

/** Within an hour, a minute apart. */
export function manyFailures(hour: string, { who, count, address, fields = {} }: Failures) {
  return Array.from({ length: count }, (_, minute) =>
    failed(`${hour}:${String(minute).padStart(2, '0')}:00`, who, address, fields),
  );
}

/** A failure of each of so many people. */
export function failuresOfMany(hour: string, people: number, address?: string) {
  return Array.from({ length: people }, (_, at) =>
    failed(`${hour}:${String(at).padStart(2, '0')}:00`, `person${at}`, address),
  );
}

export function report(
  stored: readonly StoredRecord[],
  changes: Partial<Given> = {},
  options: DriveOptions = {},
): Driven {
  return driveKind(signIns, given(changes), stored, options);
}

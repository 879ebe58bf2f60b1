/** A person of tests, and the records of what they did in SharePoint. */
import { userActivity } from '../../../../shared/reports/kinds/user-activity/kind.ts';
import type { GivenInputs } from '../../../../shared/reports/report-inputs.ts';
import {
  driveKind,
  march,
  storedRecord,
  type Driven,
  type DriveOptions,
  type StoredRecord,
} from '../driven-kind.ts';

export const anna = 'anna@fabrikam.example';
export const site = 'https://fabrikam.sharepoint.com/sites/sales';

export type Given = GivenInputs<unknown>;

/** A report about March 2026 and Anna, by default. */
export function given(changes: Partial<Given> = {}): Given {
  return {
    ...march,
    options: { user: anna },
    ...changes,
  };
}

let records = 0;

/** `03-05T10:30` is a time in 2026. */
export function did(
  time: string,
  operation: string,
  fields: Readonly<Record<string, unknown>> = {},
): StoredRecord {
  records += 1;
  const record = {
    Id: `00000000-0000-4000-8000-${String(records).padStart(12, '0')}`,
    CreationTime: `2026-${time}:00`,
    Operation: operation,
    RecordType: 6,
    UserId: anna,
    Workload: 'SharePoint',
    SiteUrl: site,
    ClientIP: '192.0.2.1',
    ObjectId: `${site}/Shared Documents/plan.docx`,
    ...fields,
  };
  return storedRecord(Buffer.from(JSON.stringify(record)));
}

/** The operation on so many different files, on one day. */
export function didToMany(day: string, operation: string, files: number): readonly StoredRecord[] {
  return Array.from({ length: files }, (_, at) =>
    did(`${day}T10:00`, operation, { ObjectId: `${site}/Shared Documents/${at}.docx` }),
  );
}

export function report(
  stored: readonly StoredRecord[],
  changes: Partial<Given> = {},
  options: DriveOptions = {},
): Driven {
  return driveKind(userActivity, given(changes), stored, options);
}

/** Describes invented records the way in which products of Auditkeep do: the members that the index has, and the text. */
import { expect, it } from 'vitest';
import { parseRecord } from '../../../shared/records/audit-record.ts';
import { describe as describeRecord, textOf, type Change } from '../../../shared/sentences/describe.ts';

export type Fields = Readonly<Record<string, unknown>>;

export function described(fields: Fields) {
  const { summary } = parseRecord(Buffer.from(JSON.stringify(fields)));
  return describeRecord(summary, fields);
}

/** What a record must be described as; without changes, they do not matter. */
export interface Expected {
  readonly record: Fields;
  readonly act: string;
  readonly severity: string;
  readonly sentence: string;
  readonly changes?: readonly Change[];
}

/** A record and what it must be described as; without changes, they do not matter. */
export type Row = readonly [
  record: Fields,
  act: string,
  severity: string,
  sentence: string,
  changes?: readonly Change[],
];

/** A record of any service, by Adele unless another UserId is given. */
export function recordOf(Workload: string, Operation: string, more: Fields = {}): Fields {
  return { Workload, Operation, UserId: adele, ...more };
}

export const adele = 'adele@contoso.example';
export const bo = 'bo@contoso.example';
export const director = 'dir@contoso.example';

/** One test for each row; the sentence is its name. */
export function describesAs(rows: readonly Expected[]): void {
  it.each(rows)('$sentence', ({ record, ...expected }) => {
    const { act, severity, sentence, changes } = described(record);
    const shown = expected.changes === undefined ? {} : { changes };
    expect({ act, severity, sentence: textOf(sentence), ...shown }).toEqual(expected);
  });
}

/** An Exchange cmdlet, run by Adele unless another UserId is given. */
export function cmdlet(
  Operation: string,
  parameters: Readonly<Record<string, string>>,
  more: Fields = {},
): Fields {
  const Parameters = Object.entries(parameters).map(([Name, Value]) => ({ Name, Value }));
  return {
    ...{ RecordType: 1, Workload: 'Exchange', ResultStatus: 'True', UserType: 2 },
    ...{ UserId: 'adele@contoso.example', OrganizationName: 'contoso.onmicrosoft.example' },
    ...{ Operation, ObjectId: parameters['Identity'] ?? '', Parameters },
    ...more,
  };
}

/** A change of the directory by Adele; `target` is a user if it is an address. */
export function directory(
  Operation: string,
  target: string,
  properties: Readonly<Record<string, string | readonly [from: string, to: string]>> = {},
  more: Fields = {},
): Fields {
  const ModifiedProperties = Object.entries(properties).map(([Name, value]) =>
    typeof value === 'string'
      ? { Name, OldValue: '', NewValue: value }
      : { Name, OldValue: value[0], NewValue: value[1] },
  );
  return {
    ...{ RecordType: 8, Workload: 'AzureActiveDirectory', ResultStatus: 'Success', UserType: 0 },
    ...{ UserId: 'adele@contoso.example', ObjectId: target, Operation, ModifiedProperties },
    Target: [{ ID: target, Type: target.includes('@') ? 5 : 1 }],
    ...more,
  };
}

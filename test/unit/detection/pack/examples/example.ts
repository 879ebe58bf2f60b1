/** What fires a rule of the pack, and what is close to it and must not. */
import type { Severity } from '../../../../../shared/detection/severity.ts';
import type { Fields } from '../../../../support/detection/fired.ts';

export interface Example {
  /** Records that fire the rule together. */
  readonly fires: readonly Fields[];
  /** Other records that do, with the severity that they raise it to. */
  readonly raises?: readonly (readonly [Severity, readonly Fields[]])[];
  /** Records that do not fire it. */
  readonly doesNot: readonly (readonly Fields[])[];
}

export type Examples = Readonly<Record<string, Example>>;

/** A cmdlet of Exchange. */
export function cmdlet(
  Operation: string,
  parameters: Readonly<Record<string, string>>,
  more: Fields = {},
): Fields {
  return {
    ...{ Id: `${Operation}${JSON.stringify(parameters)}`, RecordType: 1, Workload: 'Exchange', Operation },
    ...{ ResultStatus: 'True', UserId: 'ada@contoso.example' },
    Parameters: Object.entries(parameters).map(([Name, Value]) => ({ Name, Value })),
    ...more,
  };
}

/** An operation of Entra ID. @param modified new values */
export function directory(
  Operation: string,
  modified: Readonly<Record<string, string>> = {},
  more: Fields = {},
): Fields {
  return {
    ...{
      Id: `${Operation}${JSON.stringify(modified)}`,
      RecordType: 8,
      Workload: 'AzureActiveDirectory',
      Operation,
    },
    ...{ ResultStatus: 'Success', UserId: 'ada@contoso.example', ObjectId: 'bo@contoso.example' },
    ModifiedProperties: Object.entries(modified).map(([Name, NewValue]) => ({
      Name,
      NewValue,
      OldValue: '',
    })),
    ...more,
  };
}

export function signIn(Operation: string, more: Fields = {}): Fields {
  return {
    ...{
      Id: `${Operation}${JSON.stringify(more)}`,
      RecordType: 15,
      Workload: 'AzureActiveDirectory',
      Operation,
    },
    ...{ ResultStatus: 'Success', UserId: 'ada@contoso.example', ClientIP: '192.0.2.7' },
    ...more,
  };
}

export function named(values: Readonly<Record<string, string>>): readonly Fields[] {
  return Object.entries(values).map(([Name, Value]) => ({ Name, Value }));
}

/** Days after the first of March. */
export function onDay(day: number, fields: Fields): Fields {
  const CreationTime = new Date(Date.UTC(2026, 2, 1 + day, 9)).toISOString().slice(0, 19);
  return { ...fields, Id: `${day} ${JSON.stringify(fields)}`, CreationTime };
}

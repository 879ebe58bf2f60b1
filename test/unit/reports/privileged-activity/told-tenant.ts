/** A tenant of tests: who held Global Administrator in its snapshots, and its records. */
import type { HoldersOfRole, RoleHolder } from '../../../../shared/tenants/role-holders.ts';
import { globalAdministrator } from '../../../../shared/tenants/privileged-roles.ts';
import type { Given, StoredRecord } from './driven-report.ts';
import { storedRecord } from './driven-report.ts';
import { march } from '../driven-kind.ts';
import { at } from './history.ts';

export const { limits } = march;

/** A report about March, by default. */
export function given(
  snapshots: readonly (readonly [day: string, ...holders: readonly RoleHolder[]])[],
  changes: Partial<Given> = {},
): Given {
  return {
    ...march,
    people: [],
    roleHolders: snapshots.map(([day, ...holders]) => ({ takenAt: at(day), holders: [...holders] })),
    ...changes,
  };
}

/** The same with holders of other roles in all snapshots. */
export function withOtherRoles(
  { roleHolders, ...inputs }: Given,
  otherRoles: readonly HoldersOfRole[],
): Given {
  return { ...inputs, roleHolders: roleHolders.map((one) => ({ ...one, otherRoles })) };
}

let records = 0;
const idOf = (name: string) => `00000000-0000-4000-8000-${name.padStart(12, '0')}`;

/** `05T10:30` is a time in March. */
export function recordOf(time: string, ...rest: Tail<typeof recordAt>): StoredRecord {
  return recordAt(at(time), ...rest);
}

type Tail<F extends (...all: never) => unknown> =
  Parameters<F> extends [unknown, ...infer Rest] ? Rest : never;

function recordAt(
  moment: Date,
  userId: string,
  fields: Readonly<Record<string, unknown>> = {},
): StoredRecord {
  records += 1;
  const record = {
    ...{ Id: idOf(String(records)), CreationTime: moment.toISOString().slice(0, 19) },
    ...{ Operation: 'FileAccessed', RecordType: 6, UserId: userId, Workload: 'SharePoint', ...fields },
  };
  return storedRecord(Buffer.from(JSON.stringify(record)));
}

/** Someone gains or loses Global Administrator. */
export function roleRecord(time: string, ...rest: Tail<typeof roleRecordAt>): StoredRecord {
  return roleRecordAt(at(time), ...rest);
}

export function roleRecordAt(moment: Date, by: string, operation: string, target: RoleHolder): StoredRecord {
  const isLoss = /remove/i.test(operation);
  const property = (Name: string, value: string) => ({
    ...{ Name, OldValue: isLoss ? value : '', NewValue: isLoss ? '' : value },
  });
  return recordAt(moment, by, {
    ...{ Operation: operation, RecordType: 8, Workload: 'AzureActiveDirectory', ResultStatus: 'Success' },
    ObjectId: target.userPrincipalName ?? target.id,
    ModifiedProperties: [
      property('Role.DisplayName', 'Global Administrator'),
      property('Role.TemplateId', globalAdministrator),
    ],
    Target: [
      { ID: `User_${target.id}`, Type: 2 },
      { ID: target.id, Type: 2 },
      ...(target.userPrincipalName === undefined ? [] : [{ ID: target.userPrincipalName, Type: 5 }]),
    ],
  });
}

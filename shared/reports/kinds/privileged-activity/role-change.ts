/**
 * Records that change who holds a directory role, or who is a member of a group that holds one.
 * @see https://learn.microsoft.com/entra/identity/monitoring-health/reference-audit-activities
 */
import * as z from 'zod';
import { compareTexts } from '../../../compare-texts.ts';
import { isObject, parseJson, type JsonObject } from '../../../json.ts';
import { namedValues } from '../../../records/named-values.ts';
import { normalize } from '../../../records/normalize.ts';
import { storedDate } from '../../../stored-date.ts';
import type { PrivilegedRole } from '../../../tenants/privileged-roles.ts';
import { targetIn, targetSchema } from './changed-principal.ts';

const gained = true;
const lost = false;

/**
 * What the directory records of roles, and what Privileged Identity Management adds to it some seconds later. Eligible
 * members hold nothing until they activate; what is only requested, or was seen later, changes nothing.
 */
const roleOperations: ReadonlyMap<string, boolean> = new Map([
  ['add member to role', gained],
  ['add scoped member to role', gained],
  ['add member to role completed (pim activation)', gained],
  ['add member to role in pim completed (permanent)', gained],
  ['add member to role in pim completed (timebound)', gained],
  ['remove member from role', lost],
  ['remove scoped member from role', lost],
  ['remove member from role (pim activation expired)', lost],
  ['remove member from role completed (pim deactivate)', lost],
  ['remove member from role in pim completed (permanent)', lost],
  ['remove member from role in pim completed (timebound)', lost],
]);

const groupOperations: ReadonlyMap<string, boolean> = new Map([
  ['add member to group', gained],
  ['remove member from group', lost],
]);

/** The directory ends its operations with a period, and Privileged Identity Management does not. */
const spelled = (operations: ReadonlyMap<string, boolean>) =>
  [...operations.keys()].flatMap((name) => [name, `${name}.`]);

/** Values of `operations` that find all records of changes; case makes no difference. */
export const roleOperationNames: readonly string[] = spelled(roleOperations);
export const groupOperationNames: readonly string[] = spelled(groupOperations);

export const roleChangeSchema = z.object({
  recordId: z.string(),
  at: storedDate,
  /** Or lost. */
  gained: z.boolean(),
  /** Template id of the role; absent if the membership of a group changed. */
  role: z.string().optional(),
  /** ID and name of the group whose membership changed. */
  group: z.array(z.string()).readonly().optional(),
  principal: targetSchema,
});
/** A principal gains or loses a role, or the membership of a group. */
export type RoleChange = Readonly<z.infer<typeof roleChangeSchema>>;

/** Oldest first; a total order of the changes of different records and roles. */
export function inOrderOfTime(changes: readonly RoleChange[]): readonly RoleChange[] {
  return changes.toSorted(
    (a, b) =>
      a.at.getTime() - b.at.getTime() ||
      compareTexts(a.recordId, b.recordId) ||
      compareTexts(a.role ?? '', b.role ?? ''),
  );
}

export interface RecordOfChange {
  readonly id: string;
  readonly createdDateTime: Date;
  readonly operation: string | undefined;
}

/** Undefined for a record that changes none of the roles and no group, that failed, or that does not name the principal. */
export function roleChangeIn(
  { id, createdDateTime, operation = '' }: RecordOfChange,
  fields: JsonObject,
  roles: readonly PrivilegedRole[],
): RoleChange | undefined {
  const name = normalize.text(operation).replace(/\.$/, '');
  const ofRole = roleOperations.get(name);
  const ofGroup = groupOperations.get(name);
  const principal = failed.test(textOf(fields['ResultStatus'])) ? undefined : targetIn(fields);
  const changed = ofRole ?? ofGroup;
  if (changed === undefined || principal === undefined) return undefined;
  const change = { recordId: id, at: createdDateTime, gained: changed, principal };
  if (ofRole === undefined) {
    const group = valuesIn(fields, /^Group\.(?:ObjectID|DisplayName)$/i);
    return group.length === 0 ? undefined : { ...change, group };
  }
  const role = roleIn(fields, roles);
  return role === undefined ? undefined : { ...change, role };
}

const failed = /^(?:fail|false)/i;

function roleIn(fields: JsonObject, roles: readonly PrivilegedRole[]): string | undefined {
  const said = valuesIn(
    fields,
    /^(?:(?:Role\.)?TemplateId|RoleDefinitionOriginId|Role\.(?:DisplayName|WellKnownObjectName))$/i,
  );
  const texts = new Set((said.length > 0 ? said : targetsIn(fields)).map(normalize.text));
  const named = ({ id, name, alsoCalled = [] }: PrivilegedRole) => [id, name, ...alsoCalled];
  return roles.find((role) => named(role).some((one) => texts.has(normalize.text(one))))?.id;
}

/** New and old values: what is added is new, what is removed is old. */
function valuesIn(fields: JsonObject, names: RegExp): readonly string[] {
  const { ModifiedProperties, ExtendedProperties } = fields;
  const all = [...namedValues(ModifiedProperties), ...namedValues(ExtendedProperties)];
  const details = all.filter(({ name }) => /^additionalDetails$/i.test(name)).map(({ value }) => value);
  return [
    ...all
      .filter(({ name }) => names.test(name))
      .flatMap(({ value, element }) => [value, element['OldValue']]),
    ...details.flatMap((text) => valuesOfDetails(text, names)),
  ].flatMap(bareTexts);
}

/** Further details are an object, as JSON in a text. */
function valuesOfDetails(text: unknown, names: RegExp): readonly unknown[] {
  const details = typeof text === 'string' ? parseJson(text) : undefined;
  if (!isObject(details)) return [];
  return Object.entries(details).flatMap(([name, value]) => (names.test(name) ? [value] : []));
}

/** Some values are JSON: a text in quotes, or a list of one. */
function bareTexts(value: unknown): readonly string[] {
  const text = textOf(value).trim();
  const inner = /^[["]/.test(text) ? parseJson(text) : undefined;
  const texts = (Array.isArray(inner) ? inner : [inner ?? text]).map(textOf);
  return texts.filter((one) => one !== '');
}

function targetsIn({ Target }: JsonObject): readonly string[] {
  const all: readonly unknown[] = Array.isArray(Target) ? Target : [];
  return all.flatMap((one) => (isObject(one) ? [textOf(one['ID'])] : []));
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Names of the numbers in audit records. */
import typeNames from './record-type-names.json' with { type: 'json' };

/**
 * Names of record types. Numbers 1 to 475 as Microsoft Graph names them: where the schema page disagrees,
 * Graph agreed with what live tenants send.
 * @see https://learn.microsoft.com/graph/api/resources/security-auditlogrecord
 */
const nameOfType: ReadonlyMap<number, string> = new Map(
  Object.entries(typeNames).map(([number, name]) => [Number(number), name]),
);

/**
 * @see https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema#user-type
 */
const userTypes = [
  'Regular',
  'Reserved',
  'Admin',
  'DcAdmin',
  'System',
  'Application',
  'ServicePrincipal',
  'CustomPolicy',
  'SystemPolicy',
  'PartnerTechnician',
  'Guest',
] as const;

/** All types that have a name. */
export function recordTypes(): readonly { readonly number: number; readonly name: string }[] {
  return [...nameOfType].map(([number, name]) => ({ number, name }));
}

/** The record type's name; the number as text when it has none: unknown is shown, never guessed. */
export function recordTypeName(number: number): string {
  return nameOfType.get(number) ?? String(number);
}

/** The number of a name (any casing) or of digits; the first, where two numbers bear one name. */
export function recordTypeNumber(text: string): number | undefined {
  return recordTypeNumbers(text)[0];
}

/** All numbers of a name (any casing), or the number that the digits are; none for anything else. */
export function recordTypeNumbers(text: string): readonly number[] {
  const number = integerOf(text);
  if (number !== undefined) return [number];
  const wanted = text.trim().toLowerCase();
  return [...nameOfType].filter(([, name]) => name.toLowerCase() === wanted).map(([type]) => type);
}

/** The user type's name; the number as text when it has none. */
export function userTypeName(number: number): string {
  return userTypes[number] ?? String(number);
}

/** The number of a user type's name (any casing) or of digits; undefined for anything else. */
export function userTypeNumber(text: string): number | undefined {
  const index = userTypes.findIndex((name) => name.toLowerCase() === text.trim().toLowerCase());
  return integerOf(text) ?? (index === -1 ? undefined : index);
}

/** The 32-bit integer that the text is, undefined when it is none. */
function integerOf(text: string): number | undefined {
  const number = /^\s*-?\d{1,10}\s*$/.test(text) ? Number(text) : undefined;
  return number !== undefined && number === (number | 0) ? number : undefined;
}

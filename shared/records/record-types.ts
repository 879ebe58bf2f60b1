/** Names of the numeric codes in audit records. */
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

/** The record type's name; the number as text if it has none: unknown is shown, never guessed. */
export function recordTypeName(number: number): string {
  return nameOfType.get(number) ?? String(number);
}

/** Members that are numbers with names. */
export type CodeKind = 'recordType' | 'userType';

/** All numbers of a name in any case (two numbers may share one), or of digits; none for any other text. */
export const codeNumbers: Readonly<Record<CodeKind, (text: string) => readonly number[]>> = {
  recordType: (text) => numbersOf(text, nameOfType),
  userType: (text) => numbersOf(text, userTypes.entries()),
};

function numbersOf(text: string, names: Iterable<readonly [number, string]>): readonly number[] {
  const number = integerOf(text);
  if (number !== undefined) return [number];
  const wanted = text.trim().toLowerCase();
  return [...names].filter(([, name]) => name.toLowerCase() === wanted).map(([code]) => code);
}

/** The user type's name; the number as text if it has none. */
export function userTypeName(number: number): string {
  return userTypes[number] ?? String(number);
}

/** The 32-bit integer that the text represents, undefined for any other text. */
function integerOf(text: string): number | undefined {
  const number = /^\s*-?\d{1,10}\s*$/.test(text) ? Number(text) : undefined;
  return number !== undefined && number === (number | 0) ? number : undefined;
}

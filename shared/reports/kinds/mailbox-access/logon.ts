/** As what someone signed in to a mailbox. */
import * as z from 'zod';

export const logons = [
  'owner',
  'administrator',
  'delegate',
  'transport',
  'service',
  'best access',
  'partner',
  'unknown',
] as const;
export const logonSchema = z.enum(logons);
export type Logon = z.infer<typeof logonSchema>;

/**
 * LogonType of records of Exchange, as a number, as a text, or by name.
 * @see https://learn.microsoft.com/office/office-365-management-api/office-365-management-activity-api-schema
 */
const byValue: ReadonlyMap<string, Logon> = new Map([
  ['0', 'owner'],
  ['1', 'administrator'],
  ['2', 'delegate'],
  ['3', 'transport'],
  ['4', 'service'],
  ['5', 'best access'],
  ['6', 'partner'],
  ['owner', 'owner'],
  ['admin', 'administrator'],
  ['delegated', 'delegate'],
  ['delegate', 'delegate'],
  ['transport', 'transport'],
  ['systemservice', 'service'],
  ['bestaccess', 'best access'],
  ['delegatedadmin', 'partner'],
]);

export function logonOf(logonType: unknown): Logon {
  return byValue.get(String(logonType).trim().toLowerCase()) ?? 'unknown';
}

/** Detects records of auditing being turned off. */
import * as z from 'zod';
import type { AuditRecord } from './audit-record.ts';
import { parseText } from './delivered-text.ts';
import { namedValues } from './named-values.ts';

/** Cmdlet → the parameter and value that turn something off. */
const switches: ReadonlyMap<string, { readonly parameter: string; readonly value: string }> = new Map([
  ['set-adminauditlogconfig', { parameter: 'unifiedauditlogingestionenabled', value: 'false' }],
  ['set-mailbox', { parameter: 'auditenabled', value: 'false' }],
  ['set-mailboxauditbypassassociation', { parameter: 'auditbypassenabled', value: 'true' }],
  ['set-organizationconfig', { parameter: 'auditdisabled', value: 'true' }],
]);

const fieldsSchema = z.object({ Parameters: z.unknown().optional() }).catch({});

/** The cmdlet that turned auditing off, undefined for every other record. */
export function auditingSwitchedOffBy(record: AuditRecord): string | undefined {
  const cmdlet = record.summary.operation;
  const wanted = switches.get(cmdlet?.toLowerCase() ?? '');
  if (wanted === undefined) return undefined;
  const { Parameters } = fieldsSchema.parse(parseText(record));
  // Not only the first one: its name may occur in the text of another parameter.
  const switched = parametersOf(Parameters).some(
    ([name, value]) => name === wanted.parameter && value === wanted.value,
  );
  return switched ? cmdlet : undefined;
}

/** Lower case. */
function parametersOf(value: unknown): readonly (readonly [name: string, value: string])[] {
  return namedValues(value).map((one) => [bare(one.name), bare(textOf(one.value))]);
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'boolean' ? String(value) : '';
}

/** Without PowerShell's prefixes of names and values: `-AuditEnabled`, `$false`. */
function bare(text: string): string {
  return text.trim().toLowerCase().replace(/^[-$]/, '');
}

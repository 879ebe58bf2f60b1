/** Detects records of auditing being turned off. */
import { isObject } from '../json.ts';
import type { AuditRecord } from './audit-record.ts';
import { parseText } from './delivered-text.ts';
import { namedValues, type NamedValue } from './named-values.ts';

/** Cmdlet → the parameter and value that turn something off. */
const switches: ReadonlyMap<string, { readonly parameter: string; readonly value: string }> = new Map([
  ['set-adminauditlogconfig', { parameter: 'unifiedauditlogingestionenabled', value: 'false' }],
  ['set-mailbox', { parameter: 'auditenabled', value: 'false' }],
  ['set-mailboxauditbypassassociation', { parameter: 'auditbypassenabled', value: 'true' }],
  ['set-organizationconfig', { parameter: 'auditdisabled', value: 'true' }],
]);

/** The cmdlet that turned auditing off, undefined for every other record. */
export function auditingSwitchedOffBy(record: AuditRecord): string | undefined {
  const cmdlet = record.summary.operation;
  // Most records are decided by the operation: their text is not parsed again.
  if (cmdlet === undefined || !switches.has(cmdlet.toLowerCase())) return undefined;
  const fields = parseText(record);
  const parameters = isObject(fields) ? namedValues(fields['Parameters']) : [];
  return auditingSwitch(cmdlet, parameters) === 'off' ? cmdlet : undefined;
}

type Parameter = Pick<NamedValue, 'name' | 'value'>;

/** Whether the cmdlet with these parameters turns auditing off or on; undefined if neither. */
export function auditingSwitch(cmdlet: string, parameters: readonly Parameter[]): 'off' | 'on' | undefined {
  const wanted = switches.get(cmdlet.toLowerCase());
  if (wanted === undefined) return undefined;
  // Not only the first one: its name may occur in the text of another parameter.
  const named = parameters.filter(({ name }) => bare(name) === wanted.parameter);
  const values = named.map(({ value }) => bare(textOf(value)));
  if (values.includes(wanted.value)) return 'off';
  return values.some((value) => value === 'true' || value === 'false') ? 'on' : undefined;
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'boolean' ? String(value) : '';
}

/** In lower case, without PowerShell's prefixes of names and values: `-AuditEnabled`, `$false`. */
function bare(text: string): string {
  return text.trim().toLowerCase().replace(/^[-$]/, '');
}

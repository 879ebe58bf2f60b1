/** Detects records of auditing being turned off. */
import * as z from 'zod';
import type { AuditRecord } from './audit-record.ts';

/** Cmdlet → the parameter and value that turn something off. */
const switches: ReadonlyMap<string, { readonly parameter: string; readonly value: string }> = new Map([
  ['set-adminauditlogconfig', { parameter: 'unifiedauditlogingestionenabled', value: 'false' }],
  ['set-mailbox', { parameter: 'auditenabled', value: 'false' }],
  ['set-mailboxauditbypassassociation', { parameter: 'auditbypassenabled', value: 'true' }],
  ['set-organizationconfig', { parameter: 'auditdisabled', value: 'true' }],
]);

const parameterList = z.array(z.object({ Name: z.string(), Value: z.coerce.string() }));
const fields = z.object({ Parameters: z.unknown().optional() });

/** The cmdlet that turned auditing off, undefined for every other record. */
export function auditingSwitchedOffBy({ summary, bytes }: AuditRecord): string | undefined {
  const cmdlet = summary.operation;
  const wanted = switches.get(cmdlet?.toLowerCase() ?? '');
  if (wanted === undefined) return undefined;
  const { Parameters } = fields.parse(JSON.parse(bytes.toString('utf8')));
  // Not only the first one: its name may occur in the text of another parameter.
  const switched = parametersOf(Parameters).some(
    ([name, value]) => name === wanted.parameter && value === wanted.value,
  );
  return switched ? cmdlet : undefined;
}

/** From a list of names and values, or from the command line as typed; lower case. */
function parametersOf(value: unknown): readonly (readonly [name: string, value: string])[] {
  const list = parameterList.safeParse(value).data;
  if (list !== undefined) return list.map(({ Name, Value }) => [bare(Name), bare(Value)]);
  if (typeof value !== 'string') return [];
  const pairs = value.toLowerCase().matchAll(/-(\w+)[:\s]+["'$]*(\w+)/g);
  return [...pairs].map((pair) => [pair[1] ?? '', pair[2] ?? '']);
}

/** Without PowerShell's prefixes of names and values: `-AuditEnabled`, `$false`. */
function bare(text: string): string {
  return text.trim().toLowerCase().replace(/^[-$]/, '');
}

/** Recognises records that tell of auditing being switched off. */
import * as z from 'zod';
import type { AuditRecord } from './audit-record.ts';

/** Cmdlet → the parameter and value that switch something off. */
const switches: ReadonlyMap<string, { readonly parameter: string; readonly value: string }> = new Map([
  ['set-adminauditlogconfig', { parameter: 'unifiedauditlogingestionenabled', value: 'false' }],
  ['set-mailbox', { parameter: 'auditenabled', value: 'false' }],
  ['set-mailboxauditbypassassociation', { parameter: 'auditbypassenabled', value: 'true' }],
  ['set-organizationconfig', { parameter: 'auditdisabled', value: 'true' }],
]);

const parameterList = z.array(z.object({ Name: z.string(), Value: z.coerce.string() }));
const fields = z.object({ Parameters: z.unknown().optional() });

/** The cmdlet that switched auditing off, undefined for every other record. */
export function auditingSwitchedOffBy({ summary, bytes }: AuditRecord): string | undefined {
  const cmdlet = summary.operation;
  const wanted = switches.get(cmdlet?.toLowerCase() ?? '');
  if (wanted === undefined) return undefined;
  const { Parameters } = fields.parse(JSON.parse(bytes.toString('utf8')));
  // Not the first one only: its name may stand in the text of another parameter.
  const switched = parametersOf(Parameters).some(
    ([name, value]) => name === wanted.parameter && value === wanted.value,
  );
  return switched ? cmdlet : undefined;
}

/** As a list of names and values, or as the command line that was typed; lower case. */
function parametersOf(value: unknown): readonly (readonly [name: string, value: string])[] {
  const list = parameterList.safeParse(value).data;
  if (list !== undefined) return list.map(({ Name, Value }) => [bare(Name), bare(Value)]);
  if (typeof value !== 'string') return [];
  const pairs = value.toLowerCase().matchAll(/-(\w+)[:\s]+["'$]*(\w+)/g);
  return [...pairs].map((pair) => [pair[1] ?? '', pair[2] ?? '']);
}

/** Without what PowerShell writes around names and values: `-AuditEnabled`, `$false`. */
function bare(text: string): string {
  return text.trim().toLowerCase().replace(/^[-$]/, '');
}

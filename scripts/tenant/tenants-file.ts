/** Reads the file of `import`: a table of tenants, as spreadsheets save it. */
import { readFile } from 'node:fs/promises';
import { CsvError, parse } from 'csv-parse/sync';
import * as z from 'zod';
import { describeIssue } from '../../shared/describe-issue.ts';
import { mostTenants } from '../../shared/onboardings/onboarding-body.ts';
import { tenantRegistrationSchema } from '../../shared/tenants/register-tenant.ts';
import { Failure } from '../command-line/failure.ts';
import { counted } from '../command-line/terminal-text.ts';

/** A tenant, and where it is in the file. */
export interface TenantLine {
  readonly line: number;
  readonly tenant: z.output<typeof tenantRegistrationSchema>;
}

/** The member of a registration that each column is. */
const columns = { domain: 'domain', id: 'tenantId', name: 'displayName', tags: 'tags' } as const;
type Column = keyof typeof columns;

/** @throws Failure that names everything that is wrong with the file, line by line */
export async function readTenantsFile(file: string): Promise<readonly TenantLine[]> {
  const lines = parseTenants(await readText(file));
  const errors = lines.flatMap((found) => ('error' in found ? [found] : []));
  if (errors.length > 0) throw faults(file, errors);
  const tenants = lines.flatMap((found) => ('tenant' in found ? [found] : []));
  if (tenants.length === 0) throw new Failure(`${file} has no tenants below its header.`);
  if (tenants.length <= mostTenants) return tenants;
  throw new Failure(`${file} has ${tenants.length} tenants. Split it: one import takes ${mostTenants}.`);
}

async function readText(file: string): Promise<string> {
  const bytes = await readFile(file).catch((cause: unknown) => {
    throw new Failure(`${file} cannot be read. Check its name and its permissions.`, { cause });
  });
  try {
    // Drops a byte order mark.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new Failure(`${file} is not UTF-8. Save it as "CSV UTF-8", and try again.`, { cause });
  }
}

interface LineError {
  readonly line: number;
  readonly error: string;
}

const mostShown = 20;

function faults(file: string, errors: readonly LineError[]): Failure {
  const shown = errors.slice(0, mostShown).map(({ line, error }) => `Line ${line}: ${error}`);
  const more = errors.length - shown.length;
  const rest = more === 0 ? [] : [`And ${counted(more, 'other')} like these.`];
  const head = `${file} has ${counted(errors.length, 'error')}, and nothing was imported.`;
  return new Failure([head, ...shown, ...rest].join('\n'));
}

/** Each line with cells, as a tenant or what is wrong with it. Lines count from 1, the header included. */
export function parseTenants(text: string): readonly (TenantLine | LineError)[] {
  const rows = rowsOf(text);
  if ('error' in rows) return [rows];
  const [head, ...rest] = rows.filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
  const header = head === undefined ? headerMissing(1) : headerOf(head);
  return 'error' in header ? [header] : rest.map((row) => tenantOf(row, header.names));
}

interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

const parsedSchema = z.array(
  z.object({ record: z.array(z.string()), info: z.object({ lines: z.number() }) }),
);

function rowsOf(text: string): readonly Row[] | LineError {
  const options = { info: true, relax_column_count: true, skip_empty_lines: true, trim: true };
  try {
    const parsed = parsedSchema.parse(parse(text, { ...options, delimiter: delimiterOf(text) }));
    return parsed.map(({ record, info }) => ({ line: info.lines, cells: record }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const { data: line = 1 } = z.number().safeParse(Reflect.get(error, 'lines'));
    return { line, error: 'is not valid CSV. Look for a quotation mark that is not closed or not doubled.' };
  }
}

/** Spreadsheets use the list separator of their region. */
function delimiterOf(text: string): string {
  const [head = ''] = text.trimStart().split('\n', 1);
  return [',', ';', '\t'].reduce((best, each) =>
    head.split(each).length > head.split(best).length ? each : best,
  );
}

const known = Object.keys(columns).join(', ');

function headerMissing(line: number): LineError {
  return { line, error: `must name the columns: domain or id, and optionally name and tags.` };
}

function headerOf({ line, cells }: Row): { readonly names: readonly Column[] } | LineError {
  const names = cells.map((cell) => cell.trim().toLowerCase());
  const unknown = names.find((name) => !isColumn(name));
  if (!names.includes('domain') && !names.includes('id')) return headerMissing(line);
  if (unknown !== undefined) return { line, error: `has an unknown column '${unknown}'. Known: ${known}.` };
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) return { line, error: `has the column ${twice} twice.` };
  return { names: names.filter(isColumn) };
}

function isColumn(name: string): name is Column {
  return name in columns;
}

function tenantOf({ line, cells }: Row, names: readonly Column[]): TenantLine | LineError {
  const extra = cells.slice(names.length).find((cell) => cell.trim() !== '');
  if (extra !== undefined) return { line, error: `has more cells than the header: '${extra}'.` };
  const values = names.flatMap((name, at) => {
    const cell = cells[at]?.trim() ?? '';
    return cell === '' ? [] : [[columns[name], name === 'tags' ? tagsIn(cell) : cell] as const];
  });
  const members = Object.fromEntries<string | readonly string[]>(values);
  if (!('domain' in members) && !('tenantId' in members)) return { line, error: 'has no domain and no id.' };
  const { data, error } = tenantRegistrationSchema.safeParse(members, { error: describeIssue });
  if (data !== undefined) return { line, tenant: data };
  const [issue] = error.issues;
  const column = names.find((name) => columns[name] === issue?.path[0]) ?? 'id';
  return { line, error: `${column} ${issue?.message ?? 'is malformed'}.` };
}

function tagsIn(cell: string): readonly string[] {
  return cell
    .split(';')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
}

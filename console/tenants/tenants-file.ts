/** Reads a table of tenants, as spreadsheets save it: the same file as `auditkeep tenant import` takes. */
import { parse } from 'csv-parse/browser/esm/sync';

/** As the API takes it; the API says what is wrong with a value. */
export interface Registration {
  readonly domain?: string;
  readonly tenantId?: string;
  readonly displayName?: string;
  readonly tags?: string[];
}

/** `error` says what to do. */
export type TenantsFile = { readonly tenants: readonly Registration[] } | { readonly error: string };

const columns = ['domain', 'id', 'name', 'tags'] as const;
type Column = (typeof columns)[number];

/** @param text with or without a byte order mark; separated by commas, semicolons, or tabs */
export function readTenants(text: string): TenantsFile {
  const [head, ...rows] = cellsOf(text.replace(/^\uFEFF/, '')) ?? [];
  if (head === undefined)
    return { error: 'The file is empty, or it is not a table. Save it as "CSV UTF-8".' };
  const names = head.map((name) => name.toLowerCase());
  const unknown = names.find((name) => !columns.some((column) => column === name));
  if (unknown !== undefined)
    return { error: `The column "${unknown}" is unknown. Known: ${columns.join(', ')}.` };
  if (!names.includes('domain') && !names.includes('id'))
    return { error: 'The first line must name the columns: domain or id, and optionally name and tags.' };
  const tenants = rows.map((cells) => registrationOf((column) => cells[names.indexOf(column)] ?? ''));
  const empty = tenants.findIndex(({ domain, tenantId }) => domain === undefined && tenantId === undefined);
  if (empty >= 0) return { error: `Row ${empty + 1} has no domain and no id.` };
  return tenants.length === 0 ? { error: 'There are no tenants below the first line.' } : { tenants };
}

function cellsOf(text: string): readonly string[][] | undefined {
  const [head = ''] = text.trimStart().split('\n', 1);
  const delimiter = [',', ';', '\t'].reduce((best, each) =>
    head.split(each).length > head.split(best).length ? each : best,
  );
  try {
    return parse(text, { delimiter, trim: true, skip_empty_lines: true, relax_column_count: true });
  } catch {
    return undefined;
  }
}

function registrationOf(cell: (column: Column) => string): Registration {
  const [domain, tenantId, displayName] = [cell('domain'), cell('id'), cell('name')];
  const tags = cell('tags')
    .split(';')
    .map((tag) => tag.trim())
    .filter((tag) => tag !== '');
  return {
    ...(tenantId === '' && domain !== '' ? { domain } : {}),
    ...(tenantId === '' ? {} : { tenantId }),
    ...(displayName === '' ? {} : { displayName }),
    ...(tags.length === 0 ? {} : { tags }),
  };
}

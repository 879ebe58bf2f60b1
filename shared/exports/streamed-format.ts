/** The header `Accept`, as far as it asks for a stream of records. */
import type { ExportFormat } from './export.ts';

const formats: ReadonlyMap<string, ExportFormat> = new Map([
  ['application/x-ndjson', 'ndjson'],
  ['text/csv', 'csv'],
]);

/** The form that is named first; undefined when JSON will do, as for whoever takes anything. */
export function streamedFormat(accept: string | null): ExportFormat | undefined {
  const named = (accept ?? '').split(',').map((part) => part.split(';')[0]?.trim().toLowerCase() ?? '');
  const first = named.find((type) => formats.has(type) || type === 'application/json' || type === '*/*');
  return formats.get(first ?? '');
}

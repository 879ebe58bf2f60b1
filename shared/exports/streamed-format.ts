/** Formats of record streams that the header `Accept` can request. */
import type { ExportFormat } from './export.ts';

const formats: ReadonlyMap<string, ExportFormat> = new Map([
  ['application/x-ndjson', 'ndjson'],
  ['text/csv', 'csv'],
]);

/** The first format that is named; undefined when JSON is acceptable, as with a wildcard. */
export function streamedFormat(accept: string | null): ExportFormat | undefined {
  const named = (accept ?? '').split(',').map((part) => part.split(';')[0]?.trim().toLowerCase() ?? '');
  const first = named.find((type) => formats.has(type) || type === 'application/json' || type === '*/*');
  return formats.get(first ?? '');
}

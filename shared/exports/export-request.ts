/** Checks and parses the filters of an export. */
import { invalidParameter } from '../errors.ts';
import { parseFilters, type AskedFilters } from '../query/filters.ts';
import { selectableFormats, type ExportRequest } from './export.ts';

/** Fits into one table row. */
const maxFilterCharacters = 30_000;

/**
 * @throws RequestError 400 naming the first filter that is unknown or malformed, when they are too long, or for columns that
 *   the format cannot have
 */
export function checkExportRequest({ format, select, filters }: ExportRequest): AskedFilters {
  if (select !== undefined && !selectableFormats.includes(format))
    throw invalidParameter('select', `'select' is for the formats ${selectableFormats.join(' and ')}.`);
  const parsed = filtersOf(filters);
  if (JSON.stringify(filters).length <= maxFilterCharacters) return parsed;
  throw invalidParameter('body', `The filters exceed the limit of ${maxFilterCharacters} characters.`);
}

/** A text means what it means in a query; a list is the parameter given several times. @throws RequestError 400 */
export function filtersOf(filters: ExportRequest['filters']): AskedFilters {
  const query = new URLSearchParams();
  for (const [name, values] of Object.entries(filters)) for (const value of values) query.append(name, value);
  return parseFilters(query);
}

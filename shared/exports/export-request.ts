/** Reads what an export is asked for. */
import * as z from 'zod';
import { invalidParameter } from '../errors.ts';
import { parseFilters, type RecordFilters } from '../query/filters.ts';
import { exportFormats, type ExportRequest } from './export.ts';

const filterValue = z
  .union([z.string(), z.array(z.string()).min(1)], 'is neither a text nor a list of texts')
  .transform((value) => [value].flat());

/** Body of `POST /tenants/{tenantId}/exports`: a format, and filters named as those of `GET …/records`. */
export const exportBodySchema = z
  .object({ format: z.enum(exportFormats), bom: z.boolean().default(false) })
  .catchall(filterValue)
  .transform(({ format, bom, ...filters }): ExportRequest => ({ format, bom, filters }));

/** A row has room for so much. */
const maxFilterCharacters = 30_000;

/** @throws RequestError 400 naming the first filter that is unknown or malformed, or when they are too long */
export function checkExportRequest({ filters }: ExportRequest): RecordFilters {
  const parsed = filtersOf(filters);
  if (JSON.stringify(filters).length <= maxFilterCharacters) return parsed;
  throw invalidParameter('body', `The filters may have ${maxFilterCharacters} characters at most.`);
}

/** A text means what it means in a query; a list is the parameter given several times. @throws RequestError 400 */
export function filtersOf(filters: ExportRequest['filters']): RecordFilters {
  const query = new URLSearchParams();
  for (const [name, values] of Object.entries(filters)) for (const value of values) query.append(name, value);
  return parseFilters(query);
}

/** What exports of one tenant and of several take and answer. */
import * as z from 'zod';
import type { ExportRequest } from '../exports/export.ts';
import { selectSchema } from '../query/record-query.ts';
import { defined, type bodyFilters } from './filters-in-bodies.ts';
import { exportFormat } from './schemas/exports.ts';

/** How the file is written. */
export const exportForm = {
  format: exportFormat.meta({
    title: 'Format',
    description:
      "The portal's columns, one column per member, one record per line as delivered, or an Excel workbook.",
    'x-ms-enum-values': [
      { value: 'csv', displayName: 'CSV as in the Purview portal' },
      { value: 'csvFlat', displayName: 'CSV with a column for each member' },
      { value: 'ndjson', displayName: 'Records as delivered, one per line' },
      { value: 'xlsx', displayName: 'Excel workbook' },
    ],
  }),
  bom: z.boolean().optional().meta({
    title: 'For Excel',
    description: 'Begins CSV with a byte order mark, so that Excel recognizes its encoding.',
  }),
};

const columns = {
  title: 'Columns',
  description:
    'Members to write, in this order, in place of all columns of csvFlat or xlsx; for several tenants, after those of the tenant.',
};

/** One text as in a query, or a list; each member once. */
export const columnsInBody = z
  .union([z.string(), z.array(z.string())], 'must be a string or a list of strings')
  .transform((given) => [given].flat())
  .pipe(selectSchema)
  .transform((members) => [...new Set(members)])
  .optional()
  .meta({ ...columns, wire: { type: 'array', items: { type: 'string' }, minItems: 1 } });

/** The same for makers of flows, who fill in a text box. */
export const columnsOfMaker = z.string().optional().meta(columns);

type Filters = z.output<typeof bodyFilters>;
type Form = z.output<z.ZodObject<typeof exportForm>> & Pick<ExportRequest, 'select'>;

/** Filters are kept as lists of texts. */
export function toExportRequest({ format, bom = false, select }: Form, filters: Filters): ExportRequest {
  return {
    format,
    bom,
    select,
    filters: Object.fromEntries(
      Object.entries(defined<string | string[]>(filters)).map(([name, value]) => [name, [value].flat()]),
    ),
  };
}

/** Of a file, or of a part of one. */
export const fileHeaders = ['Accept-Ranges', 'Content-Disposition', 'ETag', 'Repr-Digest'] as const;

/** Request headers by which downloads are resumed. */
export const rangeHeaders = z.object({
  Range: z.string().optional().meta({ description: 'Which bytes to return.' }),
  'If-Range': z.string().optional().meta({ description: 'ETag of the file that the range refers to.' }),
});

/** What exports of one tenant and of several take and answer. */
import * as z from 'zod';
import type { ExportRequest } from '../exports/export.ts';
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

type Filters = z.output<typeof bodyFilters>;
type Form = z.output<z.ZodObject<typeof exportForm>>;

/** Filters are kept as lists of texts. */
export function toExportRequest({ format, bom = false }: Form, filters: Filters): ExportRequest {
  return {
    format,
    bom,
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

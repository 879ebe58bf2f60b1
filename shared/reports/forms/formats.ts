/** The formats of reports. */
import { xlsxType } from '../../exports/xlsx/xlsx-type.ts';

export const reportFormats = ['json', 'html', 'csv', 'xlsx'] as const;
export type ReportFormat = (typeof reportFormats)[number];

/** By format, as answers declare them. */
export const reportMediaTypes: Readonly<Record<ReportFormat, string>> = {
  json: 'application/json; charset=utf-8',
  html: 'text/html; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  xlsx: xlsxType,
};

/** The form of each format. */
import type { ExportRequest } from './export.ts';
import type { FileEncoder, FileForm } from './file-form.ts';
import { fileFormat, type FileFormat } from './formats.ts';
import { xlsxForm } from './xlsx/xlsx-form.ts';

export function fileForm({
  format,
  bom,
  select,
}: Pick<ExportRequest, 'format' | 'bom' | 'select'>): FileForm {
  return format === 'xlsx' ? xlsxForm(select) : formOfLines(fileFormat({ format, bom, select }));
}

/** Lines do not depend on each other, so there is nothing to continue. */
function formOfLines(format: FileFormat): FileForm {
  const { mediaType, withTexts, alterations, head } = format;
  const add: FileEncoder['add'] = (record) => format.line(record);
  const encoder = { begin: () => head, add, end: () => Buffer.alloc(0), state: () => undefined };
  return { mediaType, withTexts, alterations, open: () => Promise.resolve(encoder) };
}

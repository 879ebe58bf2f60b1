/** The form of each format. */
import type { ExportRequest } from './export.ts';
import type { FileEncoder, FileForm } from './file-form.ts';
import { fileFormat, type FileFormat } from './formats.ts';
import { xlsxForm } from './xlsx/xlsx-form.ts';

export function fileForm({ format, bom }: Pick<ExportRequest, 'format' | 'bom'>): FileForm {
  return format === 'xlsx' ? xlsxForm : formOfLines(fileFormat({ format, bom }));
}

/** Lines do not depend on each other, so there is nothing to continue. */
function formOfLines(format: FileFormat): FileForm {
  const { mediaType, withTexts, alterations, head } = format;
  const add: FileEncoder['add'] = (record) => format.line(record);
  const encoder = { begin: () => head, add, end: () => Buffer.alloc(0), state: () => undefined };
  return { mediaType, withTexts, alterations, open: () => encoder };
}

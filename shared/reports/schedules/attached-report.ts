/** What messages about reports have attached: rendered when it is sent, from the document that the console shows. */
import { buffer } from 'node:stream/consumers';
import type { AttachedFile } from '../../channels/message.ts';
import type { AttachedFiles } from '../../channels/sending.ts';
import type { ExportFiles } from '../../exports/export.ts';
import { loadPart } from '../../lazy.ts';
import { dayOf } from '../../utc-day.ts';
import type { TenantReport } from '../document.ts';
import { reportMediaTypes } from '../forms/formats.ts';
import { headOf, kindOf, storedDocument } from '../public-report.ts';
import type { ReportOperation, ReportStore } from '../report.ts';
import { attachmentFormats, type AttachmentFormat } from './schedule.ts';

type Requested = Pick<ReportOperation, 'id' | 'request'>;

/** The part of a mail that shows the report. */
export function bodyFileOf({ id }: Pick<Requested, 'id'>): string {
  return `${id}/mail`;
}

export function attachmentsOf(
  { id, request }: Requested,
  formats: readonly AttachmentFormat[],
): readonly AttachedFile[] {
  const { kind, from, to } = request;
  const range = `${dayOf(from)}-to-${dayOf(to)}`;
  return [...new Set(formats)].flatMap((format) => {
    const contentType = reportMediaTypes[format];
    if (format !== 'csv')
      return [{ name: `${kind}-${range}.${format}`, contentType, file: `${id}/${format}` }];
    return kindOf(request).tables.map(({ name }) => ({
      name: `${kind}-${name}-${range}.csv`,
      contentType,
      file: `${id}/csv/${name}`,
    }));
  });
}

export interface AttachedReportsDeps {
  readonly reports: Pick<ReportStore, 'get'>;
  readonly exportFiles: Pick<ExportFiles, 'read'>;
}

/** A file names a report and its form; whose it is, the message says: none can have a report of another tenant. */
export function createAttachedReports({ reports, exportFiles }: AttachedReportsDeps): AttachedFiles {
  return {
    async read(file, tenantId) {
      const [id = '', form, table] = file.split('/');
      const found = tenantId === undefined ? undefined : await reports.get({ tenantId, id });
      if (found?.status !== 'Succeeded') return undefined;
      const document = await storedDocument(exportFiles, found);
      // Deleted first of all that a report has: a message must not wait for it.
      if (document === undefined) return undefined;
      if (form === 'mail') return Buffer.from(await mailBodyOf(document));
      const format = attachmentFormats.find((each) => each === form);
      return format && (await rendered(found, document, { format, table }));
    },
  };
}

async function mailBodyOf(document: TenantReport): Promise<string> {
  const { renderMailBody } = await loadPart(() => import('../forms/mail-form.ts'));
  return renderMailBody(document);
}

async function rendered(
  one: ReportOperation,
  document: TenantReport,
  form: { readonly format: AttachmentFormat; readonly table: string | undefined },
): Promise<Buffer> {
  async function* tenants() {
    yield await Promise.resolve(document);
  }
  const { renderReport } = await loadPart(() => import('../forms/render.ts'));
  const { tables } = kindOf(one.request);
  return await buffer(renderReport({ head: headOf(one), tables, tenants }, form));
}

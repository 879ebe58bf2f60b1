/** The headers of a report's content. */
import type { Operation } from '../operations/operation.ts';
import { answerPolicy } from './forms/html-style.ts';
import type { ReportFormat } from './forms/formats.ts';
import type { ReportRequest } from './report.ts';

type Requested = Pick<Operation<Pick<ReportRequest, 'kind'>, unknown>, 'id' | 'request' | 'createdDateTime'>;

/** A page is shown, and may do nothing; everything else is downloaded. @param of the tenant, or a word for several; in its file name */
export function contentHeaders(
  { id, request, createdDateTime }: Requested,
  format: ReportFormat,
  of: string,
) {
  const day = createdDateTime.toISOString().slice(0, 10);
  const name = `report-${request.kind}-${of}-${day}-${id.slice(0, 8)}.${format}`;
  if (format !== 'html') return { 'Content-Disposition': `attachment; filename="${name}"` };
  return {
    'Content-Disposition': `inline; filename="${name}"`,
    'Content-Security-Policy': answerPolicy,
    'Referrer-Policy': 'no-referrer',
  };
}

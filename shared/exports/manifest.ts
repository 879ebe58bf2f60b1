/** What somebody who holds an export's file needs to judge it: is it whole, unaltered, and what was asked for? */
import { RequestError } from '../errors.ts';
import { downloadName, isFinished, type Export } from './export.ts';
import { filtersOf } from './export-request.ts';
import { fileFormat } from './formats.ts';

/** An export whose file is there. */
export interface WholeExport extends Export {
  readonly sha256: string;
}

/** @throws RequestError 409 while it is being written, and when it failed or was canceled */
export function wholeExport(one: Export): WholeExport {
  if (one.status === 'Succeeded' && one.sha256 !== undefined) return { ...one, sha256: one.sha256 };
  if (isFinished(one)) {
    throw new RequestError(409, 'ExportHasNoFile', 'This export failed or was canceled. Start another one.');
  }
  const message = 'The file is still being written. Wait, as Retry-After says, and ask again.';
  throw new RequestError(409, 'ExportNotReady', message, { headers: { 'Retry-After': '10' } });
}

export function manifestOf(one: WholeExport) {
  const { request, progress } = one;
  const { from, to } = filtersOf(request.filters);
  const { mediaType, alterations } = fileFormat(request);
  return {
    manifestVersion: 1,
    ...{ exportId: one.exportId, tenantId: one.tenantId },
    file: { name: downloadName(one), mediaType, bytes: progress.bytes, sha256: one.sha256 },
    ...{ format: request.format, alterations, recordCount: progress.records, filters: request.filters },
    timeRange: { from: from?.toISOString(), to: to?.toISOString() },
    newestRecordDateTime: progress.newest?.toISOString(),
    oldestRecordDateTime: progress.oldest?.toISOString(),
    ingestedThrough: one.ingestedThrough.toISOString(),
    completeness: { completeThrough: one.completeThrough?.toISOString(), isPartial: one.isPartial },
    createdBy: one.createdBy,
    createdDateTime: one.createdDateTime.toISOString(),
    completedDateTime: one.completedDateTime?.toISOString(),
    expiresDateTime: one.expiresDateTime.toISOString(),
  };
}

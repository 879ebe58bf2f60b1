/** Everything needed to check an export's file: is it whole, unaltered, and what was requested? */
import { RequestError } from '../errors.ts';
import { isFinished } from '../operations/operation.ts';
import { downloadName, expiryOf, type Export } from './export.ts';
import { missingOf } from './public-export.ts';
import { rangedFiltersOf } from './ranged-filters.ts';
import { fileForm } from './file-forms.ts';

/** An export with its file. */
export interface WholeExport extends Export {
  readonly sha256: string;
}

/** @throws RequestError 409 while it is being written, and when it failed or was canceled */
export function wholeExport(one: Export): WholeExport {
  const { sha256 } = one.state;
  if (one.status === 'Succeeded' && sha256 !== undefined) return { ...one, sha256 };
  if (isFinished(one)) {
    throw new RequestError(409, 'ExportHasNoFile', 'This export failed or was canceled. Start another one.');
  }
  const message = 'The file is still being written. Retry after the time in Retry-After.';
  throw new RequestError(409, 'ExportNotReady', message, { headers: { 'Retry-After': '10' } });
}

export function manifestOf(one: WholeExport) {
  const { request, state } = one;
  const { progress, ingestedThrough, completeThrough } = state;
  const { from, to } = rangedFiltersOf(one);
  const { mediaType, alterations } = fileForm(request);
  return {
    manifestVersion: 1,
    exportId: one.id,
    tenantId: one.tenantId,
    file: { name: downloadName(one), mediaType, bytes: progress.bytes, sha256: one.sha256 },
    format: request.format,
    alterations,
    recordCount: progress.records,
    select: request.select,
    filters: request.filters,
    timeRange: { from: from?.toISOString(), to: to?.toISOString() },
    newestRecordDateTime: progress.newest?.toISOString(),
    oldestRecordDateTime: progress.oldest?.toISOString(),
    ingestedThrough: ingestedThrough.toISOString(),
    completeness: { completeThrough: completeThrough?.toISOString(), ...missingOf(state) },
    createdBy: one.createdBy,
    createdDateTime: one.createdDateTime.toISOString(),
    completedDateTime: one.completedDateTime?.toISOString(),
    expiresDateTime: expiryOf(one).toISOString(),
  };
}

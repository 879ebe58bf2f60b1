/** A report as answers show it. */
import { RequestError } from '../errors.ts';
import type { ExportFiles } from '../exports/export.ts';
import { isFinished } from '../operations/operation.ts';
import { publicError, publicHistory, publicIdentity } from '../operations/public-operation.ts';
import { tenantReportSchema, type ReportHead, type TenantReport } from './document.ts';
import { reportKinds } from './kinds/kinds.ts';
import { documentName, readJson } from './report-files.ts';
import type { DeclaredKind } from './report-kind.ts';
import type { ReportOperation, ReportRequest } from './report.ts';

/** What was requested, as answers show it. */
export function publicReportRequest({ kind, from, to, options }: ReportRequest) {
  return {
    kind,
    title: reportKinds.find(({ name }) => name === kind)?.title,
    from: from.toISOString(),
    to: to.toISOString(),
    options,
  };
}

export function publicReport(one: ReportOperation) {
  const { records, bytes, ingestedThrough, completeThrough, isPartial, isPending, hasGaps } = one.state;
  return {
    ...publicIdentity(one),
    ...publicReportRequest(one.request),
    recordCount: records,
    bytes,
    ...publicHistory(one),
    expiresDateTime: one.expiresDateTime?.toISOString(),
    ingestedThrough: ingestedThrough.toISOString(),
    completeThrough: completeThrough?.toISOString(),
    isPartial,
    isPending,
    hasGaps,
    ...publicError(one),
  };
}

/** Of a report about one tenant or several. @throws RequestError 409 for a kind that this release does not have */
export function kindOf({ kind }: Pick<ReportRequest, 'kind'>): DeclaredKind {
  const found = reportKinds.find(({ name }) => name === kind);
  if (found !== undefined) return found;
  const message = 'This release of the app has no reports of this kind. Request another one.';
  throw new RequestError(409, 'ReportKindUnknown', message);
}

type Requested = Pick<ReportOperation, 'createdBy' | 'createdDateTime'> & {
  readonly request: Pick<ReportRequest, 'kind' | 'from' | 'to'>;
};

/** Who requested what, and when. */
export function headOf({ request, createdBy, createdDateTime }: Requested): ReportHead {
  const { from, to } = request;
  return {
    kind: request.kind,
    title: kindOf(request).title,
    from: from.toISOString(),
    to: to.toISOString(),
    createdBy,
    createdDateTime: createdDateTime.toISOString(),
  };
}

/** The document of a report that has succeeded. @throws RequestError 409 while there is none, and when there never will be */
export async function documentOf(
  files: Pick<ExportFiles, 'read'>,
  one: ReportOperation,
): Promise<TenantReport> {
  if (one.status !== 'Succeeded') throw noDocument(one);
  const found = await storedDocument(files, one);
  if (found === undefined) throw new Error('The document of a report does not exist, or does not fit.');
  return found;
}

/** Undefined if there is none, or if another release wrote what does not fit. @throws when storage fails */
export async function storedDocument(
  files: Pick<ExportFiles, 'read'>,
  one: Pick<ReportOperation, 'tenantId' | 'id'>,
): Promise<TenantReport | undefined> {
  return await readJson(files, documentName(one), tenantReportSchema);
}

function noDocument(one: ReportOperation): RequestError {
  if (isFinished(one))
    return new RequestError(
      409,
      'ReportHasNoContent',
      'This report failed or was canceled. Start another one.',
    );
  const message = 'The report is still being computed. Retry after the time in Retry-After.';
  return new RequestError(409, 'ReportNotReady', message, { headers: { 'Retry-After': '10' } });
}

/** A bundle as answers show it. */
import type { Access, Caller } from '../../access/access.ts';
import type { Member } from '../../batches/member.ts';
import {
  pageOfBatch,
  publicBatchStatus,
  publicProgress,
  type BatchPageDeps,
} from '../../batches/public-batch.ts';
import { RequestError } from '../../errors.ts';
import { isFinished } from '../../operations/operation.ts';
import { publicError, publicHistory } from '../../operations/public-operation.ts';
import { withEnd } from '../../query/complete-range.ts';
import { filtersOf } from '../export-request.ts';
import { extensions, type ExportStore } from '../export.ts';
import { bundleForm } from './bundle-form.ts';
import { tenantColumns } from './named-tenant.ts';
import type { Bundle, BundleFile, BundlePart } from './bundle.ts';

export function publicBundle(one: Bundle) {
  const { layout, tenants, format, bom, select, filters } = one.request;
  return {
    id: one.id,
    status: publicBatchStatus(one),
    tenants,
    layout,
    format,
    ...(bom ? { bom } : {}),
    select,
    filters,
    ...publicProgress(one),
    ...publicFile(one.state.file),
    ...publicHistory(one),
    expiresDateTime: expiryOf(one).toISOString(),
    ...publicError(one),
  };
}

function publicFile(file: BundleFile | undefined) {
  if (file === undefined) return {};
  const { progress, sha256, ingestedThrough } = file;
  return {
    recordCount: progress.records,
    bytes: progress.bytes,
    sha256,
    newestRecordDateTime: progress.newest?.toISOString(),
    oldestRecordDateTime: progress.oldest?.toISOString(),
    ingestedThrough: ingestedThrough.toISOString(),
  };
}

function expiryOf({ id, expiresDateTime }: Bundle): Date {
  if (expiresDateTime === undefined) throw new Error(`The bundle ${id} has no expiry.`);
  return expiresDateTime;
}

type Page = Parameters<typeof pageOfBatch>[1];

interface BundlePageDeps extends BatchPageDeps {
  readonly exports: Pick<ExportStore, 'get'>;
}

/** The table of its tenants. @throws RequestError 400 for an invalid skip token */
export async function pageOfBundle(
  deps: BundlePageDeps,
  { bundle, ...page }: Omit<Page, 'detailsOf' | 'batch'> & { readonly bundle: Bundle },
) {
  const parts = new Map(bundle.state.file?.parts.map((part) => [part.tenantId, part]));
  const detailsOf = async (key: { readonly tenantId: string; readonly id: string }) => {
    const part = parts.get(key.tenantId);
    if (part !== undefined) return { recordCount: part.recordCount, ...publicMissing(part) };
    const child = bundle.state.file === undefined ? await deps.exports.get(key) : undefined;
    if (child === undefined) return {};
    const { errorCode, errorMessage, state } = child;
    const { records, bytes } = state.progress;
    return { exportId: child.id, recordCount: records, bytes, sha256: state.sha256, errorCode, errorMessage };
  };
  return await pageOfBatch(deps, { ...page, batch: bundle, detailsOf });
}

function publicMissing({ completeThrough, isPartial, isPending, hasGaps }: BundlePart) {
  return { completeThrough: completeThrough?.toISOString(), isPartial, isPending, hasGaps };
}

/** A bundle with its one file. */
export interface WholeBundle extends Bundle {
  readonly file: BundleFile & { readonly sha256: string };
}

/**
 * @throws RequestError 409 while it is being written, and when it has no file; 403 for a caller that has no access anymore to
 *   one of the tenants in the file
 */
export async function openBundle(
  access: Pick<Access, 'openFile' | 'visibleTenants'>,
  caller: Caller,
  one: Bundle,
): Promise<WholeBundle> {
  const whole = wholeBundle(one);
  const visible = new Set(
    (await access.visibleTenants(caller, 'records.read')).map(({ tenantId }) => tenantId),
  );
  const tenantIds = whole.file.parts.map(({ tenantId }) => tenantId);
  if (!tenantIds.every((id) => visible.has(id))) throw changedMeanwhile();
  access.openFile(caller, { id: whole.id, createdDateTime: whole.createdDateTime, tenantIds });
  return whole;
}

function wholeBundle(one: Bundle): WholeBundle {
  const { file } = one.state;
  if (one.status === 'Succeeded' && file?.sha256 !== undefined)
    return { ...one, file: { ...file, sha256: file.sha256 } };
  if (file === undefined || isFinished(one)) {
    const message =
      'This bundle has a file for each tenant, or it failed or was canceled. Its list of tenants names their exports.';
    throw new RequestError(409, 'BundleHasNoFile', message);
  }
  const message = 'The file is still being written. Retry after the time in Retry-After.';
  throw new RequestError(409, 'BundleNotReady', message, { headers: { 'Retry-After': '10' } });
}

function changedMeanwhile(): RequestError {
  const message =
    'The file has records of a tenant that was removed, or that you have no access to anymore. Start another export.';
  return new RequestError(403, 'Forbidden', message);
}

/** What the file is called when it is downloaded. */
export function bundleDownloadName({ id, request, createdDateTime }: Bundle): string {
  const day = createdDateTime.toISOString().slice(0, 10);
  return `audit-several-tenants-${day}-${id.slice(0, 8)}.${extensions[request.format]}`;
}

/** Everything needed to check the file, and what it lacks of each tenant. */
export function bundleManifestOf(one: WholeBundle) {
  const { request, file } = one;
  const { from, to } = withEnd(filtersOf(request.filters), file.ingestedThrough);
  const { mediaType, alterations } = bundleForm(request);
  const { progress, sha256, parts, ingestedThrough } = file;
  return {
    manifestVersion: 1,
    bundleId: one.id,
    file: { name: bundleDownloadName(one), mediaType, bytes: progress.bytes, sha256 },
    format: request.format,
    alterations: [alterationOf(request.format), ...alterations],
    recordCount: progress.records,
    select: request.select,
    filters: request.filters,
    timeRange: { from: from?.toISOString(), to: to?.toISOString() },
    newestRecordDateTime: progress.newest?.toISOString(),
    oldestRecordDateTime: progress.oldest?.toISOString(),
    ingestedThrough: ingestedThrough.toISOString(),
    tenants: parts.map((part) => ({
      tenantId: part.tenantId,
      tenantDisplayName: part.displayName,
      recordCount: part.recordCount,
      completeness: publicMissing(part),
    })),
    leftOut: one.state.members.filter(isLeftOut).map(({ tenantId }) => tenantId),
    createdBy: one.createdBy,
    createdDateTime: one.createdDateTime.toISOString(),
    completedDateTime: one.completedDateTime?.toISOString(),
    expiresDateTime: expiryOf(one).toISOString(),
  };
}

function isLeftOut({ status }: Member): boolean {
  return status === 'Removed' || status === 'NotAllowed';
}

function alterationOf(format: Bundle['request']['format']): string {
  return format === 'ndjson'
    ? `Each line is an object: ${tenantColumns.join(', ')}, and record, which has the exact bytes as delivered.`
    : `Two columns come first: ${tenantColumns.join(' and ')}.`;
}

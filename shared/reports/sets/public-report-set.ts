/** Reports on several tenants as answers show them. */
import type { Access, Caller } from '../../access/access.ts';
import { childIdOf, type Member } from '../../batches/member.ts';
import {
  pageOfBatch,
  publicBatchStatus,
  publicOutcome,
  publicProgress,
  visibleMembers,
  type BatchPageDeps,
  type ChildError,
  type VisibleMember,
} from '../../batches/public-batch.ts';
import { RequestError } from '../../errors.ts';
import type { ExportFiles } from '../../exports/export.ts';
import { isFinished } from '../../operations/operation.ts';
import { publicError, publicHistory } from '../../operations/public-operation.ts';
import { cutText } from '../cut-text.ts';
import type { TenantReport } from '../document.ts';
import { documentOf, publicReportRequest } from '../public-report.ts';
import type { ReportStore } from '../report.ts';
import type { ReportSet } from './report-set.ts';

export function publicReportSet(one: ReportSet) {
  const { tenants, ...request } = one.request;
  return {
    id: one.id,
    status: publicBatchStatus(one),
    tenants,
    ...publicReportRequest(request),
    ...publicProgress(one),
    ...publicHistory(one),
    expiresDateTime: one.expiresDateTime?.toISOString(),
    ...publicError(one),
  };
}

type Page = Parameters<typeof pageOfBatch>[1];

interface ReportPageDeps extends BatchPageDeps {
  readonly reports: Pick<ReportStore, 'get'>;
}

/** The table of its tenants. @throws RequestError 400 for an invalid skip token */
export async function pageOfReportSet(deps: ReportPageDeps, page: Omit<Page, 'detailsOf'>) {
  const detailsOf = async (key: { readonly tenantId: string; readonly id: string }) => {
    const child = await deps.reports.get(key);
    if (child === undefined) return {};
    const { errorCode, errorMessage, state } = child;
    return { reportId: child.id, recordCount: state.records, errorCode, errorMessage };
  };
  return await pageOfBatch(deps, { ...page, detailsOf });
}

interface ReportsOfTenantsDeps {
  readonly access: Pick<Access, 'open' | 'visibleTenants'>;
  readonly reports: Pick<ReportStore, 'get'>;
  readonly exportFiles: Pick<ExportFiles, 'read'>;
}

/**
 * The reports on those of its tenants of which the caller may know, in order of ID; each is read when its turn comes. Opens
 * them: the access log names them with each call, because a later call may read others.
 * @throws RequestError 409 until all of them are computed
 */
export async function reportsOfTenants(
  deps: ReportsOfTenantsDeps,
  caller: Caller,
  set: ReportSet,
): Promise<() => AsyncGenerator<TenantReport>> {
  if (!isFinished(set)) throw notReady();
  const members = await visibleMembers(deps.access, caller, set);
  const tenantIds = members.map(({ tenantId }) => tenantId);
  deps.access.open(caller, tenantIds);
  return async function* read() {
    for (const member of members) yield await reportOf(deps, set, member);
  };
}

async function reportOf(
  { reports, exportFiles }: ReportsOfTenantsDeps,
  { id }: ReportSet,
  member: VisibleMember,
): Promise<TenantReport> {
  const { tenantId, tenant, status } = member;
  if (tenant === undefined) return withoutReport(member, 'it is not managed anymore.');
  const found = await reports.get({ tenantId, id: childIdOf(id, tenantId) });
  if (status !== 'Succeeded') return withoutReport(member, outcomeOf(member, found));
  return found === undefined
    ? withoutReport(member, 'it was deleted.')
    : await documentOf(exportFiles, found);
}

function outcomeOf(member: Member, child: ChildError | undefined): string {
  const { status, errorMessage = child?.errorMessage } = publicOutcome(member);
  const outcome = `its status is ${status}.`;
  return errorMessage === undefined ? outcome : `${outcome} ${errorMessage}`;
}

function notReady(): RequestError {
  const message = 'Some of the reports are still being computed. Retry after the time in Retry-After.';
  return new RequestError(409, 'ReportSetNotReady', message, { headers: { 'Retry-After': '10' } });
}

/** A tenant that is missing would look like one about which there is nothing to say. */
function withoutReport({ tenantId, tenant }: VisibleMember, why: string): TenantReport {
  const noReport = cutText(`There is no report on this tenant: ${why}`);
  const section = { name: 'missing', title: 'No report', paragraphs: [noReport], tables: [], charts: [] };
  return {
    tenantId,
    displayName: tenant?.displayName ?? tenantId,
    isPartial: true,
    isPending: false,
    hasGaps: true,
    gaps: [{ reason: noReport }],
    gapsOmitted: 0,
    noReport,
    sections: [section],
  };
}

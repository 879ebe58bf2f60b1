/** Reports on several tenants as answers show them. */
import type { Access, Caller } from '../../access/access.ts';
import { childIdOf, type Member } from '../../batches/member.ts';
import {
  pageOfBatch,
  publicBatchStatus,
  publicProgress,
  type BatchPageDeps,
} from '../../batches/public-batch.ts';
import { RequestError } from '../../errors.ts';
import type { ExportFiles } from '../../exports/export.ts';
import { isFinished } from '../../operations/operation.ts';
import { publicError, publicHistory } from '../../operations/public-operation.ts';
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
  readonly access: Pick<Access, 'openFile' | 'visibleTenants'>;
  readonly reports: Pick<ReportStore, 'get'>;
  readonly exportFiles: Pick<ExportFiles, 'read'>;
}

/**
 * The reports on those of its tenants that the caller may read, in order of ID; each is read when its turn comes.
 * @throws RequestError 409 until all of them are computed
 */
export async function reportsOfTenants(
  deps: ReportsOfTenantsDeps,
  caller: Caller,
  { id, createdDateTime, status, state }: ReportSet,
): Promise<() => AsyncGenerator<TenantReport>> {
  if (!isFinished({ status })) throw notReady();
  const visible = await deps.access.visibleTenants(caller, 'records.read');
  const names = new Map(visible.map(({ tenantId, displayName }) => [tenantId, displayName]));
  const members = state.members.filter(({ tenantId }) => names.has(tenantId));
  const tenantIds = members.map(({ tenantId }) => tenantId);
  deps.access.openFile(caller, { id, createdDateTime, tenantIds });
  return async function* read() {
    for (const member of members) {
      const key = { tenantId: member.tenantId, id: childIdOf(id, member.tenantId) };
      const found = member.status === 'Succeeded' ? await deps.reports.get(key) : undefined;
      yield found === undefined
        ? withoutReport(member, names.get(member.tenantId) ?? member.tenantId)
        : await documentOf(deps.exportFiles, found);
    }
  };
}

function notReady(): RequestError {
  const message = 'Some of the reports are still being computed. Retry after the time in Retry-After.';
  return new RequestError(409, 'ReportSetNotReady', message, { headers: { 'Retry-After': '10' } });
}

/** A tenant that is missing would look like one about which there is nothing to say. */
function withoutReport({ tenantId, status }: Member, displayName: string): TenantReport {
  const why = status === 'Succeeded' ? 'it was deleted' : `its status is ${status}`;
  const section = {
    name: 'missing',
    title: 'No report',
    paragraphs: [`There is no report on this tenant: ${why}.`],
    tables: [],
    charts: [],
  };
  return {
    tenantId,
    displayName,
    isPartial: true,
    isPending: false,
    hasGaps: true,
    gaps: [{ reason: section.paragraphs.join() }],
    gapsOmitted: 0,
    sections: [section],
  };
}

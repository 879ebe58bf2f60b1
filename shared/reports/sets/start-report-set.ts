/** Starts reports on several tenants; any number may run at once. */
import type { BatchTenants } from '../../batches/batch-tenants.ts';
import { startOperation, type StartOperationDeps } from '../../operations/start-operation.ts';
import type { ReportRequest } from '../report.ts';
import type { ReportSet, ReportSetStore } from './report-set.ts';

export interface StartReportSetDeps extends StartOperationDeps {
  readonly reportSets: ReportSetStore;
}

interface Wanted extends BatchTenants, Pick<ReportSet, 'createdBy'> {
  /** @see ownerOf */
  readonly ownerId: string;
  readonly request: ReportRequest;
  /** Absent: a new one. Starting it again with the same ID changes nothing. */
  readonly id?: string;
}

/** @throws when storage fails */
export async function startReportSet(
  deps: StartReportSetDeps,
  { ownerId, set, tenants, request, createdBy, id }: Wanted,
): Promise<ReportSet> {
  const members = tenants.map(({ tenantId }) => ({ tenantId, status: 'NotStarted' as const }));
  const wanted = {
    id,
    tenantId: ownerId,
    request: { ...request, tenants: set },
    createdBy,
    state: { members },
  };
  return await startOperation(deps, deps.reportSets, wanted);
}

/** Runs reports on several tenants. */
import { batchWork, type BatchState } from '../../batches/batch-work.ts';
import { childrenOf, type ChildrenDeps, type ChildKind } from '../../batches/children.ts';
import { hasFailed, type Member, type MemberStatus } from '../../batches/member.ts';
import type { Ending } from '../../operations/operation.ts';
import type { OperationWork } from '../../operations/run-operation.ts';
import { reportEffects, type ReportEffectsDeps } from '../report-work.ts';
import type { ReportOperation, ReportRequest, ReportState } from '../report.ts';
import { newReport, type NewReportDeps } from '../start-report.ts';
import type { ReportSet, ReportSetRequest, ReportSetStore } from './report-set.ts';

export interface ReportSetWorkDeps extends ReportEffectsDeps, ChildrenDeps, NewReportDeps {
  readonly reportSets: ReportSetStore;
}

export function reportSetWork(
  deps: ReportSetWorkDeps,
): OperationWork<ReportSetRequest, BatchState, undefined> {
  return batchWork<ReportSetRequest, BatchState>({
    store: deps.reportSets,
    children: (set) => childrenOf(deps, reportsOf(deps, set), set),
    endOf,
  });
}

function reportsOf(
  deps: ReportSetWorkDeps,
  { request, createdBy }: Pick<ReportSet, 'request' | 'createdBy'>,
): ChildKind<ReportRequest, ReportState> {
  const { kind, from, to, options } = request;
  return {
    effects: reportEffects(deps),
    requires: ['records.read'],
    statusOf,
    newChild: (tenant) => newReport(deps, tenant, { request: { kind, from, to, options }, createdBy }),
  };
}

function statusOf({ status, errorCode }: ReportOperation): MemberStatus {
  if (errorCode === 'TenantRemoved') return 'Removed';
  return status === 'NotStarted' ? 'Running' : status;
}

function endOf(members: readonly Member[]): Ending {
  const hasReport = members.some(({ status }) => status === 'Succeeded');
  if (hasReport || !members.some(hasFailed)) return { status: 'Succeeded' };
  const errorMessage = 'No report on any of these tenants succeeded. The list of tenants says why.';
  return { status: 'Failed', errorCode: 'EveryReportFailed', errorMessage };
}

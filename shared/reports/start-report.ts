/** Starts reports; any number may run in a tenant. */
import { startOperation, type NewOperation, type StartOperationDeps } from '../operations/start-operation.ts';
import { missingIn, type Completeness } from '../query/completeness.ts';
import type { StoredTenant } from '../tenants/tenant.ts';
import { gapsIn } from './report-gaps.ts';
import { reportKinds } from './kinds/kinds.ts';
import type { RangeDeps, TimeSpan } from './report-kind.ts';
import type { ReportOperation, ReportRequest, ReportState, ReportStore } from './report.ts';

export interface NewReportDeps extends RangeDeps {
  readonly now: () => Date;
  readonly completeness: (tenant: StoredTenant) => Promise<Completeness>;
}

export interface StartReportDeps extends StartOperationDeps, NewReportDeps {
  readonly reports: ReportStore;
}

type Wanted = Pick<ReportOperation, 'request' | 'createdBy'>;

/** A new report, not stored yet. @throws when storage fails */
export async function newReport(
  deps: NewReportDeps,
  tenant: StoredTenant,
  { request, createdBy }: Wanted,
): Promise<NewOperation<ReportRequest, ReportState>> {
  const { tenantId, displayName } = tenant;
  const completeness = await deps.completeness(tenant);
  const read = await rangeOf(deps, tenantId, request);
  const state: ReportState = {
    displayName,
    // After completeness was read: what that covers has landed by now, and is in the report.
    ingestedThrough: deps.now(),
    completeThrough: completeness.completeThrough,
    ...missingIn(completeness, read),
    ...gapsIn(completeness, read),
    records: 0,
  };
  return { tenantId, request, createdBy, state };
}

/** Of all records that decide what the report says: what is missing from them is missing from it. */
async function rangeOf(
  { now, roleHolders }: NewReportDeps,
  tenantId: string,
  { kind, from, to, options }: ReportRequest,
): Promise<TimeSpan> {
  const range = { from, to };
  const found = await reportKinds.find(({ name }) => name === kind)?.load();
  return (await found?.reads({ tenantId, range, options, now: now() }, { roleHolders })) ?? range;
}

/** @throws when storage fails */
export async function startReport(
  deps: StartReportDeps,
  tenant: StoredTenant,
  wanted: Wanted,
): Promise<ReportOperation> {
  return await startOperation(deps, deps.reports, await newReport(deps, tenant, wanted));
}

/** Starts exports; any number may run in a tenant. */
import { startOperation, type StartOperationDeps } from '../operations/start-operation.ts';
import { isPartial, type Completeness } from '../query/completeness.ts';
import type { StoredTenant } from '../tenants/tenant.ts';
import { noProgress, type Export, type ExportState, type ExportStore } from './export.ts';
import { checkExportRequest } from './export-request.ts';

export interface StartExportDeps extends StartOperationDeps {
  readonly exports: ExportStore;
  readonly completeness: (tenant: StoredTenant) => Promise<Completeness>;
}

/** A landing of this moment may not be visible to readers yet. */
const settleMs = 5000;

/** @throws RequestError 400 naming an invalid filter */
export async function startExport(
  deps: StartExportDeps,
  tenant: StoredTenant,
  { request, createdBy }: Pick<Export, 'request' | 'createdBy'>,
): Promise<Export> {
  const { from, to } = checkExportRequest(request);
  const now = deps.now();
  const completeness = await deps.completeness(tenant);
  const state: ExportState = {
    ingestedThrough: new Date(now.getTime() - settleMs),
    completeThrough: completeness.completeThrough,
    isPartial: isPartial(completeness, { from, to: to ?? now }),
    progress: noProgress,
  };
  return await startOperation(deps, deps.exports, { tenantId: tenant.tenantId, request, createdBy, state });
}

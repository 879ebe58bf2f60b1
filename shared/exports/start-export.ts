/** Starts exports; any number may run in a tenant. */
import { startOperation, type NewOperation, type StartOperationDeps } from '../operations/start-operation.ts';
import { endOfComplete, withEnd } from '../query/complete-range.ts';
import { missingIn, type Completeness } from '../query/completeness.ts';
import { knownNames } from '../query/known-names.ts';
import type { NameDirectory } from '../tenants/name-directory.ts';
import type { StoredTenant } from '../tenants/tenant.ts';
import { noProgress, type Export, type ExportRequest, type ExportState, type ExportStore } from './export.ts';
import { checkExportRequest } from './export-request.ts';

export interface NewExportDeps {
  readonly now: () => Date;
  readonly names: NameDirectory;
  readonly completeness: (tenant: StoredTenant) => Promise<Completeness>;
}

export interface StartExportDeps extends StartOperationDeps, NewExportDeps {
  readonly exports: ExportStore;
}

/** A new export, not stored yet. @throws RequestError 400 naming an invalid filter */
export async function newExport(
  deps: NewExportDeps,
  tenant: StoredTenant,
  { request, createdBy }: Pick<Export, 'request' | 'createdBy'>,
): Promise<NewOperation<ExportRequest, ExportState>> {
  const filters = checkExportRequest(request);
  const now = deps.now();
  const completeness = await deps.completeness(tenant);
  const completeTo =
    filters.to === 'complete' ? endOfComplete(filters, completeness.completeThrough) : undefined;
  const { from, to = now } = withEnd(filters, completeTo ?? now);
  const state: ExportState = {
    // After completeness was read: what that covers has landed by now, and is in the file.
    ingestedThrough: deps.now(),
    completeThrough: completeness.completeThrough,
    ...missingIn(completeness, { from, to }),
    completeTo,
    names: await knownNames(deps.names, [tenant.tenantId], filters),
    progress: noProgress,
  };
  return { tenantId: tenant.tenantId, request, createdBy, state };
}

/** @throws RequestError 400 naming an invalid filter */
export async function startExport(
  deps: StartExportDeps,
  tenant: StoredTenant,
  wanted: Pick<Export, 'request' | 'createdBy'>,
): Promise<Export> {
  return await startOperation(deps, deps.exports, await newExport(deps, tenant, wanted));
}

/** Starts an export; any number may run in a tenant. */
import { randomUUID } from 'node:crypto';
import { isPartial, type Completeness } from '../query/completeness.ts';
import type { Telemetry } from '../telemetry.ts';
import type { StoredTenant } from '../tenants/tenant.ts';
import { noProgress, type Export, type ExportQueue, type ExportStore } from './export.ts';
import { checkExportRequest } from './export-request.ts';

export interface StartExportDeps {
  readonly exports: ExportStore;
  readonly queues: ExportQueue;
  readonly completeness: (tenant: StoredTenant) => Promise<Completeness>;
  readonly telemetry: Telemetry;
  /** How long a file is kept after the last work on it. */
  readonly exportKeepMs: number;
  readonly now: () => Date;
}

/** A landing of this moment may not be known to anybody yet. */
const settleMs = 5000;

/** @throws RequestError 400 naming a filter that is not understood */
export async function startExport(
  deps: StartExportDeps,
  tenant: StoredTenant,
  { request, createdBy }: Pick<Export, 'request' | 'createdBy'>,
): Promise<Export> {
  const { from, to } = checkExportRequest(request);
  const now = deps.now();
  const completeness = await deps.completeness(tenant);
  const started: Export = {
    ...{ tenantId: tenant.tenantId, exportId: randomUUID(), request, createdBy, status: 'NotStarted' },
    ...{ createdDateTime: now, lastActionDateTime: now },
    expiresDateTime: new Date(now.getTime() + deps.exportKeepMs),
    ingestedThrough: new Date(now.getTime() - settleMs),
    completeThrough: completeness.completeThrough,
    isPartial: isPartial(completeness, { from, to: to ?? now }),
    progress: noProgress,
  };
  const { tenantId, exportId } = started;
  await deps.exports.create(started);
  await deps.queues.requestExportRun({ version: 1, tenantId, exportId }, 0);
  deps.telemetry('exports.operation.started', { tenantId, exportId, format: request.format });
  return started;
}

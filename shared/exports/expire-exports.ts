/** Deletes exports whose time is over, and wakes those whose message was lost. */
import type { Telemetry } from '../telemetry.ts';
import { exportFileName, type ExportFiles, type ExportQueue, type ExportStore } from './export.ts';

export interface ExpireExportsDeps {
  readonly exports: ExportStore;
  readonly exportFiles: ExportFiles;
  readonly queues: ExportQueue;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
}

/** Much longer than a run rests between two saves. */
const restMs = 60 * 60_000;

/** Repeatable at any point: the row goes last. @throws when storage fails */
export async function expireExports(deps: ExpireExportsDeps): Promise<void> {
  const now = deps.now();
  for await (const one of deps.exports.expired(now)) {
    const { tenantId, exportId } = one;
    await deps.exportFiles.remove(exportFileName(one));
    await deps.exports.remove(tenantId, exportId);
    deps.telemetry('exports.operation.expired', { tenantId, exportId });
  }
  for await (const { tenantId, exportId } of deps.exports.resting(new Date(now.getTime() - restMs))) {
    await deps.queues.requestExportRun({ version: 1, tenantId, exportId }, 0);
  }
}

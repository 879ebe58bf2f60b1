/** An import as answers show it. */
import { refusalReasons, refusedCount, type Import, type ImportState } from './import.ts';

export function publicImport(one: Import) {
  const { uploadId, fileName, bytes } = one.request;
  const { progress, imported } = one.state;
  return {
    id: one.id,
    tenantId: one.tenantId,
    status: one.status,
    uploadId,
    fileName,
    bytes,
    readCount: progress.read,
    landedCount: progress.landed,
    importedCount: imported,
    duplicateCount: imported === undefined ? undefined : progress.landed - imported,
    refusedCount: refusedCount(progress),
    refused: refusalReasons.flatMap((reason) => {
      const count = progress.refused[reason] ?? 0;
      return count === 0 ? [] : [{ reason, count }];
    }),
    createdBy: one.createdBy,
    createdDateTime: one.createdDateTime.toISOString(),
    lastActionDateTime: one.lastActionDateTime.toISOString(),
    completedDateTime: one.completedDateTime?.toISOString(),
    errorCode: one.errorCode,
    errorMessage: one.errorMessage,
  };
}

/** With the first rows that were refused. */
export function importResult(one: Import) {
  return { ...publicImport(one), refusals: listed(one.state) };
}

function listed({ refusals }: ImportState) {
  return refusals.map(({ place, reason }) => ({ place, reason }));
}

/** An export as answers show it. */
import type { Export } from './export.ts';

export function publicExport({ exportId, tenantId, request, status, progress, ...rest }: Export) {
  const { format, bom, filters } = request;
  return {
    ...{ id: exportId, tenantId, status, format, ...(bom ? { bom } : {}), filters },
    ...{ recordCount: progress.records, bytes: progress.bytes, sha256: rest.sha256 },
    newestRecordDateTime: progress.newest?.toISOString(),
    oldestRecordDateTime: progress.oldest?.toISOString(),
    createdBy: rest.createdBy,
    createdDateTime: rest.createdDateTime.toISOString(),
    lastActionDateTime: rest.lastActionDateTime.toISOString(),
    completedDateTime: rest.completedDateTime?.toISOString(),
    expiresDateTime: rest.expiresDateTime.toISOString(),
    ingestedThrough: rest.ingestedThrough.toISOString(),
    completeThrough: rest.completeThrough?.toISOString(),
    isPartial: rest.isPartial,
    errorCode: rest.errorCode,
    errorMessage: rest.errorMessage,
  };
}

/** An export as answers show it. */
import { expiryOf, type Export } from './export.ts';

export function publicExport(one: Export) {
  const { format, bom, filters } = one.request;
  const { progress, sha256, ingestedThrough, completeThrough, isPartial } = one.state;
  return {
    id: one.id,
    tenantId: one.tenantId,
    status: one.status,
    format,
    ...(bom ? { bom } : {}),
    filters,
    recordCount: progress.records,
    bytes: progress.bytes,
    sha256,
    newestRecordDateTime: progress.newest?.toISOString(),
    oldestRecordDateTime: progress.oldest?.toISOString(),
    createdBy: one.createdBy,
    createdDateTime: one.createdDateTime.toISOString(),
    lastActionDateTime: one.lastActionDateTime.toISOString(),
    completedDateTime: one.completedDateTime?.toISOString(),
    expiresDateTime: expiryOf(one).toISOString(),
    ingestedThrough: ingestedThrough.toISOString(),
    completeThrough: completeThrough?.toISOString(),
    isPartial,
    errorCode: one.errorCode,
    errorMessage: one.errorMessage,
  };
}

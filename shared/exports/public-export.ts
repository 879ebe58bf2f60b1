/** An export as answers show it. */
import type { Missing } from '../query/completeness.ts';
import { expiryOf, type Export, type ExportState } from './export.ts';

export function publicExport(one: Export) {
  const { format, bom, filters } = one.request;
  const { progress, sha256, ingestedThrough, completeThrough } = one.state;
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
    ...missingOf(one.state),
    errorCode: one.errorCode,
    errorMessage: one.errorMessage,
  };
}

/** Earlier versions did not store why an export is partial: either may be the reason. */
export function missingOf({ isPartial, isPending = isPartial, hasGaps = isPartial }: ExportState): Missing {
  return { isPartial, isPending, hasGaps };
}

/** An export as answers show it. */
import { publicError, publicHistory, publicIdentity } from '../operations/public-operation.ts';
import type { Missing } from '../query/completeness.ts';
import { expiryOf, type Export, type ExportState } from './export.ts';

export function publicExport(one: Export) {
  const { format, bom, select, filters } = one.request;
  const { progress, sha256, ingestedThrough, completeThrough } = one.state;
  return {
    ...publicIdentity(one),
    format,
    ...(bom ? { bom } : {}),
    select,
    filters,
    recordCount: progress.records,
    bytes: progress.bytes,
    sha256,
    newestRecordDateTime: progress.newest?.toISOString(),
    oldestRecordDateTime: progress.oldest?.toISOString(),
    ...publicHistory(one),
    expiresDateTime: expiryOf(one).toISOString(),
    ingestedThrough: ingestedThrough.toISOString(),
    completeThrough: completeThrough?.toISOString(),
    ...missingOf(one.state),
    ...publicError(one),
  };
}

/** Earlier versions did not store why an export is partial: either may be the reason. */
export function missingOf({ isPartial, isPending = isPartial, hasGaps = isPartial }: ExportState): Missing {
  return { isPartial, isPending, hasGaps };
}

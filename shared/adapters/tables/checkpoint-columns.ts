/** How far a content type has been listed, as columns of its row. */
import * as z from 'zod';
import { contentTypeSchema } from '../../activity/content-types.ts';
import { latenessSchema } from '../../landing/lateness.ts';
import type { Checkpoint, Stop } from '../../landing/ledger.ts';
import { dateColumn, jsonColumn } from './columns.ts';
import type { StoredEntity } from './tables.ts';

export const checkpointColumns = z.object({
  listedThrough: dateColumn,
  collectedFrom: dateColumn.optional(),
  stoppedCode: z.string().optional(),
  stoppedFrom: dateColumn.optional(),
  measuredFrom: dateColumn.optional(),
  revisitedThrough: jsonColumn(z.array(dateColumn).readonly()).optional(),
  lateness: jsonColumn(latenessSchema).optional(),
  retainedFrom: dateColumn.optional(),
});

export function toCheckpoint(
  { stoppedCode: code = '', stoppedFrom, ...columns }: z.output<typeof checkpointColumns>,
  { rowKey }: StoredEntity,
): Checkpoint {
  // Earlier releases marked only that it was stopped, since the last listing.
  const from = stoppedFrom ?? columns.listedThrough;
  const stop = code === '' ? {} : { stop: { code, from } };
  return { contentType: contentTypeSchema.parse(rowKey), ...columns, ...stop };
}

/** Merging cannot remove a column: an empty text stands for "none". */
export function stopColumns(stop: Stop | null) {
  return stop === null ? { stoppedCode: '' } : { stoppedCode: stop.code, stoppedFrom: stop.from };
}

/** Keys of the tables `Ledger` and `Gaps`. */
import type { ContentBlob } from '../../activity/activity-feed.ts';
import type { ContentType } from '../../activity/content-types.ts';
import { sha256Of } from '../../sha256.ts';

/** One partition a day keeps partitions small, and lets a listing query only its own range of time. */
export function dayPartition(
  tenantId: string,
  { contentType, contentCreated }: Pick<ContentBlob, 'contentType' | 'contentCreated'>,
): string {
  const day = contentCreated.toISOString().slice(0, 10).replaceAll('-', '');
  return `${tenantId}_${contentType}_${day}`;
}

export function openPartition(tenantId: string): string {
  return `${tenantId}_open`;
}

export function rowKeyOf({
  contentCreated,
  contentId,
}: Pick<ContentBlob, 'contentCreated' | 'contentId'>): string {
  return timeKey(contentCreated, contentId);
}

export function gapKey(start: Date, contentType: ContentType, contentId = ''): string {
  return timeKey(start, `${contentType}\n${contentId}`);
}

/** Time, then identity: rows of one listing are adjacent. */
function timeKey(time: Date, identity: string): string {
  const hash = sha256Of(identity).slice(0, 16);
  return `${timePrefix(time)}_${hash}`;
}

/** Sorts before all row keys of this moment and later. */
export function timePrefix(time: Date): string {
  return time.toISOString().replaceAll(/[-:.TZ]/g, '');
}

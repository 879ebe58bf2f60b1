/** Content blobs with invented records. */
import type { ContentBlob } from '../../shared/activity/activity-feed.ts';
import type { ContentType } from '../../shared/activity/content-types.ts';
import { dayMs } from './clock.ts';

/** A content blob whose other properties follow from its name. */
export function contentNamed(
  name: string,
  contentCreated: Date,
  contentType: ContentType = 'Audit.Exchange',
): ContentBlob {
  const contentId = `${name}$${contentType.toLowerCase().replace('.', '_')}`;
  return {
    ...{ contentType, contentId, contentCreated },
    contentUri: `https://manage.office.com/api/v1.0/feed/audit/${contentId}`,
    contentExpiration: new Date(contentCreated.getTime() + 7 * dayMs),
  };
}

/** Texts of records that name their content blob and place, padded to about this many characters. */
export function recordTexts(name: string, count: number, padding = 0): readonly string[] {
  return Array.from({ length: count }, (_, index) =>
    JSON.stringify({ Id: `${name}-${index}`, Operation: 'FileAccessed', Padding: 'x'.repeat(padding) }),
  );
}

/** The body of a content blob, in chunks. */
export function bodyOf(texts: readonly string[], chunkBytes = 1 << 16): readonly Buffer[] {
  return chunksOf(Buffer.from(`[${texts.join(',')}]`), chunkBytes);
}

export function chunksOf(bytes: Buffer, chunkBytes: number): readonly Buffer[] {
  const count = Math.max(1, Math.ceil(bytes.length / chunkBytes));
  return Array.from({ length: count }, (_, at) => bytes.subarray(at * chunkBytes, (at + 1) * chunkBytes));
}

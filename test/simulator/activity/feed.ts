/** The content blobs of one tenant, in the order in which they become available. */

import { createContentFactory, timeKey, type ContentBlob, type ContentDraft } from './content-blob.ts';
import type { FeedContentType } from '../tenant.ts';

interface ContentQuery {
  readonly contentType: FeedContentType;
  /** contentCreated is in [start, end). */
  readonly start: Date;
  readonly end: Date;
  /** Only content after this order key. */
  readonly after?: string | undefined;
}

export interface Feed {
  publish(draft: ContentDraft): ContentBlob;
  /** Content in order of availability. */
  list(query: ContentQuery): readonly ContentBlob[];
  find(contentId: string): ContentBlob | undefined;
  /** All content ever published, regardless of its time. */
  all(): readonly ContentBlob[];
}

/** @param seed determines the arbitrary parts of content IDs */
export const createFeed = (seed: number): Feed => {
  const create = createContentFactory(seed);
  const byId = new Map<string, ContentBlob>();
  const byType = new Map<FeedContentType, ContentBlob[]>();

  const publish = (draft: ContentDraft): ContentBlob => {
    const blob = create(draft);
    const siblings = byType.get(draft.contentType) ?? [];
    siblings.splice(lowerBound(siblings, blob.orderKey), 0, blob);
    byType.set(draft.contentType, siblings);
    byId.set(blob.contentId, blob);
    return blob;
  };

  const list = ({ contentType, start, end, after }: ContentQuery): readonly ContentBlob[] => {
    const siblings = byType.get(contentType) ?? [];
    const from = lowerBound(siblings, timeKey(start));
    const to = lowerBound(siblings, timeKey(end));
    const listed = siblings.slice(from, to);
    return after === undefined ? listed : listed.filter(({ orderKey }) => orderKey > after);
  };

  return { publish, list, find: (contentId) => byId.get(contentId), all: () => [...byId.values()] };
};

const lowerBound = (blobs: readonly ContentBlob[], key: string): number => {
  let low = 0;
  let high = blobs.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((blobs[middle]?.orderKey ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
};

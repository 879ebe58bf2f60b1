/** What the listings of one tenant's feed have answered so far. */

import type { ContentBlob } from './content-blob.ts';

export interface ListingLog {
  /** @param isGrowing whether it would be served without its end */
  note(listed: readonly ContentBlob[], isGrowing: (blob: ContentBlob) => boolean): void;
  noteEmptyPage(): void;
  /** How often it was on a page. */
  timesListed(contentId: string): number;
  /** How often it was on a page while it was still growing. */
  timesListedGrowing(contentId: string): number;
  /** Pages that were empty although content follows. */
  emptyPages(): number;
}

export const createListingLog = (): ListingLog => {
  const [listed, growing] = [new Map<string, number>(), new Map<string, number>()];
  let emptyPages = 0;
  return {
    note: (blobs, isGrowing) => {
      for (const blob of blobs) {
        increment(listed, blob.contentId);
        if (isGrowing(blob)) increment(growing, blob.contentId);
      }
    },
    noteEmptyPage: () => {
      emptyPages += 1;
    },
    timesListed: (contentId) => listed.get(contentId) ?? 0,
    timesListedGrowing: (contentId) => growing.get(contentId) ?? 0,
    emptyPages: () => emptyPages,
  };
};

const increment = (counts: Map<string, number>, key: string): void => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
};

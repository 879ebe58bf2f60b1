/** A content blob of the feed: its identity, times, and body. */

import type { ReplyBody } from '../http.ts';
import { createRandom } from '../random.ts';
import type { FeedContentType } from '../tenant.ts';
import type { ContentBody } from './content-body.ts';

export interface ContentBlob {
  readonly contentType: FeedContentType;
  readonly contentId: string;
  /** Orders content by availability; unique within one feed; 23 digits. */
  readonly orderKey: string;
  readonly contentCreated: Date;
  readonly contentExpiration: Date;
  readonly body: ContentBody;
}

export interface ContentDraft {
  readonly contentType: FeedContentType;
  readonly contentCreated: Date;
  readonly body: ContentBody;
}

const dayMs = 24 * 60 * 60 * 1000;
/** Measured on live tenants; the documentation says 7 days. */
const lifetimeMs = 20 * dayMs;
/** The service collects content for a while before it publishes it. */
const gatheringMs = 18 * 60 * 1000;
const regions = ['na0020', 'emea0012', 'apac0012'] as const;

/** Returns the time part of an order key: yyyyMMddHHmmssfff. */
export const timeKey = (time: Date): string => time.toISOString().replace(/\D/g, '');

/** Creates content blobs with IDs like those of the service since 2018; different seeds give different IDs. */
export const createContentFactory = (seed: number): ((draft: ContentDraft) => ContentBlob) => {
  const random = createRandom(seed);
  let made = 0;
  return (draft) => {
    made += 1;
    const sequence = String(made % 1_000_000).padStart(6, '0');
    const orderKey = timeKey(draft.contentCreated) + sequence;
    const begun = timeKey(new Date(draft.contentCreated.getTime() - gatheringMs));
    const salt = String(random.integer(0, 999_999)).padStart(6, '0');
    const name = draft.contentType.replace('.', '_');
    return {
      ...draft,
      orderKey,
      contentId: `${begun}${salt}$${orderKey}$${name.toLowerCase()}$${name}$${random.pick(regions)}`,
      contentExpiration: new Date(draft.contentCreated.getTime() + lifetimeMs),
    };
  };
};

/** Returns what the service sends for the content blob: only its beginning while it is still growing. */
export const bytesOf = (blob: ContentBlob, now: Date, settleMs: number): ReplyBody =>
  isGrowing(blob, now, settleMs) ? blob.body.beginning() : blob.body.whole();

/** Whether the service would serve it without its end. */
export const isGrowing = ({ contentCreated }: ContentBlob, now: Date, settleMs: number): boolean =>
  now.getTime() - contentCreated.getTime() < settleMs;

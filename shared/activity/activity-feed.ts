/** The source: what Auditkeep uses of the Management Activity API. */
import * as z from 'zod';
import type { Budget } from '../budget.ts';
import { storedDate } from '../stored-date.ts';
import type { Cloud } from './clouds.ts';
import { contentTypeSchema, type ContentType } from './content-types.ts';
import type { Window } from './windows.ts';

/** Names a tenant to Microsoft. */
export interface TenantRef {
  readonly tenantId: string;
  readonly cloud: Cloud;
}

/** A content blob as listed by the feed. */
export const contentBlobSchema = z.object({
  contentType: contentTypeSchema,
  /** Opaque; contains `$`. */
  contentId: z.string(),
  contentUri: z.string(),
  contentCreated: storedDate,
  contentExpiration: storedDate,
});
export type ContentBlob = Readonly<z.output<typeof contentBlobSchema>>;

export interface Subscription {
  readonly contentType: string;
  readonly enabled: boolean;
}

/**
 * All methods throw UpstreamError when Microsoft refuses for good, for longer than a few retries, or until the budget is
 * spent.
 */
export interface ActivityFeed {
  /** Starts a subscription; succeeds if it is enabled already or was started within the last 15 minutes. */
  startSubscription(tenant: TenantRef, contentType: ContentType, budget?: Budget): Promise<void>;
  /** Stops a subscription; succeeds if there is none. Content that was listed can still be fetched. */
  stopSubscription(tenant: TenantRef, contentType: ContentType, budget?: Budget): Promise<void>;
  /** Subscriptions ever started and not stopped; an empty list is normal for a new tenant. */
  listSubscriptions(tenant: TenantRef, budget?: Budget): Promise<readonly Subscription[]>;
  /**
   * Content that became available in [start, end), page by page to the last, in order of availability.
   * @param window at most 24 hours long, starting at most 7 days ago
   */
  listContent(
    tenant: TenantRef,
    contentType: ContentType,
    window: Window,
    budget?: Budget,
  ): AsyncIterable<readonly ContentBlob[]>;
  /** The body as received. Iterating it throws UpstreamError when the transfer breaks or outlasts the budget's cutoff. */
  fetchContent(tenant: TenantRef, contentUri: string, budget?: Budget): Promise<AsyncIterable<Buffer>>;
}

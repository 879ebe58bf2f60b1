/** The source: what Auditkeep needs of the Management Activity API. */
import type { Cloud } from './clouds.ts';
import type { ContentType } from './content-types.ts';
import type { Window } from './windows.ts';

/** Names a tenant to Microsoft. */
export interface TenantRef {
  readonly tenantId: string;
  readonly cloud: Cloud;
}

/** A content blob as listed by the feed. */
export interface ContentBlob {
  readonly contentType: ContentType;
  /** Opaque; contains `$`. */
  readonly contentId: string;
  readonly contentUri: string;
  readonly contentCreated: Date;
  readonly contentExpiration: Date;
}

export interface Subscription {
  readonly contentType: string;
  readonly enabled: boolean;
}

/**
 * All methods throw UpstreamError when Microsoft refuses for good or for longer than a few patient retries.
 */
export interface ActivityFeed {
  /** Starts a subscription; one that is enabled already, or was started within 15 minutes, is success. */
  startSubscription(tenant: TenantRef, contentType: ContentType): Promise<void>;
  /** Stops a subscription; one that is not there is success. Content listed already can still be fetched. */
  stopSubscription(tenant: TenantRef, contentType: ContentType): Promise<void>;
  /** Subscriptions ever started and not stopped; an empty list is normal for a new tenant. */
  listSubscriptions(tenant: TenantRef): Promise<readonly Subscription[]>;
  /**
   * Content that became available in [start, end), page by page to the last, in order of availability.
   * @param window at most 24 hours long, starting at most 7 days ago
   */
  listContent(
    tenant: TenantRef,
    contentType: ContentType,
    window: Window,
  ): AsyncIterable<readonly ContentBlob[]>;
  /** The body as received. Iterating it throws UpstreamError when the transfer breaks. */
  fetchContent(tenant: TenantRef, contentUri: string): Promise<AsyncIterable<Buffer>>;
}

/** The source: what Auditkeep uses of the Management Activity API. */
import * as z from 'zod';
import type { Budget } from '../budget.ts';
import type { UpstreamError } from '../errors.ts';
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

/** A listed item whose content cannot be fetched. */
export interface UnusableItem {
  /** What is known of it. The rest is derived, in the same way in every listing; contentUri may be empty. */
  readonly content: ContentBlob;
  /** Why it cannot be fetched, such as `ItemWithoutContentUri`. */
  readonly code: string;
}

/** One page of a listing. */
export interface ContentPage {
  readonly contents: readonly ContentBlob[];
  readonly unusable: readonly UnusableItem[];
  /** When Microsoft answered, by its own clock; absent if the answer does not say. */
  readonly answeredAt?: Date | undefined;
}

/** A content blob as answered. Either iterate its body or discard it. */
export interface FetchedContent {
  /** When Microsoft answered, by its own clock; absent if the answer does not say. */
  readonly answeredAt?: Date | undefined;
  /** As received. Iterating it throws UpstreamError when the transfer breaks or outlasts the budget's cutoff. */
  readonly body: AsyncIterable<Buffer>;
  /** Ends the transfer of a body that is not wanted. */
  readonly discard: () => void;
}

export interface Subscription {
  readonly contentType: string;
  readonly enabled: boolean;
  readonly webhook: WebhookState;
}

/** `none` is wanted and set; `current`: as wanted; `outdated`: missing, disabled, expired, or another, or not wanted. */
export type WebhookState = 'none' | 'current' | 'outdated';

/** Whether a started subscription has the webhook that is wanted; or why Microsoft refused that: it has none. */
export type StartedWebhook = 'none' | 'current' | UpstreamError;

/**
 * All methods throw UpstreamError when Microsoft refuses for good, for longer than a few retries, or until the budget is
 * spent.
 */
export interface ActivityFeed {
  /**
   * Starts a subscription, with the webhook that is wanted; if Microsoft refuses that, without one. Succeeds if it is
   * enabled already or was started within the last 15 minutes.
   */
  startSubscription(tenant: TenantRef, contentType: ContentType, budget?: Budget): Promise<StartedWebhook>;
  /**
   * Sets or removes the webhook of a subscription that is running: this does not interrupt it. Does nothing within 15
   * minutes of a start. One that stopped a moment ago would be started, so list subscriptions right before.
   */
  renewWebhook(tenant: TenantRef, contentType: ContentType, budget?: Budget): Promise<void>;
  /** Stops a subscription; succeeds if there is none. Content that was listed can still be fetched. */
  stopSubscription(tenant: TenantRef, contentType: ContentType, budget?: Budget): Promise<void>;
  /** Subscriptions ever started and not stopped; an empty list is normal for a new tenant. */
  listSubscriptions(tenant: TenantRef, budget?: Budget): Promise<readonly Subscription[]>;
  /**
   * Content that became available in [start, end), page by page to the last, in order of availability. An odd item
   * does not stop the listing: see {@link ContentPage}.
   * @param window at most 24 hours long, starting at most 7 days ago
   */
  listContent(
    tenant: TenantRef,
    contentType: ContentType,
    window: Window,
    budget?: Budget,
  ): AsyncIterable<ContentPage>;
  fetchContent(tenant: TenantRef, contentUri: string, budget?: Budget): Promise<FetchedContent>;
}

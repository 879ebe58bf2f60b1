/** A webhook subscription: where which new records of a tenant are sent, and how far deliveries have come. */
import * as z from 'zod';
import { RequestError } from '../errors.ts';
import type { FeedPosition } from '../feed/landing-sequence.ts';
import type { SearchFilters } from '../searches/search.ts';

/** What a delivery says about each record: its id and URL, or everything that lists show. */
export const contents = ['ids', 'records'] as const;
export type WebhookContent = (typeof contents)[number];

/** `gone`: the receiver said so; `failing`: for days; `revoked`: its creator may no longer read the tenant. */
export const disabledReasons = ['gone', 'failing', 'revoked', 'invalid'] as const;
export type DisabledReason = (typeof disabledReasons)[number];

/** Which records: filters of its own, or those of a saved search as it is when records are delivered. */
export type Wanted =
  | { readonly filters: SearchFilters; readonly search?: undefined }
  | { readonly search: string; readonly filters?: undefined };

/** The state of deliveries. */
export interface DeliveryState {
  /** Everything before it was delivered. */
  readonly position: FeedPosition;
  /** A batch that was about to be sent and is not known to have arrived. It is sent again unchanged. */
  readonly pending?: PendingBatch | undefined;
  /** Attempts of the pending batch that failed. */
  readonly failures: number;
  readonly nextAttemptAt?: Date | undefined;
  readonly lastError?: string | undefined;
  readonly lastDeliveryAt?: Date | undefined;
  readonly disabled?: DisabledReason | undefined;
}

export interface PendingBatch {
  /** The batch reaches from the position to here. */
  readonly to: FeedPosition;
  /** When it was assembled: part of what is sent, which must not change. */
  readonly at: Date;
}

export interface WebhookSubscription extends DeliveryState {
  readonly tenantId: string;
  readonly subscriptionId: string;
  /** Id of the caller: deliveries end when that key does. */
  readonly createdBy: string;
  readonly createdDateTime: Date;
  /** Encrypted: the URL of a flow contains a signature. */
  readonly sealedTarget: string;
  /** Public URL of the app, for the URLs in deliveries; ends with a slash. */
  readonly baseUrl: string;
  readonly content: WebhookContent;
  readonly wanted: Wanted;
  /** Which secret signs, from 1; the previous one signs as well until `overlapUntil`. */
  readonly generation: number;
  readonly overlapUntil?: Date | undefined;
  /** A host is delivering until then, unless it has crashed. */
  readonly lease?: Lease | undefined;
}

export interface Lease {
  readonly holder: string;
  readonly until: Date;
  /** New records arrived while the lease was held: the holder must re-check; a delayed message covers a crashed holder. */
  readonly notified: boolean;
}

/** A subscription as stored, with the version that changes are made against. */
export interface StoredSubscription extends WebhookSubscription {
  readonly etag: string;
}

export type SubscriptionChanges = Partial<
  DeliveryState & Pick<WebhookSubscription, 'generation' | 'overlapUntil' | 'lease'>
>;

export interface SubscriptionStore {
  get(tenantId: string, subscriptionId: string): Promise<StoredSubscription | undefined>;
  /** In order of id. */
  list(tenantId: string): Promise<readonly StoredSubscription[]>;
  create(subscription: WebhookSubscription): Promise<void>;
  /**
   * Sets the named members; an undefined one is removed.
   * @returns the subscription as it is now; undefined, and nothing written, when it was modified since or is gone
   */
  update(
    subscription: StoredSubscription,
    changes: SubscriptionChanges,
  ): Promise<StoredSubscription | undefined>;
  /** Succeeds if there is none. */
  remove(tenantId: string, subscriptionId: string): Promise<void>;
}

/** The queue message that requests deliveries to one subscription. */
export const deliveryMessageSchema = z.object({
  version: z.literal(1),
  tenantId: z.guid(),
  subscriptionId: z.guid(),
  /** Of a retry: how many attempts had failed. Absent: there are new records. */
  failures: z.int().optional(),
  /** Covers a holder of the lease that crashed. */
  standby: z.boolean().optional(),
});
export type DeliveryMessage = z.infer<typeof deliveryMessageSchema>;

export const deliveryQueue = 'webhook-deliveries';

export interface DeliveryQueue {
  /** Durable when it resolves. @param delayMs at most 7 days; none by default */
  requestDelivery(message: DeliveryMessage, delayMs?: number): Promise<void>;
}

/** @throws RequestError 404 */
export async function findSubscription(
  store: SubscriptionStore,
  tenantId: string,
  subscriptionId: string,
): Promise<StoredSubscription> {
  const id = z.guid().safeParse(subscriptionId).data;
  const found = id === undefined ? undefined : await store.get(tenantId, id.toLowerCase());
  if (found === undefined)
    throw new RequestError(404, 'SubscriptionNotFound', 'The tenant has no subscription with this id.');
  return found;
}

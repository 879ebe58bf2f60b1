/** A webhook subscription: where new records of a tenant are sent to, which of them, and how far that has come. */
import * as z from 'zod';
import { RequestError } from '../errors.ts';
import type { FeedPosition } from '../feed/landing-sequence.ts';
import type { SearchFilters } from '../searches/search.ts';

/** What a delivery says of each record: id and address, or everything that lists show. */
export const contents = ['ids', 'records'] as const;
export type WebhookContent = (typeof contents)[number];

/** `gone`: the receiver said so; `failing`: for days; `revoked`: who made it may no longer read the tenant. */
export const disabledReasons = ['gone', 'failing', 'revoked', 'invalid'] as const;
export type DisabledReason = (typeof disabledReasons)[number];

/** Which records: filters of its own, or those of a saved search as it is when records are delivered. */
export type Wanted =
  | { readonly filters: SearchFilters; readonly search?: undefined }
  | { readonly search: string; readonly filters?: undefined };

/** How deliveries go. */
export interface DeliveryState {
  /** Everything before it was delivered. */
  readonly position: FeedPosition;
  /** A batch that was sent, or was about to be, and is not known to have arrived. It is sent again as it was. */
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
  /** When it was made up: part of what is sent, which must not change. */
  readonly at: Date;
}

export interface WebhookSubscription extends DeliveryState {
  readonly tenantId: string;
  readonly subscriptionId: string;
  /** Id of the caller: deliveries end when that key does. */
  readonly createdBy: string;
  readonly createdDateTime: Date;
  /** Encrypted: addresses of flows hold a signature. */
  readonly sealedTarget: string;
  /** Where the app is reached, for the addresses in deliveries; ends with a slash. */
  readonly baseUrl: string;
  readonly content: WebhookContent;
  readonly wanted: Wanted;
  /** Which secret signs, from 1; the one before it signs, too, until `overlapUntil`. */
  readonly generation: number;
  readonly overlapUntil?: Date | undefined;
  /** Somebody is delivering until then, unless it has crashed. */
  readonly lease?: Lease | undefined;
}

export interface Lease {
  readonly holder: string;
  readonly until: Date;
  /** There is news: whoever holds the lease has to look again, and a message stands by in case it cannot. */
  readonly woken: boolean;
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
   * Sets the named members; one that is undefined is removed.
   * @returns the subscription as it is now; undefined, and nothing written, when it has changed since or is gone
   */
  update(
    subscription: StoredSubscription,
    changes: SubscriptionChanges,
  ): Promise<StoredSubscription | undefined>;
  /** One that is not there is success. */
  remove(tenantId: string, subscriptionId: string): Promise<void>;
}

/** The queue message that asks for deliveries to one subscription. */
export const deliveryMessageSchema = z.object({
  version: z.literal(1),
  tenantId: z.guid(),
  subscriptionId: z.guid(),
  /** Of a retry: how many attempts had failed. Absent: there is news. */
  failures: z.int().optional(),
  /** Stands by for the case that who has the turn cannot end it. */
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
    throw new RequestError(404, 'SubscriptionNotFound', 'There is no such subscription.');
  return found;
}

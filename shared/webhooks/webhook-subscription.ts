/** A webhook subscription: where which new records of one or several tenants are sent, and how far deliveries have come. */
import * as z from 'zod';
import { leaseSchema } from '../deliveries/lease.ts';
import { RequestError } from '../errors.ts';
import { searchFiltersSchema } from '../searches/search.ts';
import { storedDate } from '../stored-date.ts';

/** What a delivery says about each record: its id and URL, or everything that lists show. */
export const contents = ['ids', 'records'] as const;
export const contentSchema = z.enum(contents).meta({ id: 'SubscriptionContent' });

/** `gone`: the receiver said so; `failing`: for days; `revoked`: its creator may no longer read the tenant. */
export const disabledReasons = ['gone', 'failing', 'revoked', 'invalid'] as const;
export type DisabledReason = (typeof disabledReasons)[number];

const feedPosition = z.object({ sequence: z.number(), line: z.number() });
const arrivalPosition = feedPosition.extend({ arrival: z.number(), since: z.number() });
/** In the feed of its tenant; in the arrivals of all, of a subscription to several. */
const positionSchema = z.union([arrivalPosition, feedPosition]);
export type DeliveryPosition = Readonly<z.output<typeof positionSchema>>;

export const pendingSchema = z.object({
  /** The batch reaches from the position to here. */
  to: positionSchema,
  /** When it was assembled: part of what is sent, which must not change. */
  at: storedDate,
});
export type PendingBatch = Readonly<z.output<typeof pendingSchema>>;

/** The state of deliveries, and what else changes. */
const stateSchema = z.object({
  /** Everything before it was delivered. */
  position: positionSchema,
  /** A batch that was about to be sent and is not known to have arrived. It is sent again unchanged. */
  pending: pendingSchema.optional(),
  /** Attempts of the pending batch that failed. */
  failures: z.number(),
  nextAttemptAt: storedDate.optional(),
  lastError: z.string().optional(),
  lastDeliveryAt: storedDate.optional(),
  disabled: z.enum(disabledReasons).optional(),
  /** Which secret signs, from 1; the previous one signs as well until `overlapUntil`. */
  generation: z.number(),
  overlapUntil: storedDate.optional(),
  /** Encrypted: the URL of a flow contains a signature. */
  sealedTarget: z.string(),
  /** A host is delivering until then, unless it has crashed. */
  lease: leaseSchema.optional(),
});

/** With dates as they are stored. */
export const subscriptionSchema = stateSchema.extend({
  /** The ID of its tenant; of a subscription to several tenants, see `ownerOf`. */
  owner: z.string(),
  subscriptionId: z.string(),
  /** The set of tenants that its creator might read; absent for a subscription to one tenant. */
  boundTo: z.string().optional(),
  /** Id of the caller: deliveries end when that key does. */
  createdBy: z.string(),
  createdDateTime: storedDate,
  /** Public URL of the app, for the URLs in deliveries; ends with a slash. */
  baseUrl: z.string(),
  content: contentSchema,
  /** Which records: filters of its own, or those of a saved search as it is when records are delivered. */
  wanted: z.union([
    z.object({
      filters: searchFiltersSchema,
      /** The set of tenants, of a subscription to several. */
      tenants: z.string().optional(),
      search: z.undefined().optional(),
    }),
    z.object({ search: z.string(), filters: z.undefined().optional() }),
  ]),
});
export type WebhookSubscription = Readonly<z.output<typeof subscriptionSchema>>;

/** A subscription as stored, with the version that changes are made against. */
export interface StoredSubscription extends WebhookSubscription {
  readonly etag: string;
}

export type SubscriptionChanges = Readonly<Partial<z.output<typeof stateSchema>>>;

export interface SubscriptionStore {
  get(owner: string, subscriptionId: string): Promise<StoredSubscription | undefined>;
  /** In order of id. */
  list(owner: string): Promise<readonly StoredSubscription[]>;
  /** All subscriptions to several tenants, whosever they are; with one request per thousand. */
  listOfSets(): Promise<readonly StoredSubscription[]>;
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
  remove(owner: string, subscriptionId: string): Promise<void>;
}

/** The queue message that requests deliveries to one subscription. */
export const deliveryMessageSchema = z.object({
  version: z.literal(1),
  /** Of a subscription to one tenant. */
  tenantId: z.guid().optional(),
  /** Of a subscription to several tenants, in place of the tenant's ID: what fails of it is not that of a tenant. */
  owner: z.guid().optional(),
  subscriptionId: z.guid(),
  /** Of a retry: how many attempts had failed. Absent: there are new records. */
  failures: z.int().optional(),
  /** Covers a holder of the lease that crashed. */
  standby: z.boolean().optional(),
});
export type DeliveryMessage = z.infer<typeof deliveryMessageSchema>;

/** What names a subscription. */
export type NamedSubscription = Pick<WebhookSubscription, 'owner' | 'subscriptionId' | 'boundTo'>;

export function deliveryOf(
  { owner, subscriptionId, boundTo }: NamedSubscription,
  more: Pick<DeliveryMessage, 'failures' | 'standby'> = {},
): DeliveryMessage {
  const whose = boundTo === undefined ? { tenantId: owner } : { owner };
  return { version: 1, ...whose, subscriptionId, ...more };
}

/** Undefined for a message that names nothing, and that no release sends. */
export async function subscriptionIn(
  store: Pick<SubscriptionStore, 'get'>,
  { owner, tenantId, subscriptionId }: DeliveryMessage,
): Promise<StoredSubscription | undefined> {
  const whose = owner ?? tenantId;
  return whose === undefined ? undefined : await store.get(whose, subscriptionId);
}

export const deliveryQueue = 'webhook-deliveries';

export interface DeliveryQueue {
  /** Durable when it resolves. @param delayMs at most 7 days; none by default */
  requestDelivery(message: DeliveryMessage, delayMs?: number): Promise<void>;
}

/** @throws RequestError 404 */
export async function findSubscription(
  store: SubscriptionStore,
  owner: string,
  subscriptionId: string,
): Promise<StoredSubscription> {
  const id = z.guid().safeParse(subscriptionId).data;
  const found = id === undefined ? undefined : await store.get(owner, id.toLowerCase());
  if (found !== undefined) return found;
  const message = 'There is no subscription with this ID. GET …/subscriptions lists them.';
  throw new RequestError(404, 'SubscriptionNotFound', message);
}

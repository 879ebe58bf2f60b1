/** A tenant whose audit trail is kept. */
import * as z from 'zod';
import { cloudSchema } from '../activity/clouds.ts';
import { contentTypeSchema } from '../activity/content-types.ts';
import { enablementRequestSchema } from '../enablement/enablement.ts';
import { retainedSchema, retentionProgressSchema, retentionSchema } from '../retention/retention.ts';
import { storedDate } from '../stored-date.ts';

/** A tenant id, lower case. */
export const tenantIdSchema = z.guid().transform((id) => id.toLowerCase());

/** A half-open range of time. */
const windowSchema = z.object({ start: storedDate, end: storedDate });

/** One thing that must be right in a tenant before its audit trail can be kept. */
export const tenantCheckSchema = z.object({
  /** `consent`, `permission:{application role}`, `exchangeRole` or `subscription:{content type}`. */
  name: z.string(),
  /** `NotChecked`: another check must pass first, or Microsoft could not be reached. */
  state: z.enum(['Passed', 'Failed', 'NotChecked']),
  /** Microsoft's code for a refusal. */
  code: z.string().optional(),
  message: z.string().optional(),
  /** What to do about it; present whenever a check has failed. */
  cure: z.string().optional(),
  checkedDateTime: z.iso.datetime(),
});
export type TenantCheck = z.infer<typeof tenantCheckSchema>;

/** State of the subscription to one content type. */
export const subscriptionStateSchema = z.object({
  contentType: contentTypeSchema,
  enabled: z.boolean(),
  /** Why it could not be started: Microsoft's code and what to do about it. */
  errorCode: z.string().optional(),
  errorMessage: z.string().optional(),
  /** When a check, an enablement, or a poll found it so; absent in rows of earlier versions. */
  checkedDateTime: z.iso.datetime().optional(),
});
export type SubscriptionState = Readonly<z.infer<typeof subscriptionStateSchema>>;

/**
 * `PendingConsent` until sign-in there proves that the application may read the feed; `Removing` as soon as its
 * removal is requested. Only active tenants are polled.
 */
export const tenantStates = ['PendingConsent', 'Active', 'Removing'] as const;

/** When a tenant is polled next, and how the last poll went. */
export const pollStateSchema = z.object({
  /** Not polled before this moment: after a quiet poll later, after throttling much later. */
  nextPollAt: storedDate,
  /** Polls in a row that found nothing new. */
  quietPolls: z.number(),
  lastPollAt: storedDate.optional(),
  /** After polls that failed: landings until then have had their index message sent again. */
  messagesSentThrough: storedDate.optional(),
  lastError: z.string().optional(),
});
export type PollState = Readonly<z.output<typeof pollStateSchema>>;

export const tenantSchema = z.object({
  tenantId: z.string(),
  displayName: z.string(),
  /** The domain it was registered by. */
  domain: z.string().optional(),
  /** Those that it has verified, as of the last check that could read them: see keptDomains. */
  domains: z.array(z.string()).readonly().optional(),
  /** When they were read; absent in rows of earlier versions. */
  domainsReadDateTime: z.iso.datetime().optional(),
  /** By which sets of tenants name it, in alphabetical order; absent: none. */
  tags: z.array(z.string()).readonly().optional(),
  state: z.enum(tenantStates),
  /** What the last check of its grants found, at that time. See checksOf, which adds what is known now. */
  checks: z.array(tenantCheckSchema).readonly(),
  cloud: cloudSchema,
  contentTypes: z.array(contentTypeSchema).readonly(),
  createdDateTime: storedDate,
  subscriptions: z.array(subscriptionStateSchema).readonly(),
  poll: pollStateSchema,
  /** Auditing that was turned off is turned on again automatically. */
  repairDrift: z.boolean().optional(),
  /** Where backfills searched Microsoft's log whole, each part twice with the same result; merged. */
  backfilled: z.array(windowSchema).readonly().optional(),
  /** How long its data is kept; absent: as the settings of the app say. */
  retention: retentionSchema.optional(),
  /** What its retention has deleted, or is about to; absent: nothing. */
  retained: retainedSchema.optional(),
  retentionProgress: retentionProgressSchema.optional(),
  /** The enablement that the policy decided when it became active; with the request while it is due. Absent: none. */
  policyEnablement: z.object({ id: z.string(), request: enablementRequestSchema.optional() }).optional(),
});
export type Tenant = Readonly<z.output<typeof tenantSchema>>;

/** A tenant as stored, with the version that a lease is taken against. */
export interface StoredTenant extends Tenant {
  readonly etag: string;
  /** The tenant is being polled while this is in the future. */
  readonly leasedUntil: Date | undefined;
  /** A random text of the call that took the newest lease; absent in rows of earlier releases. */
  readonly leaseHolder?: string | undefined;
  /** The removal in progress, in state `Removing`. */
  readonly removalId?: string | undefined;
}

export interface TenantStore {
  /** All tenants, in order of id. */
  list(): Promise<readonly StoredTenant[]>;
  get(tenantId: string): Promise<StoredTenant | undefined>;
  /** False, with nothing written, when the tenant already exists. */
  create(tenant: Tenant & Pick<StoredTenant, 'removalId'>): Promise<boolean>;
  /** Changes the named members only. @throws when the tenant does not exist */
  update(tenantId: string, changes: TenantChanges): Promise<void>;
  /** As {@link TenantStore.update}. False, with nothing written, when the tenant changed since the read or is gone. */
  updateIfUnchanged(tenant: StoredTenant, changes: TenantChanges): Promise<boolean>;
  /** False, with nothing removed, when the tenant changed since it was read or is gone. */
  remove(tenant: StoredTenant): Promise<boolean>;
  /** Takes the lease unless the tenant changed since it was read or the lease is held. */
  lease(tenant: StoredTenant, until: Date, now: Date): Promise<boolean>;
}

export type TenantChanges = Partial<
  Omit<Tenant, 'tenantId' | 'createdDateTime'> & {
    readonly leasedUntil: Date;
    readonly removalId: string | undefined;
  }
>;

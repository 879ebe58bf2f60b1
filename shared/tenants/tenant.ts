/** A tenant whose audit trail is kept. */
import { z } from 'zod';
import type { Cloud } from '../activity/clouds.ts';
import type { ContentType } from '../activity/content-types.ts';

/** A tenant id, lower case. */
export const tenantIdSchema = z.guid().transform((id) => id.toLowerCase());

/** How the subscription to one content type stands. */
export interface SubscriptionState {
  readonly contentType: ContentType;
  readonly enabled: boolean;
  /** Why it could not be started: Microsoft's code and what to do about it. */
  readonly errorCode?: string | undefined;
  readonly errorMessage?: string | undefined;
}

export interface Tenant {
  readonly tenantId: string;
  readonly displayName: string;
  readonly cloud: Cloud;
  readonly contentTypes: readonly ContentType[];
  readonly createdDateTime: Date;
  readonly subscriptions: readonly SubscriptionState[];
  readonly poll: PollState;
  /** Auditing that somebody switched off is switched on again without asking. */
  readonly repairDrift?: boolean | undefined;
}

/** When a tenant is polled next, and how the last poll went. */
export interface PollState {
  /** Not polled before this moment: after a quiet poll later, after throttling much later. */
  readonly nextPollAt: Date;
  /** Polls in a row that found nothing new. */
  readonly quietPolls: number;
  readonly lastPollAt?: Date | undefined;
  readonly lastError?: string | undefined;
}

/** A tenant as stored, with the version that a lease is taken against. */
export interface StoredTenant extends Tenant {
  readonly etag: string;
  /** While in the future, somebody is polling this tenant. */
  readonly leasedUntil: Date | undefined;
}

export interface TenantStore {
  /** All tenants, in order of id. */
  list(): Promise<readonly StoredTenant[]>;
  get(tenantId: string): Promise<StoredTenant | undefined>;
  /** False when the tenant exists already; nothing is written then. */
  create(tenant: Tenant): Promise<boolean>;
  /** Changes the named members only. */
  update(tenantId: string, changes: TenantChanges): Promise<void>;
  /** Takes the lease unless the tenant changed since it was read or the lease is held. */
  lease(tenant: StoredTenant, until: Date, now: Date): Promise<boolean>;
}

export type TenantChanges = Partial<
  Pick<Tenant, 'displayName' | 'cloud' | 'contentTypes' | 'subscriptions' | 'poll' | 'repairDrift'> & {
    readonly leasedUntil: Date;
  }
>;

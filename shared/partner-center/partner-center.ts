/** What a Microsoft partner may do in its customers' tenants on the strength of a relationship, without a consent link. */
import type { TenantRef } from '../activity/activity-feed.ts';
import type { Budget } from '../budget.ts';
import type { UpstreamError } from '../errors.ts';

/** A customer, as Partner Center lists it. */
export interface Customer {
  /** Lower case. */
  readonly tenantId: string;
  readonly displayName: string;
  readonly domain: string | undefined;
}

/** An application permission of one of Microsoft's APIs. */
export interface ApiPermission {
  /** Client ID of the API, the same in every tenant. */
  readonly appId: string;
  readonly permission: string;
}

/** Whether a grant is new. */
export type Granting = 'Granted' | 'AlreadyGranted';

/** One permission: granted, or refused by Microsoft for a reason that need not concern the others. */
export interface PermissionGrant {
  readonly permission: string;
  readonly outcome: Granting | Refused;
}

/** A refusal that does not pass. */
export interface Refused {
  readonly code: string;
  readonly message: string;
  readonly cure: string | undefined;
}

/** What passes fails the whole request, because repeating it helps. @throws UpstreamError what passes */
export function refusedUnlessTransient(refusal: UpstreamError): Refused {
  if (refusal.isTransient) throw refusal;
  const { code, message, cure } = refusal;
  return { code, message, cure };
}

/**
 * Codes of an UpstreamError that say what is wrong with the relationship, or with the partner's user. All others are
 * Microsoft's own.
 */
export const partnerRefusals = [
  'NoRelationship',
  'PartnerMfaRequired',
  'PartnerRoleMissing',
  'PartnerScopesMissing',
  'PartnerSignInExpired',
] as const;

/**
 * All methods act as a user of the partner, and throw UpstreamError: transient when Microsoft is busy or a grant has not
 * taken effect yet, otherwise with one of {@link partnerRefusals} or a code of Microsoft. Each of them may be repeated.
 */
export interface PartnerCenter {
  /** All customers of the partner, page by page, whether or not there is a GDAP relationship. */
  customers(budget?: Budget): AsyncGenerator<readonly Customer[]>;
  /**
   * Creates the application's service principal in the tenant, with the delegated permissions that the other methods
   * need. It grants no application permission, so it comes first, and does not suffice.
   * @see https://learn.microsoft.com/partner-center/developer/control-panel-vendor-apis
   */
  consent(tenant: TenantRef, budget?: Budget): Promise<Granting>;
  /**
   * Grants application permissions to the service principal, in the order of `permissions`.
   * @see https://learn.microsoft.com/graph/api/serviceprincipal-post-approleassignedto
   */
  grant(
    tenant: TenantRef,
    permissions: readonly ApiPermission[],
    budget?: Budget,
  ): Promise<readonly PermissionGrant[]>;
  /**
   * Assigns a directory role to the service principal, for the whole tenant.
   * @param role template ID
   * @see https://learn.microsoft.com/graph/api/rbacapplication-post-roleassignments
   */
  assignRole(tenant: TenantRef, role: string, budget?: Budget): Promise<Granting>;
}

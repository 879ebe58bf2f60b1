/** What Microsoft's sign-in service knows about a tenant. */
import type { TenantRef } from '../activity/activity-feed.ts';
import type { Budget } from '../budget.ts';
import type { Cloud } from '../activity/clouds.ts';

/** The APIs that tokens are for. */
export const resources = ['activityApi', 'graph', 'exchange', 'partnerCenter'] as const;
export type Resource = (typeof resources)[number];

export interface SignIn {
  /**
   * Application roles in a token that was issued for this call: older ones lack roles that were granted since.
   * @throws UpstreamError with the AADSTS number, its meaning and the fix
   */
  grantedRoles(tenant: TenantRef, resource: Resource, budget?: Budget): Promise<readonly string[]>;
  /**
   * ID of the tenant that has this ID or this domain; undefined when no tenant of that cloud has it.
   * @throws UpstreamError when sign-in cannot be reached
   */
  findTenantId(idOrDomain: string, cloud: Cloud, budget?: Budget): Promise<string | undefined>;
}

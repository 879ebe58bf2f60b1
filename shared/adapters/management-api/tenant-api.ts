/** The feed of one tenant, and the addresses of its operations. */
import type { MicrosoftApi } from '../microsoft/api.ts';

export interface TenantApi extends MicrosoftApi {
  readonly publisherId: string;
}

export function operationUrl(
  { root, tenant, publisherId }: TenantApi,
  operation: string,
  parameters: Record<string, string>,
): string {
  const query = new URLSearchParams({ ...parameters, PublisherIdentifier: publisherId });
  return `${root}/api/v1.0/${tenant.tenantId}/activity/feed/${operation}?${query.toString()}`;
}

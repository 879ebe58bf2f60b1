/** What makers choose from where a flow takes several tenants. */
import type { Tenant } from '../tenants/tenant.ts';
import { allTenants, termOfTag } from './tenant-set.ts';

export interface TenantChoice {
  /** As the parameter `tenants` takes it. */
  readonly name: string;
  readonly displayName: string;
}

/** All of the tenants, each of their tags, and each tenant; tags and tenants by name. */
export function tenantChoices(
  tenants: readonly Pick<Tenant, 'tenantId' | 'displayName' | 'tags'>[],
): readonly TenantChoice[] {
  const tags = [...new Set(tenants.flatMap((tenant) => tenant.tags ?? []))].sort();
  return [
    { name: allTenants, displayName: 'All tenants' },
    ...tags.map((tag) => ({ name: termOfTag(tag), displayName: `Tag: ${tag}` })),
    ...tenants.map(({ tenantId, displayName }) => ({ name: tenantId, displayName })).sort(byDisplayName),
  ];
}

function byDisplayName(one: TenantChoice, other: TenantChoice): number {
  return one.displayName.localeCompare(other.displayName, 'en');
}

/** The tenant that somebody means: by id, by domain, or by a name that only one has. */
import * as z from 'zod';
import type { Tenant } from './answers.ts';
import type { Api } from './api.ts';
import { Failure } from './failure.ts';

/** A tenant's id as it is; anything else is looked up. @throws Failure when none or more than one is meant */
export async function findTenantId(api: Pick<Api, 'listTenants'>, named: string): Promise<string> {
  const id = z.guid().safeParse(named).data;
  if (id !== undefined) return id.toLowerCase();
  const { value: tenants } = await api.listTenants();
  const wanted = named.toLowerCase();
  const byDomain = tenants.filter(({ domain }) => domain?.toLowerCase() === wanted);
  const found =
    byDomain.length > 0
      ? byDomain
      : tenants.filter(({ displayName }) => displayName.toLowerCase() === wanted);
  const [tenant] = found;
  if (tenant === undefined) {
    throw new Failure(
      `There is no tenant ${named}, or the key may not see it: npm run tenant -- list shows the tenants.`,
    );
  }
  if (found.length > 1)
    throw new Failure(`More than one tenant is called ${named}; name one by its id: ${idsOf(found)}.`);
  return tenant.tenantId;
}

function idsOf(tenants: readonly Tenant[]): string {
  return tenants.map(({ tenantId }) => tenantId).join(', ');
}

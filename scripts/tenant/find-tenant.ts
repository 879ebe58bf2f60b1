/** Finds the tenant that an argument names: by ID, by domain, or by a display name that only one has. */
import * as z from 'zod';
import { Failure } from '../command-line/failure.ts';
import { canonicalDomain, tenantsByDomain } from '../../shared/tenants/domains.ts';
import type { Api } from './api.ts';

/** An ID is taken as it is; anything else is looked up. @throws Failure when none or several match */
export async function findTenantId(api: Pick<Api, 'listTenants'>, named: string): Promise<string> {
  const id = z.guid().safeParse(named).data;
  if (id !== undefined) return id.toLowerCase();
  const { value: tenants } = (await api.listTenants()).value;
  const wanted = named.toLowerCase();
  const byDomain = tenantsByDomain(tenants).get(canonicalDomain(named) ?? '') ?? [];
  const byName = tenants.filter(({ displayName }) => displayName.toLowerCase() === wanted);
  const [tenant, ...others] = byDomain.length > 0 ? byDomain : byName;
  if (tenant === undefined) {
    throw new Failure(
      `Tenant ${named} does not exist, or the key has no access to it: npm run tenant -- list shows the tenants. One that was removed is named by its ID.`,
    );
  }
  if (others.length > 0) {
    const ids = [tenant, ...others].map(({ tenantId }) => tenantId).join(', ');
    throw new Failure(`Several tenants are named ${named}; use an ID: ${ids}.`);
  }
  return tenant.tenantId;
}

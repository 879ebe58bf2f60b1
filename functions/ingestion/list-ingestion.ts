/** The state of ingestion of several tenants, the worst first. */
import pMap from 'p-map';
import type { Access } from '../../shared/access/access.ts';
import { namedSet } from '../../shared/access/open-set.ts';
import { invalidParameter } from '../../shared/errors.ts';
import * as api from '../../shared/api/ingestion.ts';
import { handler } from '../../shared/http/handler.ts';
import type { Completeness } from '../../shared/query/completeness.ts';
import { publicIngestionOfTenants } from '../../shared/query/public-ingestion-of-tenants.ts';
import type { StoredTenant } from '../../shared/tenants/tenant.ts';

interface IngestionOfTenantsDeps {
  readonly access: Access;
  /** Cached for a while: each tenant costs four requests to storage. */
  readonly completeness: (tenant: StoredTenant) => Promise<Completeness>;
  readonly now: () => Date;
}

const tenantsAtOnce = 16;
const maxTenants = 200;

export const listIngestionHandler = handler(
  api.listIngestion,
  async ({ access, completeness, now }: IngestionOfTenantsDeps, { caller, query, reply }) => {
    const set = await namedSet(access, caller, query.tenants).open();
    if (set.tenantIds.length > maxTenants) {
      const message = `'tenants' selects ${set.tenantIds.length} tenants; the limit is ${maxTenants}.`;
      throw invalidParameter('tenants', message);
    }
    const tenants = (await Promise.all(set.tenantIds.map(set.tenantOf))).flatMap((tenant) => tenant ?? []);
    const all = await pMap(
      tenants,
      async (tenant) => ({ tenant, completeness: await completeness(tenant) }),
      { concurrency: tenantsAtOnce },
    );
    return reply(200, { value: publicIngestionOfTenants(all, now()) });
  },
);

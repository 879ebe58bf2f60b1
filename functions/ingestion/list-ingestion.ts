/** The state of ingestion of a set of tenants, the worst first. */
import type { Access } from '../../shared/access/access.ts';
import { namedSet } from '../../shared/access/open-set.ts';
import * as api from '../../shared/api/ingestion.ts';
import { handler } from '../../shared/http/handler.ts';
import type { Completeness } from '../../shared/query/completeness.ts';
import { lagMs, publicIngestionOfTenant } from '../../shared/query/public-ingestion-of-tenants.ts';
import { readRankedPage } from '../../shared/query/sets/ranked-page.ts';
import { readSetPage, type SetTokens } from '../../shared/query/sets/set-page.ts';
import type { StoredTenant } from '../../shared/tenants/tenant.ts';

interface IngestionOfTenantsDeps {
  readonly access: Access;
  readonly setTokens: SetTokens;
  /** Cached for a while: each tenant costs four requests to storage. */
  readonly completeness: (tenant: StoredTenant) => Promise<Completeness>;
  readonly now: () => Date;
}

export const listIngestionHandler = handler(
  api.listIngestion,
  async (deps: IngestionOfTenantsDeps, { request, caller, query, reply }) => {
    const set = namedSet(deps.access, caller, query.tenants);
    const now = deps.now();
    const asked = { set, url: request.url, skipToken: query.skiptoken, bound: { list: 'ingestion' } };
    const { page, nextLink } = await readSetPage(deps.setTokens, asked, (open, position) =>
      readRankedPage(
        open,
        {
          read: deps.completeness,
          rankOf: ({ tenant, found }) => 1 + lagMs({ tenant, completeness: found }, now),
        },
        position,
      ),
    );
    const value = page.rows.map(({ tenant, found }) =>
      publicIngestionOfTenant({ tenant, completeness: found }, now),
    );
    return reply(200, { value, nextLink });
  },
);

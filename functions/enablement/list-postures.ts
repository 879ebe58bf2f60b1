/** The newest audit posture of each tenant of a set, the worst first. */
import type { Access } from '../../shared/access/access.ts';
import { namedSet } from '../../shared/access/open-set.ts';
import * as api from '../../shared/api/tenants.ts';
import {
  newestPosture,
  publicPostureOfTenant,
  rankOfPosture,
} from '../../shared/enablement/posture-of-tenant.ts';
import type { PostureStore } from '../../shared/enablement/posture.ts';
import { handler } from '../../shared/http/handler.ts';
import { readRankedPage, type Ranking } from '../../shared/query/sets/ranked-page.ts';
import { readSetPage, type SetTokens } from '../../shared/query/sets/set-page.ts';

interface PosturesDeps {
  readonly access: Access;
  readonly setTokens: SetTokens;
  readonly postures: PostureStore;
}

export const listPosturesHandler = handler(
  api.listPostures,
  async ({ access, setTokens, postures }: PosturesDeps, { request, caller, query, reply }) => {
    const set = namedSet(access, caller, query.tenants);
    const ranking: Ranking<Awaited<ReturnType<typeof newestPosture>>> = {
      read: ({ tenantId }) => newestPosture(postures, tenantId),
      rankOf: ({ found }) => rankOfPosture(found),
    };
    const asked = { set, url: request.url, skipToken: query.skiptoken, bound: { list: 'posture' } };
    const { page, nextLink } = await readSetPage(setTokens, asked, (open, position) =>
      readRankedPage(open, ranking, position),
    );
    const value = page.rows.map(({ tenant, found }) => publicPostureOfTenant(tenant, found));
    return reply(200, { value, nextLink });
  },
);

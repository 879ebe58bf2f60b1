/** New records in order of ingestion, by the polling contract of flows; all of one or several tenants, or of a saved search. */
import { setNamed } from '../../shared/access/open-tenants.ts';
import { tokenToKeep } from '../../shared/access/linked-caller.ts';
import { sharedSpace } from '../../shared/access/owner.ts';
import type { Access } from '../../shared/access/access.ts';
import * as api from '../../shared/api/feed.ts';
import { answerFeed, type FeedAnswerDeps } from '../../shared/feed/answer-feed.ts';
import { aboutSearch } from '../../shared/feed/feed-capability.ts';
import { toFeedQuery } from '../../shared/feed/feed-query.ts';
import {
  feedOfSet,
  feedOfTenant,
  type SetFeedDeps,
  type TenantFeedDeps,
} from '../../shared/feed/feed-source.ts';
import { handler } from '../../shared/http/handler.ts';
import { parseFeedFilters } from '../../shared/searches/search-query.ts';
import { findSearch, tenantsOfSearch, type SearchStore } from '../../shared/searches/search.ts';

export const pollRecordsHandler = handler(
  api.pollRecords,
  async (deps: FeedAnswerDeps & TenantFeedDeps, { request, caller, tenant, query, reply }) => {
    const answer = await answerFeed(deps, feedOfTenant(deps, tenant.tenantId), {
      caller,
      url: request.url,
      query: toFeedQuery(query),
      about: 'records-feed',
      keep: tokenToKeep(request, caller),
    });
    return answer.status === 200
      ? reply(200, answer.body, answer.headers)
      : reply(202, undefined, answer.headers);
  },
);

export const pollRecordsOfTenantsHandler = handler(
  api.pollRecordsOfTenants,
  async (
    deps: FeedAnswerDeps & SetFeedDeps & { readonly access: Access },
    { request, caller, query: { tenants: names, ...rest }, reply },
  ) => {
    const tenants = await setNamed(deps.access, caller, names, 'records.read');
    const answer = await answerFeed(deps, feedOfSet(deps, caller, tenants), {
      caller,
      url: request.url,
      query: toFeedQuery(rest),
      about: 'records-feed',
      keep: tokenToKeep(request, caller),
    });
    return answer.status === 200
      ? reply(200, answer.body, answer.headers)
      : reply(202, undefined, answer.headers);
  },
);

interface SearchDeps {
  readonly searches: Pick<SearchStore, 'get'>;
}

export const pollSearchHandler = handler(
  api.pollSearch,
  async (
    deps: FeedAnswerDeps & TenantFeedDeps & SearchDeps,
    { request, caller, tenant, path, query, reply },
  ) => {
    const search = await findSearch(deps.searches, tenant.tenantId, path.name);
    const answer = await answerFeed(deps, feedOfTenant(deps, tenant.tenantId), {
      caller,
      url: request.url,
      query: { ...query, filters: parseFeedFilters(search.filters) },
      about: aboutSearch(path.name),
      keep: tokenToKeep(request, caller),
    });
    return answer.status === 200
      ? reply(200, answer.body, answer.headers)
      : reply(202, undefined, answer.headers);
  },
);

export const pollSearchOfTenantsHandler = handler(
  api.pollSearchOfTenants,
  async (deps: FeedAnswerDeps & SetFeedDeps & SearchDeps, { request, caller, path, query, reply }) => {
    const { owner } = sharedSpace(caller);
    const search = await findSearch(deps.searches, owner, path.name);
    const answer = await answerFeed(deps, feedOfSet(deps, caller, tenantsOfSearch(search)), {
      caller,
      url: request.url,
      query: { ...query, filters: parseFeedFilters(search.filters) },
      about: aboutSearch(path.name),
      keep: tokenToKeep(request, caller),
    });
    return answer.status === 200
      ? reply(200, answer.body, answer.headers)
      : reply(202, undefined, answer.headers);
  },
);

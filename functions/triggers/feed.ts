/** New records in order of ingestion, by the polling contract of flows; all of a tenant, or of a saved search. */
import { tokenToKeep } from '../../shared/access/linked-caller.ts';
import * as api from '../../shared/api/feed.ts';
import { answerFeed, type FeedAnswerDeps } from '../../shared/feed/answer-feed.ts';
import { aboutSearch } from '../../shared/feed/feed-capability.ts';
import { toFeedQuery } from '../../shared/feed/feed-query.ts';
import { handler } from '../../shared/http/handler.ts';
import { parseFeedFilters } from '../../shared/searches/search-query.ts';
import { findSearch, type SearchStore } from '../../shared/searches/search.ts';

export const pollRecordsHandler = handler(
  api.pollRecords,
  async (deps: FeedAnswerDeps, { request, caller, tenant, query, reply }) => {
    const answer = await answerFeed(deps, {
      caller,
      tenantId: tenant.tenantId,
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

export const pollSearchHandler = handler(
  api.pollSearch,
  async (
    deps: FeedAnswerDeps & { readonly searches: Pick<SearchStore, 'get'> },
    { request, caller, tenant, path, query, reply },
  ) => {
    const search = await findSearch(deps.searches, tenant.tenantId, path.name);
    const { triggerState, start, top, select } = query;
    const filters = parseFeedFilters(search.filters);
    const answer = await answerFeed(deps, {
      caller,
      tenantId: tenant.tenantId,
      url: request.url,
      query: { filters, triggerState, start, top, select },
      about: aboutSearch(path.name),
      keep: tokenToKeep(request, caller),
    });
    return answer.status === 200
      ? reply(200, answer.body, answer.headers)
      : reply(202, undefined, answer.headers);
  },
);

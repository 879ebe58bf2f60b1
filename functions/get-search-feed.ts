/** `GET /tenants/{tenantId}/searches/{name}/feed`: new records that a saved search finds, as they are ingested. */
import type { HttpFunctionOptions, HttpRequest } from '@azure/functions';
import { tokenToKeep, type LinkedCallerDeps } from '../shared/access/linked-caller.ts';
import { answerFeed, type FeedAnswerDeps } from '../shared/feed/answer-feed.ts';
import { identifyFeedCaller } from '../shared/feed/feed-caller.ts';
import { parseFeedQuery } from '../shared/feed/feed-query.ts';
import { checkFeedAdditions, parseSearchFilters } from '../shared/searches/search-query.ts';
import { findSearch, searchKey, type SearchStore } from '../shared/searches/search.ts';
import { authenticated, pathParameter, type Call, type HttpDeps } from './http.ts';

type SearchFeedDeps = HttpDeps &
  FeedAnswerDeps &
  LinkedCallerDeps & { readonly searches: Pick<SearchStore, 'get'> };

export function getSearchFeedFunction(deps: SearchFeedDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['GET'],
    route: 'tenants/{tenantId}/searches/{name}/feed',
    identify: (request) =>
      identifyFeedCaller(deps, request, {
        tenantId: pathParameter(request, 'tenantId'),
        about: aboutOf(request),
      }),
    handler: (call) => answer(deps, call),
  });
}

function aboutOf(request: HttpRequest): string {
  return `searches/${searchKey(pathParameter(request, 'name'))}`;
}

async function answer(deps: SearchFeedDeps, { request, caller }: Call) {
  const id = pathParameter(request, 'tenantId');
  const { tenantId } = await deps.access.openTenant(caller, id, 'records.read');
  const search = await findSearch(deps.searches, tenantId, pathParameter(request, 'name'));
  checkFeedAdditions(request.query);
  const query = parseFeedQuery(request.query);
  const filters = parseSearchFilters(search.filters);
  const poll = { caller, tenantId, url: request.url, query, filters, about: aboutOf(request) };
  return await answerFeed(deps, { ...poll, keep: tokenToKeep(request, caller) });
}

/** What a saved search finds, answered as the list of records. */
import { storedSet } from '../../shared/access/open-set.ts';
import { sharedSpace } from '../../shared/access/owner.ts';
import * as api from '../../shared/api/searches.ts';
import { handler } from '../../shared/http/handler.ts';
import { jsonType, serialized } from '../../shared/http/reply.ts';
import { readParameters } from '../../shared/http/parameters.ts';
import { answerRecords, type AnswerPageDeps } from '../../shared/query/answer-page.ts';
import { listParameters, toRecordQuery, type RecordQuery } from '../../shared/query/record-query.ts';
import { answerRecordsOfSet, type AnswerSetDeps } from '../../shared/query/sets/answer-set.ts';
import { withAdditions } from '../../shared/searches/search-query.ts';
import {
  findSearch,
  tenantsOfSearch,
  type SavedSearch,
  type SearchStore,
} from '../../shared/searches/search.ts';

interface SearchRecordsDeps extends AnswerPageDeps {
  readonly searches: Pick<SearchStore, 'get'>;
}

/**
 * Next links stay at this address, however long the filters are. Their tokens are bound to the filters, so all pages
 * agree: once the search was changed, the next page is refused, and reading starts again.
 */
function queryOf({ filters }: SavedSearch, additions: URLSearchParams): RecordQuery {
  const asked = withAdditions(filters, additions);
  asked.delete('api-version');
  const { parameters, dialect } = readParameters(listParameters, asked);
  return toRecordQuery(parameters, dialect);
}

export const listRecordsOfSearchHandler = handler(
  api.listRecordsOfSearch,
  async (deps: SearchRecordsDeps, { request, tenant, path, reply }) => {
    const search = await findSearch(deps.searches, tenant.tenantId, path.name);
    const asked = { tenant, query: queryOf(search, request.query), url: request.url };
    const { json, body, headers } = await answerRecords(deps, asked);
    return json === undefined ? reply(200, body, headers) : reply(200, serialized(json, jsonType), headers);
  },
);

export const listRecordsOfSearchOfTenantsHandler = handler(
  api.listRecordsOfSearchOfTenants,
  async (deps: SearchRecordsDeps & AnswerSetDeps, { request, caller, path, reply }) => {
    const { owner } = sharedSpace(caller);
    const search = await findSearch(deps.searches, owner, path.name);
    const query = queryOf(search, request.query);
    const set = storedSet(deps.access, caller, tenantsOfSearch(search));
    const { json, body, headers } = await answerRecordsOfSet(deps, { set, query, url: request.url });
    return json === undefined ? reply(200, body, headers) : reply(200, serialized(json, jsonType), headers);
  },
);

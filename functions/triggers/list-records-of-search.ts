/** What a saved search finds, answered as the list of records. */
import * as api from '../../shared/api/searches.ts';
import { handler } from '../../shared/http/handler.ts';
import { jsonType, serialized } from '../../shared/http/reply.ts';
import { readParameters } from '../../shared/http/parameters.ts';
import { answerRecords, type AnswerPageDeps } from '../../shared/query/answer-page.ts';
import { listParameters, toRecordQuery } from '../../shared/query/record-query.ts';
import { withAdditions } from '../../shared/searches/search-query.ts';
import { findSearch, type SearchStore } from '../../shared/searches/search.ts';

interface SearchRecordsDeps extends AnswerPageDeps {
  readonly searches: Pick<SearchStore, 'get'>;
}

/**
 * Next links stay at this address, however long the filters are. Their tokens are bound to the filters, so all pages
 * agree: once the search was changed, the next page is refused, and reading starts again.
 */
export const listRecordsOfSearchHandler = handler(
  api.listRecordsOfSearch,
  async (deps: SearchRecordsDeps, { request, tenant, path, reply }) => {
    const search = await findSearch(deps.searches, tenant.tenantId, path.name);
    const asked = withAdditions(search.filters, request.query);
    asked.delete('api-version');
    const { parameters, dialect } = readParameters(listParameters, asked);
    const query = toRecordQuery(parameters, dialect);
    const { json, body, headers } = await answerRecords(deps, { tenants: [tenant], query, url: request.url });
    return json === undefined ? reply(200, body, headers) : reply(200, serialized(json, jsonType), headers);
  },
);

/** What a saved search finds, answered as the list of records. */
import * as api from '../../shared/api/searches.ts';
import { handler } from '../../shared/http/handler.ts';
import { readParameters } from '../../shared/http/parameters.ts';
import { addressOf } from '../../shared/http/request.ts';
import { answerRecords, type AnswerPageDeps } from '../../shared/query/answer-page.ts';
import { listParameters, toRecordQuery } from '../../shared/query/record-query.ts';
import { withAdditions } from '../../shared/searches/search-query.ts';
import { findSearch, type SearchStore } from '../../shared/searches/search.ts';

interface SearchRecordsDeps extends AnswerPageDeps {
  readonly searches: Pick<SearchStore, 'get'>;
}

/** Next links carry the filters, so that all pages agree even if the search changes. */
export const listRecordsOfSearchHandler = handler(
  api.listRecordsOfSearch,
  async (deps: SearchRecordsDeps, { request, tenant, path, reply }) => {
    const search = await findSearch(deps.searches, tenant.tenantId, path.name);
    const asked = withAdditions(search.filters, request.query);
    // Further pages have the version that the caller named; this one's was checked already.
    const url = `${addressOf(request, '../../../records')}?${asked.toString()}`;
    asked.delete('api-version');
    const { parameters, dialect } = readParameters(listParameters, asked);
    const query = toRecordQuery(parameters, dialect);
    const { body, headers } = await answerRecords(deps, { tenants: [tenant], query, url });
    return reply(200, body, headers);
  },
);

/** `GET /tenants/{tenantId}/searches/{name}/records`: what a saved search finds, as the list of records answers it. */
import { HttpRequest, type HttpFunctionOptions, type HttpResponseInit } from '@azure/functions';
import { withAdditions } from '../shared/searches/search-query.ts';
import { findSearch, type SearchStore } from '../shared/searches/search.ts';
import { addressOf, authenticated, pathParameter, type Call, type HttpDeps } from './http.ts';

interface SearchRecordsDeps extends HttpDeps {
  readonly searches: Pick<SearchStore, 'get'>;
  /** What `GET /tenants/{tenantId}/records` answers to a caller. */
  readonly answerRecords: (call: Call) => Promise<HttpResponseInit>;
}

export function listSearchRecordsFunction(deps: SearchRecordsDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['GET'],
    route: 'tenants/{tenantId}/searches/{name}/records',
    async handler({ request, caller }) {
      const id = pathParameter(request, 'tenantId');
      const { tenantId } = await deps.access.openTenant(caller, id, 'records.read');
      const search = await findSearch(deps.searches, tenantId, pathParameter(request, 'name'));
      const query = withAdditions(search.filters, request.query);
      // As if the caller had asked so: nextLink then carries the filters, and pages agree when the search changes.
      const asked = new HttpRequest({
        method: 'GET',
        url: `${addressOf(request, '../../../records')}?${query.toString()}`,
        headers: Object.fromEntries(request.headers),
        params: { tenantId },
      });
      return await deps.answerRecords({ request: asked, caller });
    },
  });
}

/** `GET /tenants/{tenantId}/searches/{name}`: a saved search. */
import type { HttpFunctionOptions } from '@azure/functions';
import { searchTag } from '../shared/searches/change-search.ts';
import { findSearch, publicSearch, type SearchStore } from '../shared/searches/search.ts';
import { authenticated, pathParameter, type HttpDeps } from './http.ts';

export function getSearchFunction(
  deps: HttpDeps & { readonly searches: Pick<SearchStore, 'get'> },
): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['GET'],
    route: 'tenants/{tenantId}/searches/{name}',
    async handler({ request, caller }) {
      const id = pathParameter(request, 'tenantId');
      const { tenantId } = await deps.access.openTenant(caller, id, 'records.read');
      const search = await findSearch(deps.searches, tenantId, pathParameter(request, 'name'));
      return { jsonBody: publicSearch(search), headers: { ETag: searchTag(search) } };
    },
  });
}

/** `GET /tenants/{tenantId}/searches`: the saved searches of a tenant. */
import type { HttpFunctionOptions } from '@azure/functions';
import { publicSearch, type SearchStore } from '../shared/searches/search.ts';
import { authenticated, pathParameter, type HttpDeps } from './http.ts';

export function listSearchesFunction(
  deps: HttpDeps & { readonly searches: Pick<SearchStore, 'list'> },
): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['GET'],
    route: 'tenants/{tenantId}/searches',
    async handler({ request, caller }) {
      const id = pathParameter(request, 'tenantId');
      const { tenantId } = await deps.access.openTenant(caller, id, 'records.read');
      return { jsonBody: { value: (await deps.searches.list(tenantId)).map(publicSearch) } };
    },
  });
}

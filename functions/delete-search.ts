/** `DELETE /tenants/{tenantId}/searches/{name}`: deletes a saved search; one that is not there is success. */
import type { HttpFunctionOptions } from '@azure/functions';
import { deleteSearch } from '../shared/searches/change-search.ts';
import type { SearchStore } from '../shared/searches/search.ts';
import { authenticated, pathParameter, type HttpDeps } from './http.ts';

export function deleteSearchFunction(
  deps: HttpDeps & { readonly searches: SearchStore },
): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['DELETE'],
    route: 'tenants/{tenantId}/searches/{name}',
    async handler({ request, caller }) {
      const id = pathParameter(request, 'tenantId');
      const { tenantId } = await deps.access.openTenant(caller, id, 'records.read');
      const [name, ifMatch] = [pathParameter(request, 'name'), request.headers.get('if-match')];
      await deleteSearch(deps.searches, { tenantId, name, ifMatch });
      return { status: 204 };
    },
  });
}

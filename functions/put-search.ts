/** `PUT /tenants/{tenantId}/searches/{name}`: saves a search. */
import type { HttpFunctionOptions } from '@azure/functions';
import {
  saveSearch,
  searchBodySchema,
  searchTag,
  type ChangeSearchDeps,
} from '../shared/searches/change-search.ts';
import { publicSearch } from '../shared/searches/search.ts';
import { readManagedTenant } from '../shared/tenants/managed.ts';
import type { TenantStore } from '../shared/tenants/tenant.ts';
import { addressOf, authenticated, pathParameter, readBody, type HttpDeps } from './http.ts';

type PutSearchDeps = HttpDeps & ChangeSearchDeps & { readonly tenants: Pick<TenantStore, 'get'> };

export function putSearchFunction(deps: PutSearchDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['PUT'],
    route: 'tenants/{tenantId}/searches/{name}',
    async handler({ request, caller }) {
      const id = pathParameter(request, 'tenantId');
      const opened = await deps.access.openTenant(caller, id, 'records.read');
      const { tenantId } = await readManagedTenant(deps.tenants, opened.tenantId);
      const { search, isNew } = await saveSearch(deps, {
        ...{
          tenantId,
          name: pathParameter(request, 'name'),
          body: await readBody(request, searchBodySchema),
        },
        preconditions: {
          ifMatch: request.headers.get('if-match'),
          ifNoneMatch: request.headers.get('if-none-match'),
        },
      });
      const headers = {
        ETag: searchTag(search),
        ...(isNew ? { Location: addressOf(request, '.').replace(/\/$/, '') } : {}),
      };
      return { status: isNew ? 201 : 200, jsonBody: publicSearch(search), headers };
    },
  });
}

/** `GET /tenants/{tenantId}/enablements/{enablementId}`: the status monitor; always 200. */
import type { HttpFunctionOptions } from '@azure/functions';
import { findEnablement, type EnablementStore } from '../shared/enablement/enablement.ts';
import { publicEnablement } from '../shared/enablement/public-enablement.ts';
import { authenticated, pathParameter, type HttpDeps } from './http.ts';

export function getEnablementFunction(
  deps: HttpDeps & { readonly enablements: EnablementStore },
): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['GET'],
    route: 'tenants/{tenantId}/enablements/{enablementId}',
    async handler({ request, caller }) {
      const tenant = await deps.access.openTenant(caller, pathParameter(request, 'tenantId'), 'records.read');
      const id = pathParameter(request, 'enablementId');
      return { jsonBody: publicEnablement(await findEnablement(deps.enablements, tenant.tenantId, id)) };
    },
  });
}

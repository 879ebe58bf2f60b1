/** `GET /removals/{removalId}`: the status monitor of a removal; always 200. */
import type { HttpFunctionOptions } from '@azure/functions';
import { findRemoval, publicRemoval, type RemovalStore } from '../shared/tenants/removal.ts';
import { authenticated, pathParameter, type HttpDeps } from './http.ts';

export function getRemovalFunction(
  deps: HttpDeps & { readonly removals: RemovalStore },
): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['GET'],
    route: 'removals/{removalId}',
    async handler({ request, caller }) {
      deps.access.requireAllTenants(caller, 'tenants.manage');
      const removal = await findRemoval(deps.removals, pathParameter(request, 'removalId'));
      return { jsonBody: publicRemoval(removal) };
    },
  });
}

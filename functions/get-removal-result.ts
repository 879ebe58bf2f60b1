/** `GET /removals/{removalId}/result`: 202 while it runs, then 200 with what was deleted. */
import type { HttpFunctionOptions } from '@azure/functions';
import { findRemoval, publicRemoval, type RemovalStore } from '../shared/tenants/removal.ts';
import { addressOf, authenticated, pathParameter, type HttpDeps } from './http.ts';

export function getRemovalResultFunction(
  deps: HttpDeps & { readonly removals: RemovalStore },
): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['GET'],
    route: 'removals/{removalId}/result',
    async handler({ request, caller }) {
      deps.access.requireAllTenants(caller, 'tenants.manage');
      const removal = await findRemoval(deps.removals, pathParameter(request, 'removalId'));
      const jsonBody = publicRemoval(removal);
      if (removal.status === 'Succeeded') return { status: 200, jsonBody };
      const headers = { Location: addressOf(request, '../result'), 'Retry-After': '10' };
      return { status: 202, jsonBody, headers };
    },
  });
}

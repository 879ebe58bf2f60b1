/** `GET /tenants/{tenantId}/posture`: how auditing stands, what is wrong, what became worse, and its history. */
import type { HttpFunctionOptions } from '@azure/functions';
import { driftOf, problemsOf, type PostureStore } from '../shared/enablement/posture.ts';
import { authenticated, pathParameter, type HttpDeps } from './http.ts';

/** Days of history in an answer. */
const historyDays = 30;

export function getPostureFunction(
  deps: HttpDeps & { readonly postures: PostureStore },
): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['GET'],
    route: 'tenants/{tenantId}/posture',
    async handler({ request, caller }) {
      const tenant = await deps.access.openTenant(caller, pathParameter(request, 'tenantId'), 'records.read');
      const postures = await deps.postures.list(tenant.tenantId, historyDays);
      const value = postures.map((posture, index) => {
        const before = postures[index + 1];
        return {
          ...posture,
          problems: problemsOf(posture),
          drift: before === undefined ? [] : driftOf(before, posture),
        };
      });
      return { jsonBody: { value } };
    },
  });
}

/** `GET …/enablements/{enablementId}/result`: 202 while it runs, then what came of it: 200, or 422 if all failed. */
import type { HttpFunctionOptions, HttpResponseInit } from '@azure/functions';
import {
  findEnablement,
  isFinished,
  type Enablement,
  type EnablementStore,
} from '../shared/enablement/enablement.ts';
import { publicEnablement } from '../shared/enablement/public-enablement.ts';
import { addressOf, authenticated, pathParameter, type HttpDeps } from './http.ts';

export function getEnablementResultFunction(
  deps: HttpDeps & { readonly enablements: EnablementStore },
): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['GET'],
    route: 'tenants/{tenantId}/enablements/{enablementId}/result',
    async handler({ request, caller }) {
      const tenant = await deps.access.openTenant(caller, pathParameter(request, 'tenantId'), 'records.read');
      const id = pathParameter(request, 'enablementId');
      const enablement = await findEnablement(deps.enablements, tenant.tenantId, id);
      if (isFinished(enablement)) return resultOf(enablement);
      const headers = { Location: addressOf(request, '../result'), 'Retry-After': '10' };
      return { status: 202, jsonBody: publicEnablement(enablement), headers };
    },
  });
}

/** Partial success is success with steps to look at; a flow must not repeat either of them by itself. */
function resultOf(enablement: Enablement): HttpResponseInit {
  const jsonBody = publicEnablement(enablement);
  if (enablement.status !== 'Failed') return { status: 200, jsonBody };
  const failed = enablement.steps.filter((step) => step.status === 'Failed');
  const details = failed.map(({ name, errorCode, errorMessage }) => ({
    code: errorCode,
    message: errorMessage,
    target: name,
  }));
  const message = details[0]?.message ?? 'Nothing of what was asked for could be done.';
  return { status: 422, jsonBody: { error: { code: 'EnablementFailed', message, details } } };
}

/** `POST /tenants/{tenantId}/enablements`: makes auditing right in a tenant, as a long-running operation. */
import type { HttpFunctionOptions, HttpResponseInit } from '@azure/functions';
import { acceptedHeaders, type ResultLinkDeps } from '../shared/access/result-link.ts';
import { enablementRequestSchema } from '../shared/enablement/enablement.ts';
import { publicEnablement } from '../shared/enablement/public-enablement.ts';
import {
  EnablementInProgressError,
  startEnablement,
  type StartEnablementDeps,
} from '../shared/enablement/start-enablement.ts';
import { RequestError } from '../shared/errors.ts';
import { readManagedTenant } from '../shared/tenants/managed.ts';
import type { TenantStore } from '../shared/tenants/tenant.ts';
import { addressOf, authenticated, pathParameter, readBody, type Call, type HttpDeps } from './http.ts';

export type StartEnablementFunctionDeps = HttpDeps &
  StartEnablementDeps &
  ResultLinkDeps & { readonly tenants: TenantStore };

export function startEnablementFunction(deps: StartEnablementFunctionDeps): HttpFunctionOptions {
  return authenticated(deps, {
    methods: ['POST'],
    route: 'tenants/{tenantId}/enablements',
    handler: (call) => answerStart(deps, call),
  });
}

async function answerStart(deps: StartEnablementFunctionDeps, call: Call): Promise<HttpResponseInit> {
  const { request, caller } = call;
  const opened = await deps.access.openTenant(caller, pathParameter(request, 'tenantId'), 'auditing.enable');
  const tenant = await readManagedTenant(deps.tenants, opened.tenantId);
  const wanted = await readBody(request, enablementRequestSchema);
  try {
    const enablement = await startEnablement(deps, tenant.tenantId, wanted);
    const { tenantId, enablementId: id } = enablement;
    const headers = acceptedHeaders(
      deps,
      call,
      { tenantId, kind: 'enablements', id },
      addressOf(request, id),
    );
    return { status: 202, jsonBody: publicEnablement(enablement), headers };
  } catch (error) {
    if (!(error instanceof EnablementInProgressError)) throw error;
    const { status, code, message, enablementId } = error;
    const headers = { Location: addressOf(request, enablementId) };
    throw new RequestError(status, code, message, { headers, cause: error });
  }
}
